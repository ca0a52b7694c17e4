/** What the stored records mean at this moment. Time moves things here, and nowhere else. */
import type {
  EventRecord,
  Presence,
  Registration,
  SchedulingStatus,
  SessionRecord,
  SessionStatus,
} from './model.ts';
import { eventOf, type State, sessionsOf } from './state.ts';

const MINUTE = 60_000;

/** vendor sheet §5.2: an upcoming session whose time has passed without a start is `past_not_started`. */
export function sessionStatus(state: State, session: SessionRecord): SessionStatus {
  const missed = session.phase === 'upcoming' && state.clock.now() >= plannedEndMs(state, session);
  return missed ? 'past_not_started' : session.phase;
}

export function sessionUpdatedAtMs(state: State, session: SessionRecord): number {
  const touched =
    state.switches.notStartedTouches && sessionStatus(state, session) === 'past_not_started'
      ? plannedEndMs(state, session)
      : 0;
  return Math.max(session.updatedAtMs, touched);
}

function plannedEndMs(state: State, session: SessionRecord): number {
  return session.startsAtMs + eventOf(state, session).estimatedDurationMinutes * MINUTE;
}

/** Whole seconds from start to end; null until ended. */
export function sessionDurationSeconds(session: SessionRecord): number | null {
  if (session.startedAtMs === null || session.endedAtMs === null) return null;
  return Math.round((session.endedAtMs - session.startedAtMs) / 1000);
}

/** The first of these that any session of the event has decides the event's status. */
const PRECEDENCE: readonly (readonly [SessionStatus, SchedulingStatus])[] = [
  ['live', 'live'],
  ['on_demand', 'on_demand'],
  ['upcoming', 'upcoming'],
  ['past', 'ended'],
  ['past_not_started', 'not_started'],
  ['canceled', 'cancelled'],
];

/** vendor sheet §5.1: a current value, following the sessions unless it was set by hand. */
export function schedulingStatus(state: State, event: EventRecord): SchedulingStatus {
  if (event.schedulingOverride) return event.schedulingOverride;
  if (event.publishedAtMs === null) return 'draft';
  const statuses = new Set(
    sessionsOf(state, event.id)
      .filter((session) => session.breakoutOf === null)
      .map((session) => sessionStatus(state, session)),
  );
  return PRECEDENCE.find(([status]) => statuses.has(status))?.[1] ?? 'not_scheduled';
}

/** One person's attendance as the API shows it now. */
export interface AttendanceReading extends Presence {
  readonly attended: boolean;
  /** 0 to 100; null while nothing is shown and for who did not come. */
  readonly rate: number | null;
  /** When what is shown last changed; 0 for who is shown as absent. */
  readonly changedAtMs: number;
}

const NOTHING: Presence = { durationSeconds: 0, messages: 0, questions: 0 };

/** vendor sheet §7 and §12: nothing until some minutes after the end, then first figures, then the final ones. */
export function attendanceReading(
  state: State,
  session: SessionRecord,
  registration: Registration,
): AttendanceReading {
  const { attendanceLagMs: lagMs, attendanceCorrectionMs: correctionMs } = state.switches;
  const hidden = { ...NOTHING, attended: false, rate: null, changedAtMs: 0 };
  if (session.endedAtMs === null || lagMs === null) return hidden;
  const shownAtMs = session.endedAtMs + lagMs;
  const finalAtMs = Math.max(shownAtMs, session.endedAtMs + (correctionMs ?? 0));
  const now = state.clock.now();
  if (now < shownAtMs) return hidden;
  const isFinal = now >= finalAtMs;
  const shown = isFinal ? registration.presence : firstShown(registration);
  if (!shown) return hidden;
  const total = sessionDurationSeconds(session) ?? 0;
  const rate = total > 0 ? Math.min(100, Math.round((shown.durationSeconds / total) * 1000) / 10) : null;
  return { ...shown, attended: true, rate, changedAtMs: isFinal ? finalAtMs : shownAtMs };
}

function firstShown(registration: Registration): Presence | null {
  const final = registration.presence;
  if (!final || registration.firstShown === 'absent') return null;
  return { ...final, durationSeconds: Math.floor(final.durationSeconds * 0.9), ...registration.firstShown };
}

/** `registrant_detail.updated_at`. */
export function registrationUpdatedAtMs(
  state: State,
  session: SessionRecord,
  registration: Registration,
): number {
  return Math.max(registration.updatedAtMs, attendanceReading(state, session, registration).changedAtMs);
}

export function attendeesCount(state: State, session: SessionRecord): number {
  if (session.endedAtMs === null) return 0;
  let count = 0;
  for (const registration of session.registrations.values()) {
    if (attendanceReading(state, session, registration).attended) count++;
  }
  return count;
}
