import type { Random, SandboxClock } from '../kernel/clock.ts';
import { dismiss, enroll, registrationOf, seatExtraPeople } from './enrollment.ts';
import type {
  EventRecord,
  FieldValue,
  FormField,
  Presence,
  Registration,
  SchedulingStatus,
  SessionPhase,
  SessionRecord,
} from './model.ts';
import { dropSession, emptyState, type State, sessionsOf } from './state.ts';
import type { LivestormSwitches } from './switches.ts';
import {
  type EventView,
  type PersonView,
  type SessionView,
  viewEvent,
  viewPerson,
  viewSession,
} from './views.ts';

export type { EventView, PersonView, SessionView } from './views.ts';

const DEFAULT_FORM: readonly FormField[] = [
  { id: 'email', required: true },
  { id: 'first_name' },
  { id: 'last_name' },
];

export interface NewEvent {
  readonly title: string;
  /** E-mail, first and last name when absent. */
  readonly fields?: readonly FormField[];
  /** True when absent. */
  readonly published?: boolean;
  /** 60 when absent. */
  readonly estimatedDurationMinutes?: number;
}

export interface NewSession {
  readonly startsAtMs: number;
  /** `Europe/Paris` when absent. */
  readonly timezone?: string;
  readonly name?: string;
  /** Parent session id: this one is a breakout room. */
  readonly breakoutOf?: string;
}

export interface PageRegistration {
  readonly email: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

export interface Stay {
  readonly durationSeconds: number;
  readonly messages?: number;
  readonly questions?: number;
  /** What the API shows before the correction; nine tenths of the duration when absent. */
  readonly firstShown?: Partial<Presence> | 'absent';
}

/**
 * A Livestorm workspace as people see it in the product: what they do, and what they can look at. Instants are
 * epoch milliseconds. Actions on unknown ids, or in a state the product would not offer them in, throw.
 */
export class LivestormWorld {
  /** For the API's routes; tests look through the views. */
  readonly state: State;

  constructor(parts: { clock: SandboxClock; random: Random; switches: LivestormSwitches }) {
    this.state = emptyState(parts);
  }

  createEvent(input: NewEvent): EventView {
    const now = this.#now();
    const event: EventRecord = {
      id: this.state.random.uuid(),
      title: input.title,
      publishedAtMs: (input.published ?? true) ? now : null,
      schedulingOverride: null,
      estimatedDurationMinutes: input.estimatedDurationMinutes ?? 60,
      fields: input.fields ?? DEFAULT_FORM,
      createdAtMs: now,
      updatedAtMs: now,
    };
    this.state.events.set(event.id, event);
    return viewEvent(this.state, event);
  }

  /** Its draft sessions become upcoming. */
  publishEvent(eventId: string): void {
    const event = this.#event(eventId);
    event.publishedAtMs = event.updatedAtMs = this.#now();
    for (const session of sessionsOf(this.state, eventId)) {
      if (session.phase === 'draft') this.#move(session, 'upcoming');
    }
  }

  renameEvent(eventId: string, title: string): void {
    const event = this.#event(eventId);
    event.title = title;
    event.updatedAtMs = this.#now();
  }

  /** Fixes the event's scheduling status whatever its sessions do; null lets it follow them again. */
  setSchedulingStatus(eventId: string, status: SchedulingStatus | null): void {
    const event = this.#event(eventId);
    event.schedulingOverride = status;
    event.updatedAtMs = this.#now();
  }

  /** A session of a draft event is a draft, else upcoming. */
  createSession(eventId: string, input: NewSession): SessionView {
    const now = this.#now();
    const session: SessionRecord = {
      id: this.state.random.uuid(),
      eventId,
      name: input.name ?? null,
      timezone: input.timezone ?? 'Europe/Paris',
      phase: this.#event(eventId).publishedAtMs === null ? 'draft' : 'upcoming',
      startsAtMs: input.startsAtMs,
      startedAtMs: null,
      endedAtMs: null,
      canceledAtMs: null,
      createdAtMs: now,
      updatedAtMs: now,
      breakoutOf: input.breakoutOf ?? null,
      registrations: new Map(),
      confirmations: new Map(),
    };
    this.state.sessions.set(session.id, session);
    if (this.state.switches.extraPeople) seatExtraPeople(this.state, session);
    return viewSession(this.state, session);
  }

  /** The host may come late: a `past_not_started` session can still start. */
  startSession(sessionId: string): void {
    const session = this.#sessionIn(sessionId, ['upcoming']);
    session.startedAtMs = this.#now();
    this.#move(session, 'live');
  }

  /** Team members, speakers and anonymous people count as having stayed throughout. */
  endSession(sessionId: string): void {
    const session = this.#sessionIn(sessionId, ['live']);
    const now = this.#now();
    session.endedAtMs = now;
    const durationSeconds = Math.round((now - (session.startedAtMs ?? now)) / 1000);
    for (const registration of session.registrations.values()) {
      if (registration.registeredBy !== 'workspace' || registration.presence) continue;
      registration.presence = { durationSeconds, messages: 0, questions: 0 };
    }
    this.#move(session, 'past');
  }

