import { ACTIVITY_EXTENSION } from '../activity-types.ts';
import type { PardotClient } from '../clients/pardot.ts';
import type { PardotPeopleClient } from '../clients/pardot-people.ts';
import { DAY, MINUTE, SECOND } from '../clock.ts';
import { type ActivityTrace, type Call, emailKey } from '../domain.ts';
import type { Effect } from '../store/effects.ts';
import type { SessionProspect } from '../store/session-prospects.ts';
import type { ApplyParts, EffectHandler, Ending } from './apply.ts';
import { refusedProspect, UNSEEN_ATTEMPTS } from './gone-prospect.ts';
import type { ActivityPayload } from './plan-people.ts';

export interface ActivityParts extends ApplyParts {
  readonly pardot: PardotClient;
  readonly pardotPeople: PardotPeopleClient;
}

/** How far our clock and Pardot's may be apart, and how late a request may still be applied. */
const CLOCK_TOLERANCE = DAY;
const UNKNOWN_ADDRESS = [4, 14, 92];
const GONE: Ending = { state: 'skipped', reason: 'prospect_deleted' };

/**
 * Tells external activities, each once for a prospect, session and type. Not de-duplicated by the vendor (pardot.md §7):
 * after an uncertain attempt nothing is sent before its trace was looked for. Pardot finds the prospect by address:
 * when nobody has it any more, the one that the prospect has now is used.
 */
export function activityHandler(parts: ActivityParts): EffectHandler<ActivityPayload> {
  const { store, clock, pardotPeople } = parts;
  return {
    kind: 'external_activity',
    work: 'attendance',
    parallel: 2,
    settleMs: 150 * SECOND,
    readBack: async (effect, call) => {
      const sentAtMs = effect.sentAtMs ?? effect.createdAtMs;
      const traces = await pardotPeople.externalActivitiesBetween(
        sentAtMs - CLOCK_TOLERANCE,
        sentAtMs + CLOCK_TOLERANCE,
        call,
      );
      return traces.some((trace) => isTraceOf(effect, trace)) ? { state: 'done' } : null;
    },
    precheck: (effect) =>
      store.effects.isToldAlready(effect, effect.payload.type) ? { state: 'skipped' } : null,
    send: async (effect, call) => {
      const { type, value, happenedAtMs } = effect.payload;
      const email = await addressOf(parts, effect, call);
      if (email === null) return GONE;
      const activity = { extension: ACTIVITY_EXTENSION, type, email, value, happenedAtMs };
      await pardotPeople.createExternalActivity(activity, call);
      return { state: 'done' };
    },
    refused: async (effect, error) => {
      if (!UNKNOWN_ADDRESS.includes(Number(error.code))) return refusedProspect(effect, error);
      const nowMs = clock.now();
      // The prospect may be too new to be seen (pardot.md §2.4).
      if (nowMs - subject(parts, effect).knownAtMs < 10 * MINUTE) return 'retry';
      const payload = { ...effect.payload, isReaddressed: true };
      if (!effect.payload.isReaddressed) return { state: 'pending', payload, atMs: nowMs };
      return effect.attempts < UNSEEN_ATTEMPTS ? 'retry' : null;
    },
  };
}

/** By the address it was sent to, or by the prospect it belongs to: either may have changed since, not both. */
function isTraceOf(
  { payload, emailKey: key, prospectId }: Effect<ActivityPayload>,
  trace: ActivityTrace,
): boolean {
  return (
    trace.type === payload.type &&
    trace.value === payload.value &&
    Math.floor(trace.happenedAtMs / SECOND) === Math.floor(payload.happenedAtMs / SECOND) &&
    (emailKey(trace.email) === key || (trace.prospectId !== null && trace.prospectId === prospectId))
  );
}

/** As it was first seen, or as it is now; null when the prospect is gone or in the recycle bin. */
async function addressOf(
  parts: ActivityParts,
  effect: Effect<ActivityPayload>,
  call: Call,
): Promise<string | null> {
  const { email, prospectId } = subject(parts, effect);
  if (!effect.payload.isReaddressed) return email;
  const [prospect] = await parts.pardot.prospects([prospectId], [], call);
  return prospect && !prospect.isDeleted ? prospect.email : null;
}

function subject({ store }: ActivityParts, effect: Effect): SessionProspect {
  const person = store.sessionProspects.get(effect.sessionId ?? '', effect.emailKey ?? '');
  if (!person) throw new Error('an external activity without its person');
  return person;
}
