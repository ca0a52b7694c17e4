import { createHash } from 'node:crypto';
import type { Outcome } from '../domain.ts';
import type { Decision } from '../reconcile/plan-registrations.ts';
import type { EffectState } from '../store/effects.ts';
import type { NewRegistration, Registration } from '../store/registrations.ts';

/** What is known of one person who submitted the form and was led to the wrong session. */
export interface MoveCandidate {
  readonly emailKey: string;
  /** What would become of the newest submission, had it led to the right session. */
  readonly decision: Decision;
  /** In the wrong session; undefined when that was closed at once. */
  readonly from: Registration | undefined;
  readonly fromEffect: EffectState | null;
  readonly fromAttempts: number;
  readonly hasAttended: boolean;
  readonly isTeamMember: boolean;
  /** Whether the person came to the wrong session through another form, too. */
  readonly hasOtherForm: boolean;
  /** Whether the person is in another session of the wrong session's event. */
  readonly isElsewhereInEvent: boolean;
  /** Whether the prospect has to stay on the wrong session's list. */
  readonly isListNeeded: boolean;
  /** In the right session. */
  readonly to: Registration | undefined;
}

/** What becomes of the registration in the wrong session. */
export type Leaving =
  /** Taken out in Livestorm. */
  | 'unregister'
  /** An admin has to take the person out in Livestorm. */
  | 'by_hand'
  /** There is nothing to take out. */
  | 'not_there'
  /** The session has taken place: Livestorm keeps it, with its statistics. */
  | 'over'
  /** The person belongs there, too. */
  | 'stays';

export interface MovedPerson {
  readonly emailKey: string;
  /** null: is there, or on the way there. */
  readonly register: NewRegistration | null;
  /** Held by the brake: registered in the right session once they are released. */
  readonly isHeld: boolean;
  readonly leaving: Leaving;
  /** Off the wrong session's list. */
  readonly prospectOffList: number | null;
}

/** Somebody who is not moved, and why. */
export interface LeftAlone {
  readonly emailKey: string;
  readonly because: Outcome | 'on_its_way' | 'session_live';
}

export interface MovePlan {
  readonly people: readonly MovedPerson[];
  readonly leftAlone: readonly LeftAlone[];
  /** The same as long as the same would be done. */
  readonly hash: string;
}

export interface MoveSessions {
  readonly fromId: string;
  readonly toId: string;
  readonly form: string;
  /** `over`: has taken place, or is gone. */
  readonly fromState: 'open' | 'live' | 'over';
  readonly fromListId: number | null;
  readonly toListId: number | null;
}

/** Who is moved how. Whoever is where they belong already is in neither list. */
export function planMove(candidates: readonly MoveCandidate[], sessions: MoveSessions): MovePlan {
  const people: MovedPerson[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const candidate of candidates) {
    const because = keptBack(candidate, sessions);
    if (because) {
      if (because !== 'moved') leftAlone.push({ emailKey: candidate.emailKey, because });
      continue;
    }
    const person = planPerson(candidate, sessions);
    const leaves = candidate.from !== undefined && person.leaving !== 'stays';
    if (person.register !== null || leaves) people.push(person);
  }
  const { fromId, toId, form } = sessions;
  const content = [
    fromId,
    toId,
    form,
    people.map((p) => [p.emailKey, p.register !== null, p.isHeld, p.leaving, p.prospectOffList]),
  ];
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  return { people, leftAlone, hash };
}

function keptBack(candidate: MoveCandidate, { fromState }: MoveSessions): LeftAlone['because'] | null {
  const { decision, from, fromEffect, fromAttempts, isTeamMember, to } = candidate;
  if (isTeamMember || from?.outcome === 'team_member') return 'team_member';
  if (from?.outcome === 'discarded' || from?.outcome === 'forgotten') return from.outcome;
  const isSafelyOpen = (fromEffect === 'pending' || fromEffect === 'parked') && fromAttempts === 0;
  const isOnItsWay = fromEffect !== null && !['done', 'skipped', 'dead'].includes(fromEffect);
  if (isOnItsWay && !isSafelyOpen) return 'on_its_way';
  if (fromState === 'live' && isIn(from)) return 'session_live';
  if (from?.outcome === 'moved' && to !== undefined) return 'moved';
  // Nobody leaves the one session without being in the other, or on the way there.
  if (to?.outcome === 'held' || to?.outcome === 'discarded') return to.outcome;
  if (decision.kind === 'wait') return 'prospect_missing';
  return decision.kind === 'end' && isWantedIn(to) ? decision.outcome : null;
}

function planPerson(candidate: MoveCandidate, sessions: MoveSessions): MovedPerson {
  const { emailKey, decision, from, to, isListNeeded } = candidate;
  const register = isWantedIn(to) && decision.kind === 'register' ? decision.registration : null;
  const leaving = leavingOf(candidate, sessions);
  const isOffList =
    leaving !== 'stays' &&
    !isListNeeded &&
    sessions.fromListId !== null &&
    sessions.fromListId !== sessions.toListId;
  return {
    emailKey,
    register,
    isHeld: register !== null && from?.outcome === 'held',
    leaving,
    prospectOffList: isOffList && isIn(from) ? (from?.prospectId ?? null) : null,
  };
}

function leavingOf(candidate: MoveCandidate, { fromState }: MoveSessions): Leaving {
  const { from, hasAttended, hasOtherForm, isElsewhereInEvent } = candidate;
  // Was there before the form brought them, came through another form as well, or made use of it.
  if (!from) return 'not_there';
  if (from.outcome === 'moved' || hasOtherForm || hasAttended) return 'stays';
  if (from.outcome === 'already_registered') return 'stays';
  if (!isIn(from)) return 'not_there';
  if (fromState === 'over') return 'over';
  return isElsewhereInEvent ? 'by_hand' : 'unregister';
}

const IN: ReadonlySet<Outcome | null> = new Set<Outcome>([
  'registered',
  'already_registered',
  'field_unknown',
]);
/** Ends without the person in the session, after which it may be tried anew. */
const NOT_IN: ReadonlySet<Outcome | null> = new Set<Outcome>([
  'dead',
  'moved',
  'session_ended',
  'session_canceled',
  'session_gone',
  'session_not_published',
]);

function isWantedIn(right: Registration | undefined): boolean {
  return right === undefined || NOT_IN.has(right.outcome);
}

function isIn(registration: Registration | undefined): boolean {
  return registration !== undefined && IN.has(registration.outcome);
}
