import { emailKey, type Outcome } from '../domain.ts';
import { closedBecause, decide, type RegistrationRules } from '../reconcile/plan-registrations.ts';
import type { SessionLink } from '../store/links.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import type { KnownSubmission } from '../store/submissions.ts';
import {
  type MoveCandidate,
  type MovedPerson,
  type MovePlan,
  type MoveSessions,
  planMove,
} from './plan-move.ts';

export interface MoveRequest {
  /** `form:ID`, `form_handler:ID` or `landing_page:ID`. */
  readonly form: string;
  readonly from: LinkedSession;
  readonly to: LinkedSession;
  readonly rules: RegistrationRules;
}

export interface LinkedSession {
  readonly session: KnownSession;
  readonly link: SessionLink;
}

/** Why nobody can be moved there; null when it is open. */
export function refusalOf({ to }: MoveRequest): Outcome | null {
  return closedBecause(to.session);
}

export interface MoveReading {
  /** As the state stood when it was read. */
  readonly plan: MovePlan;
  /** One person's part of it once more, as the state stands now; undefined when nothing is to be done any more. */
  readonly again: (emailKey: string) => MovedPerson | undefined;
}

/** Reads only. */
export function readMove(store: Store, request: MoveRequest, nowMs: number): MoveReading {
  const { from, to, form, rules } = request;
  const newest = new Map<string, KnownSubmission>();
  for (const submission of store.moves.submissions(form, from.session.id)) {
    newest.set(emailKey(submission.email ?? ''), submission);
  }
  const others = store.moves.throughOtherForms(form, from.session.id);
  const candidate = (key: string, submission: KnownSubmission): MoveCandidate => ({
    ...knownOf(store, request, key),
    decision: decide(submission, () => ({ session: to.session, takesFromMs: 0 }), rules, nowMs),
    hasOtherForm: others.has(key),
  });
  const sessions = sessionsOf(request);
  const people = [...newest].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    plan: planMove(
      people.map(([key, submission]) => candidate(key, submission)),
      sessions,
    ),
    again: (key) => {
      const submission = newest.get(key);
      return submission && planMove([candidate(key, submission)], sessions).people[0];
    },
  };
}

function sessionsOf({ from, to, form }: MoveRequest): MoveSessions {
  const { status, goneAtMs, id } = from.session;
  const isOver = goneAtMs !== null || status === 'past' || status === 'past_not_started';
  return {
    form,
    fromId: id,
    toId: to.session.id,
    fromState: isOver ? 'over' : status === 'live' ? 'live' : 'open',
    fromListId: from.link.listId,
    toListId: to.link.listId,
  };
}

function knownOf(
  store: Store,
  { from: { session, link }, to }: MoveRequest,
  key: string,
): Omit<MoveCandidate, 'decision' | 'hasOtherForm'> {
  const naturalKey = `${session.id}/${key}`;
  // Of a registration and a backfill the one that is still at work, else the last.
  const effect = (['livestorm_backfill', 'livestorm_registration'] as const)
    .flatMap((kind) => store.effects.get(kind, naturalKey) ?? [])
    .toSorted((a, b) => (a.finishedAtMs ?? Infinity) - (b.finishedAtMs ?? Infinity))
    .at(-1);
  const from = store.registrations.get(session.id, key);
  const { listId } = link;
  const prospectId = from?.prospectId ?? null;
  return {
    emailKey: key,
    from,
    fromEffect: effect?.state ?? null,
    fromAttempts: effect?.attempts ?? 0,
    hasAttended: store.registrants.get(session.id, key)?.attended === true,
    isTeamMember: store.registrants.isTeamMember(key),
    isElsewhereInEvent: store.moves.isElsewhereInEvent(session.id, key),
    isListNeeded:
      listId !== null && prospectId !== null && store.moves.isListNeeded(listId, prospectId, session.id, key),
    to: store.registrations.get(to.session.id, key),
  };
}
