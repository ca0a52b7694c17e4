import type { LivestormClient, RegistrationAnswer } from '../clients/livestorm.ts';
import { SECOND } from '../clock.ts';
import type { Call, Outcome } from '../domain.ts';
import type { Counts, Run } from '../job.ts';
import type { Registration } from '../store/registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { formOf, type KnownSubmission } from '../store/submissions.ts';
import { type ApplyParts, applyDue, type EffectHandler } from './apply.ts';
import type { Brake } from './brake.ts';
import type { Applicant } from './plan-brake.ts';
import {
  closedBecause,
  type Decision,
  decide,
  fitToForm,
  type LinkedSession,
  type RegistrationRules,
} from './plan-registrations.ts';
import { closedNow, concluding, skipping, subject, without } from './registration-endings.ts';
import type { RegistrationJobsRun } from './registration-jobs.ts';
import { unregistrationHandler } from './unregistrations.ts';

export interface RegistrationsParts extends ApplyParts {
  readonly livestorm: LivestormClient;
  readonly rules: RegistrationRules;
  /** Takes those of large sessions first, many at a time. */
  readonly jobs?: RegistrationJobsRun;
  /** Says who is held back; nobody without it. */
  readonly brake?: Brake;
}

/** Turns submissions into registrations in the linked session. */
export function registrationsReconciler(parts: RegistrationsParts): (run: Run) => Promise<Counts> {
  const handler = registrationHandler(parts);
  const leaving = unregistrationHandler({
    ...parts,
    register: (key, nowMs) => wantAnew(parts.store, key, nowMs),
  });
  const pass = async (run: Run): Promise<Counts> => {
    const planned = plan(parts);
    // Whoever leaves a session of the same event is registered afterwards.
    const { done: unregistered } = await applyDue(parts, leaving, run);
    const inJobs = (await parts.jobs?.(run, handler)) ?? {};
    return sumOf(unregistered ? { unregistered } : {}, planned, inJobs, await applyDue(parts, handler, run));
  };
  return async (run) => {
    let counts: Counts = {};
    let isCut: boolean;
    do {
      isCut = false;
      const untilAt = parts.clock.monotonic() + LONGEST_PASS;
      const cut = (): boolean => {
        isCut ||= parts.clock.monotonic() >= untilAt;
        return isCut;
      };
      counts = sumOf(counts, await pass({ ...run, stopping: () => run.stopping() || cut() }));
    } while (isCut && !run.stopping());
    return counts;
  };
}

/** Sending to many takes minutes: so often it is looked who else has come, and whom the brake holds by now. */
const LONGEST_PASS = 20 * SECOND;

function sumOf(...parts: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const counts of parts) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

