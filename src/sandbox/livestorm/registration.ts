import { confirm, enroll } from './enrollment.ts';
import type { PersonRecord, Registration, SessionRecord } from './model.ts';
import type { Application } from './payload.ts';
import { sessionStatus } from './readings.ts';
import { Refusal } from './refusal.ts';
import { eventOf, type State } from './state.ts';

/** The outcome matrix of vendor sheet §6.2, for one person: the row, or a `Refusal`. */
export function register(
  state: State,
  session: SessionRecord,
  application: Application,
  through: 'api' | 'bulk',
): Registration {
  refuseByStatus(state, session);
  refuseUnknownFields(state, session, application);
  const person = applicant(state, session, application);
  const existing = session.registrations.get(person.id);
  if (existing) return repeat(state, session, existing, through);
  return enroll(state, session, person, {
    registeredBy: through,
    fields: Object.fromEntries(application.fields),
    tracking: application.tracking,
  });
}

function refuseByStatus(state: State, session: SessionRecord): void {
  const status = sessionStatus(state, session);
  if (answerFor(state, status) === 422)
    throw new Refusal(422, `Session is ${status}, registration is closed`);
}

function answerFor(state: State, status: ReturnType<typeof sessionStatus>): 201 | 422 {
  switch (status) {
    case 'upcoming':
      return 201;
    case 'live':
      return state.switches.liveSession;
    case 'on_demand':
      return state.switches.onDemandSession;
    default:
      return state.switches.closedSession;
  }
}

/** An address is always understood: there would be no registering for forms without that field otherwise. */
function refuseUnknownFields(state: State, session: SessionRecord, { fields }: Application): void {
  const known = new Set(['email', ...eventOf(state, session).fields.map((field) => field.id)]);
  for (const id of fields.keys()) {
    if (!known.has(id)) throw new Refusal(state.switches.unknownField, `The field '${id}' doesn't exist`);
  }
}

/** Who applies. Nobody becomes a contact while being refused. */
function applicant(state: State, session: SessionRecord, application: Application): PersonRecord {
  const flat = state.switches.flatEmail ? application.flatEmail : null;
  const email = application.fields.get('email') ?? flat;
  const now = state.clock.now();
  if (!email) {
    if (!acceptsNameless(state, session)) throw new Refusal(state.switches.badEmail, "Email can't be blank");
    refuseOverAllowance(state);
    return state.contacts.anonymous(now);
  }
  if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw new Refusal(state.switches.badEmail, 'Email is invalid');
  }
  const known = state.contacts.byEmail(email);
  if (!known || !session.registrations.has(known.id)) refuseOverAllowance(state);
  return state.contacts.obtain(email, now);
}

function acceptsNameless(state: State, session: SessionRecord): boolean {
  const hasEmailField = eventOf(state, session).fields.some((field) => field.id === 'email');
  return state.switches.anonymousWithoutEmailField && !hasEmailField;
}

function refuseOverAllowance(state: State): void {
  const { contactAllowance } = state.switches;
  if (contactAllowance !== null && state.contactsUsed >= contactAllowance) {
    throw new Refusal(402, 'You have reached the active contacts allowance of your plan, please upgrade');
  }
}

function repeat(
  state: State,
  session: SessionRecord,
  existing: Registration,
  through: 'api' | 'bulk',
): Registration {
  if (state.switches.duplicate === 201) {
    confirm(session, existing.person);
    return existing;
  }
  const detail = through === 'bulk' ? 'Email has already been invited' : 'Email has already been registered';
  throw new Refusal(state.switches.duplicate, detail);
}
