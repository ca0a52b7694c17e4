import { isoSeconds, MINUTE } from '../clock.ts';
import { emailKey, OUTCOMES, type Outcome, type Registrant } from '../domain.ts';
import type { Decision } from '../reconcile/plan-registrations.ts';
import type { KnownRegistrant } from '../store/registrants.ts';
import type { Registration } from '../store/registrations.ts';
import type { KnownSubmission } from '../store/submissions.ts';
import { REGISTERED } from './answer.ts';

/** A submission that leads to the session, with what the state knows of it. */
export interface Expected {
  readonly activityId: number;
  readonly createdAtMs: number;
  readonly prospectId: number | null;
  /** As at first sight; null when there is none. */
  readonly email: string | null;
  /** What the service has made of it; undefined when it never read it. */
  readonly known: KnownSubmission | undefined;
  /** What it would make of it now. */
  readonly decision: Decision;
}

export interface SessionSides {
  readonly expected: readonly Expected[];
  /** The people list, as read just now. */
  readonly registrants: readonly Registrant[];
  readonly registrationOf: (emailKey: string) => Registration | undefined;
  readonly lastReadOf: (emailKey: string) => KnownRegistrant | undefined;
}

/** Somebody who submitted and is not in Livestorm's people list. */
export interface Missing {
  readonly activityId: number;
  readonly prospectId: number | null;
  readonly email: string | null;
  readonly reason: Outcome | 'on_its_way' | 'too_new' | 'unregistered' | 'never_read' | 'lost';
  readonly text: string;
}

export interface Difference {
  /** People who submitted, each counted once. */
  readonly submitted: number;
  readonly registered: number;
  readonly missing: readonly Missing[];
  /** In the people list without a submission. */
  readonly direct: number;
  /** Registered by the service for an earlier submission, or moved here. */
  readonly byService: number;
  /** All of them, whether they submitted or not. */
  readonly teamMembers: number;
  readonly speakers: number;
  readonly anonymous: number;
  /** In the people list although an admin moved them to another session. */
  readonly movedButThere: number;
}

/** Nobody can say why. */
export function isUnexplained({ reason }: Pick<Missing, 'reason'>): boolean {
  return reason === 'never_read' || reason === 'lost';
}

/** What Account Engagement shows late is read late (pardot.md §2.4). */
const TOO_NEW = 5 * MINUTE;

/** Who submitted for one session and who is registered in it: every difference, each with its reason. */
export function compareSides(sides: SessionSides, nowMs: number): Difference {
  const { registrants, registrationOf } = sides;
  const keyed = registrants.map((registrant) => [emailKey(registrant.email), registrant] as const);
  const team = new Set(keyed.flatMap(([key, { role }]) => (role === 'team_member' ? key : [])));
  const listed = new Map(keyed.filter(([key]) => !team.has(key)));
  const people = newestByPerson(sides.expected);
  const absent = [...people].filter(([key]) => !listed.has(key));
  const extra = [...listed].filter(([key]) => !people.has(key));
  const plain = extra.filter(([, { isGuestSpeaker, isAnonymous }]) => !isGuestSpeaker && !isAnonymous);
  return {
    submitted: people.size,
    registered: people.size - absent.length,
    missing: absent.map(([key, expected]) => explain(key, expected, sides, team, nowMs)),
    direct: plain.filter(([key]) => registrationOf(key) === undefined).length,
    byService: plain.filter(([key]) => REGISTERED.has(registrationOf(key)?.outcome ?? null)).length,
    teamMembers: team.size,
    speakers: extra.filter(([, { isGuestSpeaker }]) => isGuestSpeaker).length,
    anonymous: extra.filter(([, { isAnonymous }]) => isAnonymous).length,
    movedButThere: [...listed.keys()].filter((key) => registrationOf(key)?.outcome === 'moved').length,
  };
}

/** Whoever has no address yet stands alone, under the number of the submission. */
function newestByPerson(expected: readonly Expected[]): Map<string, Expected> {
  const sorted = expected.toSorted((a, b) => a.createdAtMs - b.createdAtMs || a.activityId - b.activityId);
  return new Map(
    sorted.map((each) => [each.email === null ? `activity ${each.activityId}` : emailKey(each.email), each]),
  );
}

function explain(
  key: string,
  expected: Expected,
  sides: SessionSides,
  team: ReadonlySet<string>,
  nowMs: number,
): Missing {
  const { activityId, prospectId, email, known, decision, createdAtMs } = expected;
  const because = (reason: Missing['reason'], text: string): Missing => ({
    ...{ activityId, prospectId, email, reason, text },
  });
  if (team.has(key)) return because('team_member', OUTCOMES.team_member);
  const registration = sides.registrationOf(key);
  if (registration) return explainRegistration(registration, sides.lastReadOf(key), because);
  if (known?.outcome) return because(known.outcome, OUTCOMES[known.outcome]);
  if (known) return because('on_its_way', 'the submission is read and not decided yet');
  if (nowMs - createdAtMs < TOO_NEW) return because('too_new', 'submitted a moment ago, not read yet');
  if (decision.kind === 'wait') return because('on_its_way', 'no prospect is tied to the submission yet');
  if (decision.kind === 'end' && !decision.outcome.startsWith('session_')) {
    return because(decision.outcome, OUTCOMES[decision.outcome]);
  }
  return because('never_read', 'the service never read this submission');
}

function explainRegistration(
  { outcome, outcomeAtMs }: Registration,
  lastRead: KnownRegistrant | undefined,
  because: (reason: Missing['reason'], text: string) => Missing,
): Missing {
  if (outcome === null) return because('on_its_way', 'the registration is on its way');
  if (!REGISTERED.has(outcome)) return because(outcome, OUTCOMES[outcome]);
  if (lastRead?.goneAtMs) {
    return because(
      'unregistered',
      `taken out of the session in Livestorm, seen ${isoSeconds(lastRead.goneAtMs)}`,
    );
  }
  const at = isoSeconds(outcomeAtMs ?? 0);
  return because(
    'lost',
    `registered ${at}, but not in Livestorm's people list, which nobody has said before`,
  );
}
