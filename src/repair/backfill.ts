import type { PardotClient } from '../clients/pardot.ts';
import type { Clock } from '../clock.ts';
import { emailKey, type Outcome, type Submission } from '../domain.ts';
import { RetryableError } from '../errors.ts';
import type { Run } from '../job.ts';
import { standardFields, withCustomFields } from '../pollers/submission-reading.ts';
import type { BackfillPayload } from '../reconcile/backfill.ts';
import type { RegistrationRules } from '../reconcile/plan-registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { atFirstSight } from '../store/submissions.ts';
import {
  type Admission,
  admissionOf,
  readSessionNow,
  requireOpen,
  type SessionReaderParts,
} from './backfill-sessions.ts';
import { inParts } from './in-parts.ts';
import { NotPossibleError } from './not-possible.ts';
import {
  type BackfillPerson,
  type BackfillRouting,
  type BackfillScope,
  type Candidate,
  hashOf,
  routeBackfill,
} from './plan-backfill.ts';

export interface BackfillParts extends SessionReaderParts {
  readonly pardot: PardotClient;
  readonly clock: Clock;
  readonly rules: RegistrationRules;
  /** Pardot fields that registrations need. */
  readonly prospectFields: readonly string[];
}

export interface BackfillPlan extends BackfillRouting {
  readonly scope: BackfillScope;
  /** Sessions that people are registered in, and the one that is taken in. */
  readonly sessions: readonly KnownSession[];
  readonly admission: Admission | null;
  /** Submissions that were read. */
  readonly submissions: number;
  readonly hash: string;
}

/**
 * Reads Account Engagement and Livestorm as they are now and says whom a backfill would register. Writes nothing.
 * Rejects as clients do, and with `NotPossibleError` when the session that is named takes nobody.
 */
export async function planBackfill(parts: BackfillParts, scope: BackfillScope): Promise<BackfillPlan> {
  const nowMs = parts.clock.now();
  const admission = scope.sessionId === undefined ? null : await namedSession(parts, scope, nowMs);
  // No form can carry the campaign of a session that has none yet.
  const candidates = admission ? [] : await readCandidates(parts, scope, nowMs);
  const sessions = new Map(parts.store.sessions.all().map((session) => [session.id, session]));
  const nobody = (): undefined => undefined;
  const first = routeBackfill(factsOf(parts, candidates, sessions, nobody), scope, nowMs);
  const present = new Map<string, Map<string, Outcome>>();
  for (const sessionId of new Set(first.people.map(({ registration }) => registration.sessionId))) {
    const session = await readSessionNow(parts, sessionId, nowMs);
    if (session) sessions.set(sessionId, session);
    present.set(sessionId, await peopleNow(parts, sessionId));
  }
  const completed = await withFields(parts, candidates, first.people);
  const presentAs = (sessionId: string, key: string): Outcome | undefined =>
    parts.store.registrants.isTeamMember(key) ? 'team_member' : present.get(sessionId)?.get(key);
  const routing = routeBackfill(factsOf(parts, completed, sessions, presentAs), scope, nowMs);
  const meant = new Set(routing.people.map(({ registration }) => registration.sessionId));
  const admitted = admission ? [admission.session.id] : [];
  return {
    ...routing,
    scope,
    admission,
    sessions: [...meant].flatMap((id) => sessions.get(id) ?? []),
    submissions: candidates.length,
    hash: hashOf(routing.people, admitted, scope),
  };
}

/** What to take in for the named session; null when it is linked. */
async function namedSession(
  parts: BackfillParts,
  { sessionId = '', ended }: BackfillScope,
  nowMs: number,
): Promise<Admission | null> {
  const session = await readSessionNow(parts, sessionId, nowMs);
  if (!session) throw new NotPossibleError(`Livestorm knows no session ${sessionId}`);
  requireOpen(session, ended);
  return admissionOf(parts, session);
}

async function readCandidates(
  parts: BackfillParts,
  { sinceMs }: BackfillScope,
  nowMs: number,
): Promise<Candidate[]> {
  const { store, pardot, call } = parts;
  const fields = standardFields(parts);
  const read = await pardot.listSubmissions({ createdSinceMs: sinceMs, prospectFields: fields }, call);
  const inner = await innerCampaigns(parts, read);
  return read.map((submission) => {
    const known = store.submissions.get(submission.activityId);
    const isFrozen =
      known !== undefined &&
      (known.sessionId !== null || known.prospectId !== null || known.outcome === 'forgotten');
    if (isFrozen) return { known, read: null };
    const innerCampaignId = inner.get(submission.landingPageId ?? -1) ?? known?.innerCampaignId ?? null;
    return { known: atFirstSight(submission, innerCampaignId, nowMs), read: submission };
  });
}

