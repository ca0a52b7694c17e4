/** What a person looking at the product sees, free of the API's spelling and delays. */
import type {
  EventRecord,
  FieldValue,
  FormField,
  Presence,
  RegisteredBy,
  Registration,
  SchedulingStatus,
  SessionRecord,
  SessionStatus,
} from './model.ts';
import { schedulingStatus, sessionDurationSeconds, sessionStatus, sessionUpdatedAtMs } from './readings.ts';
import type { State } from './state.ts';

export interface EventView {
  readonly id: string;
  readonly title: string;
  readonly published: boolean;
  readonly schedulingStatus: SchedulingStatus;
  readonly estimatedDurationMinutes: number;
  readonly fields: readonly FormField[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface SessionView {
  readonly id: string;
  readonly eventId: string;
  readonly name: string | null;
  readonly timezone: string;
  readonly status: SessionStatus;
  readonly startsAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly canceledAtMs: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** null until ended. */
  readonly durationSeconds: number | null;
  readonly breakoutOf: string | null;
}

/** One row of a session's people tab. */
export interface PersonView {
  readonly personId: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly role: 'participant' | 'team_member';
  readonly isGuestSpeaker: boolean;
  readonly isAnonymous: boolean;
  readonly registeredBy: RegisteredBy;
  readonly registeredAtMs: number;
  readonly fields: Readonly<Record<string, FieldValue | null>>;
  /** What really happened, whatever the API shows yet; null when the person did not come. */
  readonly attendance: Presence | null;
  readonly replayWatchedAtMs: number | null;
  /** How often Livestorm mailed this person that they are registered in this session. */
  readonly confirmationsSent: number;
}

export function viewEvent(state: State, event: EventRecord): EventView {
  return {
    id: event.id,
    title: event.title,
    published: event.publishedAtMs !== null,
    schedulingStatus: schedulingStatus(state, event),
    estimatedDurationMinutes: event.estimatedDurationMinutes,
    fields: event.fields,
    createdAtMs: event.createdAtMs,
    updatedAtMs: event.updatedAtMs,
  };
}

export function viewSession(state: State, session: SessionRecord): SessionView {
  return {
    id: session.id,
    eventId: session.eventId,
    name: session.name,
    timezone: session.timezone,
    status: sessionStatus(state, session),
    startsAtMs: session.startsAtMs,
    startedAtMs: session.startedAtMs,
    endedAtMs: session.endedAtMs,
    canceledAtMs: session.canceledAtMs,
    createdAtMs: session.createdAtMs,
    updatedAtMs: sessionUpdatedAtMs(state, session),
    durationSeconds: sessionDurationSeconds(session),
    breakoutOf: session.breakoutOf,
  };
}

export function viewPerson(session: SessionRecord, registration: Registration): PersonView {
  const { person } = registration;
  return {
    personId: person.id,
    email: person.email,
    firstName: person.firstName,
    lastName: person.lastName,
    role: person.role,
    isGuestSpeaker: registration.isGuestSpeaker,
    isAnonymous: person.isAnonymous,
    registeredBy: registration.registeredBy,
    registeredAtMs: registration.createdAtMs,
    fields: registration.fields,
    attendance: registration.presence,
    replayWatchedAtMs: registration.replayWatchedAtMs,
    confirmationsSent: session.confirmations.get(person.id) ?? 0,
  };
}
