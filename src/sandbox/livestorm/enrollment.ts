import type { FieldValue, PersonRecord, RegisteredBy, Registration, SessionRecord } from './model.ts';
import { type State, sessionsOf } from './state.ts';

export interface Entry {
  readonly registeredBy: RegisteredBy;
  readonly fields?: Readonly<Record<string, FieldValue | null>>;
  readonly tracking?: Readonly<Record<string, string | null>>;
  readonly isGuestSpeaker?: boolean;
}

/** This person's row in the session, by address under the workspace's rule on letter case. */
export function registrationOf(
  state: State,
  session: SessionRecord,
  email: string,
): Registration | undefined {
  const person = state.contacts.byEmail(email);
  return person && session.registrations.get(person.id);
}

/** Registers the person: one new row and one confirmation e-mail. The caller has ruled out a second row. */
export function enroll(
  state: State,
  session: SessionRecord,
  person: PersonRecord,
  entry: Entry,
): Registration {
  const now = state.clock.now();
  const registration: Registration = {
    person,
    sessionId: session.id,
    registeredBy: entry.registeredBy,
    isGuestSpeaker: entry.isGuestSpeaker ?? false,
    createdAtMs: now,
    updatedAtMs: now,
    fields: entry.fields ?? {},
    tracking: entry.tracking ?? {},
    passwordKey: person.role === 'team_member' ? null : state.random.uuid().replaceAll('-', ''),
    presence: null,
    firstShown: null,
    replayWatchedAtMs: null,
  };
  session.registrations.set(person.id, registration);
  if (entry.registeredBy === 'workspace') return registration;
  state.contactsUsed++;
  rename(person, registration.fields, now);
  confirm(session, person);
  if (state.switches.registrationTouchesSession) session.updatedAtMs = now;
  return registration;
}

/** Sends the confirmation e-mail (again). */
export function confirm(session: SessionRecord, person: PersonRecord): void {
  session.confirmations.set(person.id, (session.confirmations.get(person.id) ?? 0) + 1);
}

/** The newest registration names the contact. */
function rename(person: PersonRecord, fields: Registration['fields'], now: number): void {
  const first = fields.first_name;
  const last = fields.last_name;
  if (typeof first === 'string') person.firstName = first;
  if (typeof last === 'string') person.lastName = last;
  if (first || last) person.updatedAtMs = now;
}

/** The people that every session has without registering (vendor sheet §12). */
export function seatExtraPeople(state: State, session: SessionRecord): void {
  const now = state.clock.now();
  const speaker = state.contacts.obtain('speaker@guest.example', now);
  speaker.firstName = 'Gus';
  speaker.lastName = 'Guest';
  enroll(state, session, state.contacts.owner, { registeredBy: 'workspace' });
  enroll(state, session, speaker, { registeredBy: 'workspace', isGuestSpeaker: true });
  enroll(state, session, state.contacts.anonymous(now), { registeredBy: 'workspace' });
}

/** Takes the person out, with statistics. Scope `event`: out of all its sessions (vendor sheet §4.3). */
export function dismiss(
  state: State,
  session: SessionRecord,
  personId: string,
  scope: 'session' | 'event',
): void {
  const sessions = scope === 'event' ? sessionsOf(state, session.eventId) : [session];
  for (const each of sessions) each.registrations.delete(personId);
}
