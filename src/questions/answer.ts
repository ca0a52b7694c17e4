import { isoSeconds } from '../clock.ts';
import { OUTCOMES, type Outcome } from '../domain.ts';
import type { KnownRegistrant } from '../store/registrants.ts';
import type { Registration } from '../store/registrations.ts';
import type { KnownSession } from '../store/sessions.ts';

/** Outcomes after which the person was in the session. */
export const REGISTERED: ReadonlySet<Outcome | null> = new Set<Outcome>([
  'registered',
  'already_registered',
  'field_unknown',
]);

export interface Answer {
  readonly answer: string;
  readonly outcome: Outcome | null;
  readonly isRegistered: boolean;
}

/** Is the person registered in the session, and if not why: one sentence. */
export function answerFor(facts: {
  readonly registration: Registration | undefined;
  readonly registrant: KnownRegistrant | undefined;
  readonly session: KnownSession | undefined;
  /** What the service will do about the registration. */
  readonly next: string | null;
}): Answer {
  const { registration, registrant, session, next } = facts;
  const outcome = registration?.outcome ?? null;
  const isListed = registrant !== undefined && registrant.goneAtMs === null;
  const detail = registration?.detail ? ` (${registration.detail})` : '';
  const say = (isRegistered: boolean, answer: string): Answer => ({ answer, outcome, isRegistered });
  if (outcome === 'moved') {
    const still = isListed ? ", still in Livestorm's people list" : '';
    return say(false, `not registered: ${OUTCOMES.moved}${detail}${still}`);
  }
  if (registrant?.role === 'team_member') return say(false, OUTCOMES.team_member);
  if (registrant?.goneAtMs)
    return say(
      false,
      `not registered any more: not in the people list since ${isoSeconds(registrant.goneAtMs)}`,
    );
  if (isListed && !registration) return say(true, 'registered, directly in Livestorm');
  if (isListed) return say(true, `${OUTCOMES[outcome ?? 'registered']}${detail}`);
  if (!registration) return say(false, 'not registered: no submission led here');
  if (outcome === null) return say(false, `not registered yet: on its way${next ? `, ${next}` : ''}`);
  if (REGISTERED.has(outcome)) return say(true, `${OUTCOMES[outcome]}${detail}${unread(session)}`);
  if (outcome === 'team_member') return say(false, OUTCOMES.team_member);
  return say(false, `not registered: ${OUTCOMES[outcome]}${detail}${next ? `; ${next}` : ''}`);
}

function unread(session: KnownSession | undefined): string {
  return session?.goneAtMs ? ', but the session no longer exists' : ', not seen in the people list yet';
}