function plan({ store, clock, rules, log, brake }: RegistrationsParts): Counts {
  const nowMs = clock.now();
  const sessions = sessionsByCampaign(store);
  const counts: { requested: number; ended: number; held?: number } = { requested: 0, ended: 0 };
  store.transaction(() => {
    const decided = store.submissions.undecided().map((submission) => ({
      submission,
      decision: decide(submission, (campaignId) => sessions.get(campaignId), rules, nowMs),
    }));
    const reopened = store.registrations.closedTooEarly();
    const held =
      brake?.(
        applicants(decided, reopened).filter((each) => !isListed(store, each)),
        nowMs,
      ) ?? new Map<number, number>();
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
        const { registration, disagrees } = decision;
        const { sessionId } = registration;
        store.submissions.decide(submission.activityId, { sessionId }, nowMs);
        if (disagrees) {
          log.warn(
            { activityId: submission.activityId, sessionId },
            'the form now carries another campaign than the submission; the campaign of the submission decides',
          );
        }
        if (!store.registrations.request(registration, nowMs)) continue;
        begin(registration);
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

type BegunRegistration = Pick<Registration, 'sessionId' | 'emailKey' | 'activityId'>;

/** Whom the brake looks at: whoever was turned away before comes only because something was changed. */
function applicants(
  decided: readonly { readonly submission: KnownSubmission; readonly decision: Decision }[],
  reopened: readonly Registration[],
): Applicant[] {
  return [
    ...decided.flatMap(({ submission, decision }) =>
      decision.kind === 'register'
        ? [{ ...decision.registration, form: formOf(submission), isLate: submission.outcome !== null }]
        : [],
    ),
    ...reopened.map((registration) => ({ ...registration, form: null, isLate: true })),
  ];
}

/** In the people list as last read: registered already, and mailed by nobody any more. */
function isListed(
  store: Store,
  { sessionId, emailKey }: Pick<Registration, 'sessionId' | 'emailKey'>,
): boolean {
  return store.registrants.get(sessionId, emailKey)?.goneAtMs === null;
}

/** Also after an earlier one has ended without the person in the session. */
export function wantAnew(
  store: Store,
  { sessionId, emailKey }: Pick<Registration, 'sessionId' | 'emailKey'>,
  nowMs: number,
): void {
  const kind = 'livestorm_registration';
  const naturalKey = `${sessionId}/${emailKey}`;
  store.effects.forget(kind, naturalKey);
  // What was done between the state that was lost and the one at hand is not known: looked up before anything is sent.
  const requestedAtMs = store.registrations.get(sessionId, emailKey)?.requestedAtMs ?? 0;
  const isOfBefore = requestedAtMs <= (store.meta.recoveredAtMs() ?? Number.NEGATIVE_INFINITY);
  // Nor whether somebody who was to leave the session has left it yet.
  const isUncertain = isOfBefore || store.effects.get('livestorm_unregistration', naturalKey) !== undefined;
  store.effects.want({ kind, naturalKey, sessionId, emailKey, payload: {} }, nowMs, { isUncertain });
}

/** Pardot campaign → the session it leads to. */
export function sessionsByCampaign(store: Store): Map<number, LinkedSession> {
  const sessions = new Map(store.sessions.all().map((session) => [session.id, session]));
  return new Map(
    store.links.all().flatMap(({ pardotCampaignId, sessionId, origin, createdAtMs }) => {
      const session = sessions.get(sessionId);
      if (pardotCampaignId === null || !session) return [];
      // Pardot dates submissions in whole seconds.
      const takesFromMs = origin === 'existing' ? Math.floor(createdAtMs / SECOND) * SECOND : 0;
      return [[pardotCampaignId, { session, takesFromMs }] as const];
    }),
  );
}

/** Registers one person; the kind is that of somebody who submitted just now. */
export function registrationHandler(parts: RegistrationsParts): EffectHandler<unknown> {
  const { store, clock, livestorm } = parts;
  return {
    kind: 'livestorm_registration',
    work: 'registrations',
    parallel: 3,
    settleMs: 30 * SECOND,
    precheck: (effect) => {
      const { registration, session } = subject(store, effect);
      const closed = closedBecause(session);
      if (registration.outcome === 'moved') return { state: 'skipped', reason: 'moved' };
      if (closed && closed !== 'session_not_published') return skipping(parts, registration, closed);
      return store.registrants.isTeamMember(registration.emailKey)
        ? skipping(parts, registration, 'team_member')
        : null;
    },
    // Posting again would be refused as a duplicate; looking first also holds where duplicates are not refused.
    readBack: async (effect, call) => {
      const { registration, session } = subject(store, effect);
      if (session.goneAtMs !== null) return null;
      const known = isListed(store, registration)
        ? store.registrants.get(registration.sessionId, registration.emailKey)
        : undefined;
      const found =
        known ?? (await livestorm.findRegistrant(registration.sessionId, registration.email, call));
      if (!found) return null;
      const outcome = found.role === 'team_member' ? 'team_member' : 'registered';
      return {
        state: 'done',
        reason: outcome,
        record: concluding(parts, registration, { outcome, personId: found.personId }),
      };
    },
    send: async (effect, call) => {
      const { registration, session } = subject(store, effect);
      const { answer, dropped, refused } = await register(livestorm, registration, session, call);
      const outcome = outcomeOf(answer, refused.length > 0);
      const missing = [...dropped, ...refused];
      const detail = without(missing);
      const state = outcome === 'dead' ? 'dead' : 'done';
      const personId = answer.result === 'registered' ? answer.personId : null;
      return {
        state,
        reason: outcome,
        record: concluding(parts, registration, { outcome, detail, personId }),
      };
    },
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

/**
 * Registers with the mapped fields that the event's form has. A field that Livestorm does not know after all is left
 * out and the rest sent once more; if another is unknown then, the e-mail address goes alone.
 */
async function register(
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
