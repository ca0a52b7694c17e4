import type { LivestormClient, RegistrationAnswer } from '../clients/livestorm.ts';
import type { Call, Outcome, Registrant } from '../domain.ts';
import { RefusedError } from '../errors.ts';
import type { Effect } from '../store/effects.ts';
import type { Registration } from '../store/registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { EffectHandler, Ending } from './apply.ts';
import { closedBecause, fitToForm } from './plan-registrations.ts';
import {
  closedNow,
  concluding,
  type EndingParts,
  findInSession,
  isListed,
  type Subject,
  skipping,
  subject,
  without,
} from './registration-endings.ts';
import { REGISTRATION_SETTLE, type RegistrationPayload } from './want-registration.ts';

/** Registers one person; the kind is that of somebody who submitted just now. */
export function registrationHandler(parts: EndingParts): EffectHandler<unknown> {
  const { store, clock } = parts;
  return {
    kind: 'livestorm_registration',
    work: 'registrations',
    parallel: 3,
    settleMs: REGISTRATION_SETTLE,
    precheck: (effect) => notWanted(parts, subject(store, effect)),
    // Posting again would be refused as a duplicate; looking first also holds where duplicates are not refused.
    readBack: (effect, call) => lookFor(parts, effect, call),
    send: (effect, call) => register(parts, subject(store, effect), call),
    // A refusal is most often the session's: it has ended or was canceled since it was last read.
    refused: async (effect, _error, call) => {
      const { registration, session } = subject(store, effect);
      const closed = await closedNow(parts, session.id, call);
      return closed ? skipping(parts, registration, closed) : null;
    },
    gaveUp: (effect, problem) => {
      const { registration } = subject(store, effect);
      store.registrations.conclude(registration, { outcome: 'dead', detail: problem.message }, clock.now());
    },
    parked: (reason) => {
      // A vendor that needs a breath is no outcome: they are on the way.
      if (reason === 'circuit' || reason === 'rate') return;
      store.registrations.markParked(reason === 'auth' ? 'auth_parked' : 'quota_parked', clock.now());
    },
  };
}

/** Why nothing is sent for this person any more; null when the registration is still wanted. */
function notWanted(parts: EndingParts, { registration, session }: Subject): Ending | null {
  const closed = closedBecause(session);
  if (registration.outcome === 'moved') return { state: 'skipped', reason: 'moved' };
  if (closed && closed !== 'session_not_published') return skipping(parts, registration, closed);
  return parts.store.registrants.isTeamMember(registration.emailKey)
    ? skipping(parts, registration, 'team_member')
    : null;
}

/**
 * Asks Livestorm: the people list as last read may be from before they left. Nobody can look into a session that is
 * deleted: there what was known last stays.
 */
async function lookFor(parts: EndingParts, effect: Effect, call: Call): Promise<Ending | null> {
  const { registration, session } = subject(parts.store, effect);
  const { before } = effect.payload as RegistrationPayload;
  const ended = (outcome: Outcome, personId?: string): Ending => ({
    state: 'done',
    reason: outcome,
    record: concluding(parts, registration, { outcome, personId: personId ?? null }),
  });
  if (session.goneAtMs !== null) return before ? ended(before) : null;
  const found = await findInSession(parts, registration, call).catch(async (error: unknown) => {
    // Deleted since it was last read: the next look knows.
    if (error instanceof RefusedError && error.status === 404) await closedNow(parts, session.id, call);
    throw error;
  });
  if (!found) return null;
  if (found.role === 'team_member') return ended('team_member', found.personId);
  // Whoever was there before they asked for it is no doing of ours, unless they were registered by us.
  const wasThere = found.registeredAtMs < registration.requestedAtMs;
  return ended(wasThere ? (before ?? 'already_registered') : 'registered', found.personId);
}

/** Whom Livestorm says to be there: as last read, else by one call. Null when nobody is found. */
async function find(
  parts: EndingParts,
  registration: Registration,
  call: Call,
): Promise<{ readonly role: Registrant['role']; readonly personId: string } | null> {
  const { store } = parts;
  const { sessionId, emailKey } = registration;
  const known = isListed(store, registration) ? store.registrants.get(sessionId, emailKey) : undefined;
  return known ?? (await findInSession(parts, registration, call));
}

async function register(parts: EndingParts, { registration, session }: Subject, call: Call): Promise<Ending> {
  const { answer, dropped, refused } = await sendFields(parts.livestorm, registration, session, call);
  // The team of a session need not have been read yet.
  const there = answer.result === 'already_registered' ? await find(parts, registration, call) : null;
  const outcome = there?.role === 'team_member' ? 'team_member' : outcomeOf(answer, refused.length > 0);
  const detail = without([...dropped, ...refused]);
  const personId = answer.result === 'registered' ? answer.personId : (there?.personId ?? null);
  const record = concluding(parts, registration, { outcome, detail, personId });
  return { state: outcome === 'dead' ? 'dead' : 'done', reason: outcome, record };
}

/**
 * Registers with the mapped fields that the event's form has. A field that Livestorm does not know after all is left
 * out and the rest sent once more; if another is unknown then, the e-mail address goes alone.
 */
async function sendFields(
  livestorm: LivestormClient,
  { email, fields }: Registration,
  session: KnownSession,
  call: Call,
): Promise<{ answer: RegistrationAnswer; dropped: string[]; refused: string[] }> {
  const { fitting, dropped } = fitToForm(fields, session.event?.fields ?? []);
  const send = (remaining: typeof fitting) => livestorm.register(session.id, { ...remaining, email }, call);
  const answer = await send(fitting);
  if (answer.result !== 'unknown_field' || answer.fieldId === 'email')
    return { answer, dropped, refused: [] };
  const { [answer.fieldId ?? '']: unknown, ...others } = fitting;
  if (answer.fieldId !== null && unknown !== undefined) {
    const second = await send(others);
    if (second.result !== 'unknown_field') return { answer: second, dropped, refused: [answer.fieldId] };
  }
  return { answer: await send({}), dropped, refused: Object.keys(fitting) };
}

function outcomeOf(answer: RegistrationAnswer, hadUnknownField: boolean): Outcome {
  switch (answer.result) {
    case 'already_registered':
      return 'already_registered';
    case 'unknown_field':
      return 'dead';
    case 'registered':
      if (answer.role === 'team_member') return 'team_member';
      return hadUnknownField ? 'field_unknown' : 'registered';
  }
}