/** Landing page → campaign of the form inside, where neither of its own campaigns leads to a session. */
async function innerCampaigns(
  { store, pardot, call }: BackfillParts,
  submissions: readonly Submission[],
): Promise<Map<number, number>> {
  const linked = new Set(store.links.all().map(({ pardotCampaignId }) => pardotCampaignId));
  const isAstray = ({ landingPageId, campaignId, assetCampaignId }: Submission): boolean =>
    landingPageId !== null && !linked.has(campaignId) && !linked.has(assetCampaignId);
  if (!submissions.some(isAstray)) return new Map();
  const pages = await pardot.listAssets('landing_page', call);
  const forms = await pardot.listAssets('form', call);
  const campaignOf = new Map(forms.map(({ id, campaignId }) => [id, campaignId]));
  return new Map(
    pages.flatMap(({ id, formId }) => {
      const campaignId = formId === null ? null : campaignOf.get(formId);
      return campaignId ? [[id, campaignId] as const] : [];
    }),
  );
}

function factsOf(
  { store, rules }: BackfillParts,
  candidates: readonly Candidate[],
  sessions: ReadonlyMap<string, KnownSession>,
  presentAs: (sessionId: string, emailKey: string) => Outcome | undefined,
): Parameters<typeof routeBackfill>[0] {
  const linked = new Map(
    store.links
      .all()
      .flatMap(({ pardotCampaignId, sessionId }) =>
        pardotCampaignId === null ? [] : [[pardotCampaignId, sessionId] as const],
      ),
  );
  return {
    candidates,
    rules,
    presentAs,
    forgottenAtMs: (email) => store.keeping.forgottenAtMs(email),
    sessionOf: (campaignId) => sessions.get(linked.get(campaignId) ?? ''),
    registrationOf: (sessionId, key) => store.registrations.get(sessionId, key),
  };
}

/** Everybody in the people list at this moment, by the key of the address. */
async function peopleNow(
  { livestorm, call }: BackfillParts,
  sessionId: string,
): Promise<Map<string, Outcome>> {
  const { registrants, complete } = await livestorm.listRegistrants(sessionId, call);
  if (!complete) {
    throw new RetryableError('the people list changed while it was read', {
      vendor: 'livestorm',
      operation: 'GET /sessions/{id}/people',
      applied: 'not_applied',
    });
  }
  return new Map(
    registrants.map(({ email, role }) => [
      emailKey(email),
      role === 'team_member' ? 'team_member' : 'already_registered',
    ]),
  );
}

/** Custom fields cost calls of their own: they are read for those alone who would be registered. */
async function withFields(
  parts: BackfillParts,
  candidates: readonly Candidate[],
  people: readonly BackfillPerson[],
): Promise<Candidate[]> {
  const { call } = parts;
  const run: Run = { stopping: () => false, call: () => call, forced: true };
  const unread = people.flatMap(({ candidate }) => candidate.read ?? []);
  const completed = await withCustomFields(parts, unread, run);
  const byId = new Map(completed.map((submission) => [submission.activityId, submission]));
  return candidates.map((candidate) => {
    const read = byId.get(candidate.known.activityId);
    const fields = read?.prospect?.fields;
    return read && fields ? { known: { ...candidate.known, fields }, read } : candidate;
  });
}

/**
 * Puts a plan into the outbox, with a decision for the audit trail; the running connector does the rest. Returns how
 * many people: who was registered in another way or forgotten meanwhile is not among them.
 */
export function applyBackfill(store: Store, plan: BackfillPlan, nowMs: number): number {
  const { admission, people, hash: subject, scope } = plan;
  store.transaction(() => {
    if (admission) {
      store.sessions.observe(admission.session, nowMs);
      store.sessions.observeEvent(admission.event, nowMs);
      store.admissions.admit(admission.session.id, nowMs);
    }
    const count = people.length;
    store.decisions.record({ atMs: nowMs, action: 'backfill', subject, count, reason: null });
  });
  return inParts(store, people, (person) => begin(store, person, scope.ended, nowMs));
}

function begin(
  store: Store,
  { registration, candidate }: BackfillPerson,
  ended: boolean,
  nowMs: number,
): boolean {
  const { sessionId, emailKey, activityId, requestedAtMs } = registration;
  // Since the plan was made.
  if (requestedAtMs <= (store.keeping.forgottenAtMs(emailKey) ?? Number.NEGATIVE_INFINITY)) return false;
  if (candidate.read) store.submissions.observe(candidate.read, candidate.known.innerCampaignId, nowMs);
  if (!store.registrations.request(registration, nowMs)) return false;
  store.submissions.decide(activityId, { sessionId }, nowMs);
  const naturalKey = `${sessionId}/${emailKey}`;
  const payload: BackfillPayload = { ended };
  store.effects.forget('livestorm_backfill', naturalKey);
  return store.effects.want({ kind: 'livestorm_backfill', naturalKey, sessionId, emailKey, payload }, nowMs);
}
