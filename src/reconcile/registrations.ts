import type { LivestormClient, RegistrationAnswer } from '../clients/livestorm.ts';
import { SECOND } from '../clock.ts';
import type { Call, Outcome } from '../domain.ts';
import type { Counts, Run } from '../job.ts';
import type { Registration } from '../store/registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { type ApplyParts, applyDue, type EffectHandler } from './apply.ts';
import {
  closedBecause,
  decide,
  fitToForm,
  type LinkedSession,
  type RegistrationRules,
} from './plan-registrations.ts';
import { closedNow, concluding, skipping, subject, without } from './registration-endings.ts';
import type { RegistrationJobsRun } from './registration-jobs.ts';

export interface RegistrationsParts extends ApplyParts {
  readonly livestorm: LivestormClient;
  readonly rules: RegistrationRules;
  /** Takes those of large sessions first, many at a time. */
  readonly jobs?: RegistrationJobsRun;
}

/** Turns submissions into registrations in the linked session. */
export function registrationsReconciler(parts: RegistrationsParts): (run: Run) => Promise<Counts> {
  const handler = registrationHandler(parts);
  return async (run) => {
    const planned = plan(parts);
    const inJobs = (await parts.jobs?.(run, handler)) ?? {};
    return sumOf(planned, inJobs, await applyDue(parts, handler, run));
  };
}

function sumOf(...parts: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const counts of parts) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

function plan({ store, clock, rules, log }: RegistrationsParts): Record<string, number> {
  const nowMs = clock.now();
  const sessions = sessionsByCampaign(store);
  const counts = { requested: 0, ended: 0 };
  store.transaction(() => {
    for (const submission of store.submissions.undecided()) {
      const decision = decide(submission, (campaignId) => sessions.get(campaignId), rules, nowMs);
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
        wantAnew(store, registration, nowMs);
        counts.requested++;
      } else if (decision.kind === 'end' && decision.outcome !== submission.outcome) {
        store.submissions.decide(submission.activityId, { outcome: decision.outcome }, nowMs);
        counts.ended++;
      }
    }
    for (const registration of store.registrations.closedTooEarly()) {
      store.registrations.reopen(registration);
      wantAnew(store, registration, nowMs);
      counts.requested++;
    }
  });
  return counts;
}

/** Also after an earlier one has ended without the person in the session. */
function wantAnew(
  store: Store,
  { sessionId, emailKey }: Pick<Registration, 'sessionId' | 'emailKey'>,
  nowMs: number,
): void {
  const kind = 'livestorm_registration';
  const naturalKey = `${sessionId}/${emailKey}`;
  store.effects.forget(kind, naturalKey);
  store.effects.want({ kind, naturalKey, sessionId, emailKey, payload: {} }, nowMs);
}

function sessionsByCampaign(store: Store): Map<number, LinkedSession> {
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

function registrationHandler(parts: RegistrationsParts): EffectHandler<unknown> {
  const { store, clock, livestorm } = parts;
  return {
    kind: 'livestorm_registration',
    work: 'registrations',
    parallel: 3,
    settleMs: 30 * SECOND,
    precheck: (effect) => {
      const { registration, session } = subject(store, effect);
      const closed = closedBecause(session);
      if (closed && closed !== 'session_not_published') return skipping(parts, registration, closed);
      return store.registrants.isTeamMember(registration.emailKey)
        ? skipping(parts, registration, 'team_member')
        : null;
    },
    // Posting again would be refused as a duplicate; looking first also holds where duplicates are not refused.
    readBack: async (effect, call) => {
      const { registration, session } = subject(store, effect);
      if (session.goneAtMs !== null) return null;
      const found = await livestorm.findRegistrant(registration.sessionId, registration.email, call);
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
    parked: (reason) =>
      store.registrations.markParked(reason === 'auth' ? 'auth_parked' : 'quota_parked', clock.now()),
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