  cancelSession(sessionId: string): void {
    const session = this.#sessionIn(sessionId, ['upcoming', 'draft']);
    session.canceledAtMs = this.#now();
    this.#move(session, 'canceled');
  }

  reschedule(sessionId: string, startsAtMs: number): void {
    const session = this.#session(sessionId);
    session.startsAtMs = startsAtMs;
    session.updatedAtMs = this.#now();
  }

  /** With its breakout rooms, registrations and statistics. */
  deleteSession(sessionId: string): void {
    dropSession(this.state, this.#session(sessionId).id);
  }

  /** From now on the recording can be watched on demand, and people may register for it. */
  makeOnDemand(sessionId: string): void {
    this.#move(this.#sessionIn(sessionId, ['upcoming', 'past']), 'on_demand');
  }

  /**
   * Through Livestorm's own page, also for a finished session, as with on-demand switched on (vendor sheet §7).
   * Who is registered already stays so, and gets no second e-mail.
   */
  registerOnPage(sessionId: string, input: PageRegistration): PersonView {
    const session = this.#sessionIn(sessionId, ['upcoming', 'live', 'past', 'on_demand']);
    const fields: Record<string, FieldValue> = { ...input.fields, email: input.email };
    if (input.firstName !== undefined) fields.first_name = input.firstName;
    if (input.lastName !== undefined) fields.last_name = input.lastName;
    const registration =
      registrationOf(this.state, session, input.email) ??
      enroll(this.state, session, this.state.contacts.obtain(input.email, this.#now()), {
        registeredBy: 'page',
        fields,
      });
    return viewPerson(session, registration);
  }

  /** In the product: out of all sessions of the event, with statistics (vendor sheet §4.3). */
  unregister(sessionId: string, email: string): void {
    const session = this.#session(sessionId);
    dismiss(this.state, session, this.#registration(session, email).person.id, 'event');
  }

  /** The person was there; several stays of one person add up. The session must have started. */
  join(sessionId: string, email: string, stay: Stay): void {
    const session = this.#session(sessionId);
    if (session.startedAtMs === null) throw new Error(`session ${sessionId} has not started`);
    const registration = this.#registration(session, email);
    const before = registration.presence ?? { durationSeconds: 0, messages: 0, questions: 0 };
    registration.presence = {
      durationSeconds: before.durationSeconds + stay.durationSeconds,
      messages: before.messages + (stay.messages ?? 0),
      questions: before.questions + (stay.questions ?? 0),
    };
    if (stay.firstShown !== undefined) registration.firstShown = stay.firstShown;
  }

  watchReplay(sessionId: string, email: string): void {
    const registration = this.#registration(this.#session(sessionId), email);
    registration.replayWatchedAtMs = this.#now();
    if (this.state.switches.replayTouches) registration.updatedAtMs = this.#now();
  }

  event(eventId: string): EventView {
    return viewEvent(this.state, this.#event(eventId));
  }

  events(): EventView[] {
    return [...this.state.events.values()].map((event) => viewEvent(this.state, event));
  }

  session(sessionId: string): SessionView {
    return viewSession(this.state, this.#session(sessionId));
  }

  sessions(): SessionView[] {
    return [...this.state.sessions.values()].map((session) => viewSession(this.state, session));
  }

  /** Everybody in the session in the order of registration, with what really happened. */
  people(sessionId: string): PersonView[] {
    const session = this.#session(sessionId);
    return [...session.registrations.values()].map((registration) => viewPerson(session, registration));
  }

  /** Confirmation e-mails this address got for the session, also when it is no longer registered. */
  confirmationsSent(sessionId: string, email: string): number {
    const person = this.state.contacts.byEmail(email);
    return (person && this.#session(sessionId).confirmations.get(person.id)) ?? 0;
  }

  #now(): number {
    return this.state.clock.now();
  }

  #event(id: string): EventRecord {
    const event = this.state.events.get(id);
    if (!event) throw new Error(`no event ${id}`);
    return event;
  }

  #session(id: string): SessionRecord {
    const session = this.state.sessions.get(id);
    if (!session) throw new Error(`no session ${id}`);
    return session;
  }

  #sessionIn(id: string, phases: readonly SessionPhase[]): SessionRecord {
    const session = this.#session(id);
    if (!phases.includes(session.phase)) throw new Error(`session ${id} is ${session.phase}`);
    return session;
  }

  #registration(session: SessionRecord, email: string): Registration {
    const registration = registrationOf(this.state, session, email);
    if (!registration) throw new Error(`${email} is not registered in session ${session.id}`);
    return registration;
  }

  #move(session: SessionRecord, phase: SessionPhase): void {
    session.phase = phase;
    session.updatedAtMs = this.#now();
  }
}
