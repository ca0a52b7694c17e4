import { createHash } from 'node:crypto';
import type { Outcome, Submission } from '../domain.ts';
import { decide, type LinkedSession, type RegistrationRules } from '../reconcile/plan-registrations.ts';
import type { NewRegistration, Registration } from '../store/registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import { formOf, type KnownSubmission } from '../store/submissions.ts';

/** A submission as the state has it, else as Account Engagement tells it now. */
export interface Candidate {
  readonly known: KnownSubmission;
  /** For the state; null when it is there already. */
  readonly read: Submission | null;
}

export interface BackfillScope {
  readonly sinceMs: number;
  readonly sessionId: string | undefined;
  /** `form:ID`, or the number alone. */
  readonly form: string | undefined;
  /** Sessions that have ended, too. */
  readonly ended: boolean;
}

/** Somebody who would be registered, and mailed by Livestorm. */
export interface BackfillPerson {
  readonly registration: NewRegistration;
  readonly candidate: Candidate;
}

/** Why a submission is not part of it: an outcome, or what stands beside those. */
export type LeftOut = Outcome | 'on_the_way' | 'again';

export interface BackfillRouting {
  readonly people: readonly BackfillPerson[];
  readonly leftOut: ReadonlyMap<LeftOut, number>;
}

export interface RoutingFacts {
  readonly candidates: readonly Candidate[];
  /** Pardot campaign → session. */
  readonly sessionOf: (campaignId: number) => KnownSession | undefined;
  readonly registrationOf: (sessionId: string, emailKey: string) => Registration | undefined;
  /** Who is in the session by now, or works for the workspace; undefined for anybody else. */
  readonly presentAs: (sessionId: string, emailKey: string) => Outcome | undefined;
  /** When the person asked to be forgotten; undefined when never. */
  readonly forgottenAtMs: (email: string) => number | undefined;
  readonly rules: RegistrationRules;
}

/** Outcomes after which somebody may be registered after all. */
const OPEN_AGAIN: readonly Outcome[] = [
  'session_ended',
  'session_canceled',
  'session_gone',
  'session_not_published',
];

/** Whom of the submissions a backfill would register: routed by campaign like every other, each person once. */
export function routeBackfill(facts: RoutingFacts, scope: BackfillScope, nowMs: number): BackfillRouting {
  const people = new Map<string, BackfillPerson>();
  const leftOut = new Map<LeftOut, number>();
  for (const candidate of facts.candidates.filter(({ known }) => isOfForm(known, scope.form))) {
    const routed = route(facts, candidate, scope, nowMs);
    if (scope.sessionId !== undefined && routed.sessionId !== scope.sessionId) continue;
    const key = 'registration' in routed && `${routed.sessionId}/${routed.registration.emailKey}`;
    const reason = key === false ? routed.leftOut : people.has(key) ? 'again' : null;
    if (reason !== null) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
    else if ('registration' in routed && key !== false) people.set(key, { ...routed, candidate });
  }
  return { people: [...people.values()].toSorted(bySubmission), leftOut };
}

type Routed =
  | { readonly sessionId: string; readonly registration: NewRegistration; readonly leftOut: null }
  | { readonly sessionId: string | undefined; readonly leftOut: LeftOut };

function route(facts: RoutingFacts, { known }: Candidate, scope: BackfillScope, nowMs: number): Routed {
  let sessionId: string | undefined;
  const forgottenAtMs = facts.forgottenAtMs(known.email ?? '') ?? Number.NEGATIVE_INFINITY;
  if (known.outcome === 'forgotten' || known.createdAtMs <= forgottenAtMs) {
    return { sessionId, leftOut: 'forgotten' };
  }
  const sessionOf = (campaignId: number): LinkedSession | undefined => {
    const session = facts.sessionOf(campaignId);
    if (!session) return undefined;
    sessionId = session.id;
    const isTaken = scope.ended && session.status === 'past';
    return { session: isTaken ? { ...session, status: 'live' } : session, takesFromMs: 0 };
  };
  const decision = decide(known, sessionOf, facts.rules, nowMs);
  if (known.outcome === 'discarded') return { sessionId, leftOut: 'discarded' };
  if (decision.kind === 'wait') return { sessionId, leftOut: 'prospect_missing' };
  if (decision.kind === 'end') return { sessionId, leftOut: decision.outcome };
  const { registration } = decision;
  // Whatever a landing page leads to by now, what has led somebody to a session leads them to no other.
  const ledTo = known.sessionId ?? registration.sessionId;
  const before = facts.registrationOf(ledTo, registration.emailKey);
  if (ledTo !== registration.sessionId) return { sessionId, leftOut: before?.outcome ?? 'on_the_way' };
  if (before && !(before.outcome && OPEN_AGAIN.includes(before.outcome))) {
    return { sessionId, leftOut: before.outcome ?? 'on_the_way' };
  }
  const present = facts.presentAs(registration.sessionId, registration.emailKey);
  if (present) return { sessionId, leftOut: present };
  return { sessionId: registration.sessionId, registration, leftOut: null };
}

function isOfForm(submission: KnownSubmission, form: string | undefined): boolean {
  const own = formOf(submission);
  return form === undefined || own === form || own?.split(':')[1] === form;
}

function bySubmission({ registration: a }: BackfillPerson, { registration: b }: BackfillPerson): number {
  return a.requestedAtMs - b.requestedAtMs || (a.emailKey < b.emailKey ? -1 : 1);
}

/** The same for the same people in the same sessions; whoever comes or goes makes it another. */
export function hashOf(
  people: readonly BackfillPerson[],
  admitted: readonly string[],
  { ended }: Pick<BackfillScope, 'ended'>,
): string {
  const who = people.map(({ registration }) => `${registration.sessionId}/${registration.emailKey}`).sort();
  return createHash('sha256')
    .update(JSON.stringify([who, admitted, ended]))
    .digest('hex')
    .slice(0, 12);
}
