import type { Clock } from '../clock.ts';
import type { Counts } from '../job.ts';
import type { Logger } from '../logger.ts';
import type { Registration } from '../store/registrations.ts';
import type { Store } from '../store/store.ts';
import { formOf, type KnownSubmission } from '../store/submissions.ts';
import type { Brake } from './brake.ts';
import { sessionsByCampaign } from './linked-sessions.ts';
import type { Applicant } from './plan-brake.ts';
import { type Decision, decide, type RegistrationRules } from './plan-registrations.ts';
import { isListed, isRegistered } from './registration-endings.ts';
import { wantAnew } from './want-registration.ts';

export interface RegistrationPlanningParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: RegistrationRules;
  /** Says who is held back; nobody without it. */
  readonly brake?: Brake;
}

interface Decided {
  readonly submission: KnownSubmission;
  readonly decision: Decision;
}

type Admission = Extract<Decision, { kind: 'register' }>;
type BegunRegistration = Pick<Registration, 'sessionId' | 'emailKey' | 'activityId'>;

/** Decides every submission that can be decided by now, and takes up again what was closed too early. */
export function planRegistrations(parts: RegistrationPlanningParts): Counts {
  const { store, clock } = parts;
  const nowMs = clock.now();
  const counts: { requested: number; ended: number; held?: number } = { requested: 0, ended: 0 };
  store.transaction(() => {
    const decided = decideAll(parts, nowMs);
    const reopened = store.registrations.closedTooEarly();
    const held = heldBack(parts, applicants(decided, reopened), nowMs);
    const begin = (registration: BegunRegistration): void => {
      const holdId = held.get(registration.activityId);
      if (holdId === undefined) {
        wantAnew(store, registration, nowMs);
        counts.requested++;
      } else {
        store.holds.hold(registration, holdId, nowMs);
        counts.held = (counts.held ?? 0) + 1;
      }
    };
    for (const { submission, decision } of decided) {
      if (decision.kind === 'register') {
        if (request(parts, submission, decision, nowMs)) begin(decision.registration);
      } else if (decision.kind === 'end' && decision.outcome !== submission.outcome) {
        store.submissions.decide(submission.activityId, { outcome: decision.outcome }, nowMs);
        counts.ended++;
      }
    }
    for (const registration of reopened) {
      store.registrations.reopen(registration);
      begin(registration);
    }
  });
  return counts;
}

function decideAll({ store, rules }: RegistrationPlanningParts, nowMs: number): Decided[] {
  const sessions = sessionsByCampaign(store);
  return store.submissions.undecided().map((submission) => ({
    submission,
    decision: decide(submission, (campaignId) => sessions.get(campaignId), rules, nowMs),
  }));
}

/** Whom the brake looks at: whoever was turned away before comes only because something was changed. */
function applicants(decided: readonly Decided[], reopened: readonly Registration[]): Applicant[] {
  return [
    ...decided.flatMap(({ submission, decision }) =>
      decision.kind === 'register'
        ? [{ ...decision.registration, form: formOf(submission), isLate: submission.outcome !== null }]
        : [],
    ),
    ...reopened.map((registration) => ({ ...registration, form: null, isLate: true })),
  ];
}

/** Activity → the hold that keeps it back. Who is in the session already is mailed by nobody any more. */
function heldBack(
  { store, brake }: RegistrationPlanningParts,
  people: readonly Applicant[],
  nowMs: number,
): ReadonlyMap<number, number> {
  const newcomers = people.filter((each) => !isListed(store, each) && !isRegistered(store, each));
  return brake?.(newcomers, nowMs) ?? new Map();
}

/** Ties the submission to its session. False when the person was to be registered there before. */
function request(
  { store, log }: RegistrationPlanningParts,
  { activityId }: KnownSubmission,
  { registration, disagrees }: Admission,
  nowMs: number,
): boolean {
  const { sessionId } = registration;
  store.submissions.decide(activityId, { sessionId }, nowMs);
  if (disagrees) {
    log.warn(
      { activityId, sessionId },
      'the form now carries another campaign than the submission; the campaign of the submission decides',
    );
  }
  return !isSinceMoved(store, registration, nowMs) && store.registrations.request(registration, nowMs);
}

/** Submitted before an admin moved the person, and read late: no wish to come back. */
function isSinceMoved(
  store: Store,
  { sessionId, emailKey, requestedAtMs }: Admission['registration'],
  nowMs: number,
): boolean {
  const { outcome, outcomeAtMs } = store.registrations.get(sessionId, emailKey) ?? {};
  return outcome === 'moved' && requestedAtMs <= (outcomeAtMs ?? 0) && (outcomeAtMs ?? 0) <= nowMs;
}
