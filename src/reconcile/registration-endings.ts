import type { LivestormClient } from '../clients/livestorm.ts';
import type { Clock } from '../clock.ts';
import type { Call, Outcome, Registrant } from '../domain.ts';
import type { Effect } from '../store/effects.ts';
import type { Registration } from '../store/registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import type { Ending } from './apply.ts';
import { closedBecause } from './plan-registrations.ts';

/** What registrations have in common, whether they are sent one by one or in jobs. */
export interface EndingParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly livestorm: LivestormClient;
}

/** Outcomes after which the person is a registrant of the session. */
const IS_IN_SESSION: ReadonlySet<Outcome> = new Set(['registered', 'already_registered', 'field_unknown']);

/** Whom a registration effect is about, and where. */
export interface Subject {
  readonly registration: Registration;
  readonly session: KnownSession;
}

export function subject(store: Store, effect: Effect): Subject {
  const registration = store.registrations.get(effect.sessionId ?? '', effect.emailKey ?? '');
  const session = registration && store.sessions.get(registration.sessionId);
  if (!registration || !session) throw new Error('a registration effect without its registration or session');
  return { registration, session };
}

/** In the people list as last read: registered already, and mailed by nobody any more. */
export function isListed(
  store: Store,
  { sessionId, emailKey }: Pick<Registration, 'sessionId' | 'emailKey'>,
): boolean {
  return store.registrants.get(sessionId, emailKey)?.goneAtMs === null;
}

/** By us, and no reading says that they have left since. */
export function isRegistered(
  store: Store,
  { sessionId, emailKey }: Pick<Registration, 'sessionId' | 'emailKey'>,
): boolean {
  const outcome = store.registrations.get(sessionId, emailKey)?.outcome ?? null;
  const goneAtMs = store.registrants.get(sessionId, emailKey)?.goneAtMs ?? null;
  return outcome !== null && goneAtMs === null && IS_IN_SESSION.has(outcome);
}

/**
 * Asks Livestorm, by every spelling of the address that is known: it may keep addresses as they were typed and mind
 * letter case when it is asked for one (livestorm.md §4.4).
 */
export async function findInSession(
  { store, livestorm }: Pick<EndingParts, 'store' | 'livestorm'>,
  { sessionId, emailKey }: Pick<Registration, 'sessionId' | 'emailKey'>,
  call: Call,
): Promise<Registrant | null> {
  const spellings = [store.registrants, store.registrations].map(
    (people) => people.get(sessionId, emailKey)?.email ?? emailKey,
  );
  for (const spelling of new Set(spellings)) {
    const found = await livestorm.findRegistrant(sessionId, spelling, call);
    if (found) return found;
  }
  return null;
}

/** Writes how it ended for the person, as an `Ending` has it done. */
export function concluding(
  { store, clock }: EndingParts,
  registration: Registration,
  end: { outcome: Outcome; detail?: string | null; personId?: string | null },
): () => void {
  return () => {
    store.registrations.conclude(registration, end, clock.now());
    const { prospectId } = registration;
    if (prospectId === null || !IS_IN_SESSION.has(end.outcome)) return;
    store.sessionProspects.know({ ...registration, prospectId, origin: 'submission' }, clock.now());
  };
}

/** Nothing is sent for this person, or nothing more. */
export function skipping(parts: EndingParts, registration: Registration, outcome: Outcome): Ending {
  return { state: 'skipped', reason: outcome, record: concluding(parts, registration, { outcome }) };
}

/** Fields that were left out, for people to read; null when there are none. */
export function without(fields: readonly string[]): string | null {
  return fields.length > 0 ? `without ${fields.join(', ')}` : null;
}

/** Reads the session once more and says why it takes nobody; null when it is open. */
export async function closedNow(
  { store, clock, livestorm }: EndingParts,
  sessionId: string,
  call: Call,
): Promise<Outcome | null> {
  const now = await livestorm.session(sessionId, call);
  if (now) store.sessions.observe(now, clock.now());
  else store.sessions.observeGone(sessionId, clock.now());
  const seen = store.sessions.get(sessionId);
  return seen ? closedBecause(seen) : null;
}
