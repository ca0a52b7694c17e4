import { type Clock, isoSeconds, MINUTE } from '../clock.ts';
import type { Call, Outcome, WorkClass } from '../domain.ts';
import { AppError, AuthError, ParkedError, RefusedError, RetryableError, VendorError } from '../errors.ts';
import type { Run } from '../job.ts';
import type { LogFields, Logger } from '../logger.ts';
import type { Effect, EffectKind, EffectProblem } from '../store/effects.ts';
import type { Store } from '../store/store.ts';
import { backoffMs, MAX_ATTEMPTS } from './backoff.ts';

/** How an effect ended. `record` writes what follows from it, in the same transaction. */
export interface Ending {
  readonly state: 'done' | 'skipped' | 'dead';
  readonly reason?: Outcome;
  readonly record?: () => void;
}

/** A step was done and the effect goes on: with `payload`, at `atMs`. `record` as with an ending. */
export interface NextStep {
  readonly state: 'pending';
  readonly payload: unknown;
  readonly atMs: number;
  readonly record?: () => void;
}

/** One kind of remote write: how to send it, and how to find out whether it had been applied. */
export interface EffectHandler<Payload> {
  readonly kind: EffectKind;
  readonly work: WorkClass;
  /** How many may be under way at once. */
  readonly parallel: number;
  /** How long after an uncertain attempt nothing can be concluded: the vendor's read lag and a margin. */
  readonly settleMs: number;
  /** Looks at the store only: an effect that is no longer wanted ends here, without a request. */
  readonly precheck?: (effect: Effect<Payload>) => Ending | null;
  /** After an uncertain attempt, once `settleMs` have passed: how it ended, or null when it was not applied. */
  readonly readBack?: (effect: Effect<Payload>, call: Call) => Promise<Ending | NextStep | null>;
  readonly send: (effect: Effect<Payload>, call: Call) => Promise<Ending | NextStep>;
  /** The vendor's definite no. Without it, or when it answers null, the effect is dead. */
  readonly refused?: (
    effect: Effect<Payload>,
    error: RefusedError,
    call: Call,
  ) => Promise<Ending | NextStep | 'retry' | null>;
  /** Called in the transaction that gives the effect up. */
  readonly gaveUp?: (effect: Effect<Payload>, problem: EffectProblem) => void;
  /** Called in the transaction that parks every due effect of the kind. */
  readonly parked?: (reason: ParkedError['reason']) => void;
}

export interface ApplyParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Plans are made and printed, nothing is sent. */
  readonly dryRun?: boolean;
}

const AUTH_RETRY = 5 * MINUTE;

/** Sends every due effect of one kind. Returns how many ended in which state. */
export async function applyDue<Payload>(
  parts: ApplyParts,
  handler: EffectHandler<Payload>,
  run: Run,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  if (parts.dryRun) return counts;
  parts.store.effects.recoverInterrupted(handler.kind, handler.settleMs);
  parts.store.effects.redate(handler.kind, parts.clock.now(), handler.settleMs);
  const underWay = new Set<number>();
  let isParked = false;
  const next = (): Effect | undefined => {
    if (isParked || run.stopping()) return undefined;
    const due = parts.store.effects.nextDue(handler.kind, parts.clock.now(), underWay);
    if (due) underWay.add(due.id);
    return due;
  };
  const first = next();
  if (!first) return counts;
  const worker = async (taken?: Effect): Promise<void> => {
    for (let due = taken ?? next(); due; due = next()) {
      const state = await attempt(parts, handler, due as Effect<Payload>, run.call(handler.work));
      underWay.delete(due.id);
      if (state === 'parked') isParked = true;
      counts[state] = (counts[state] ?? 0) + 1;
    }
  };
  const begin = (_: unknown, index: number): Promise<void> => worker(index === 0 ? first : undefined);
  const workers = await Promise.allSettled(Array.from({ length: handler.parallel }, begin));
  for (const ended of workers) if (ended.status === 'rejected') throw ended.reason;
  return counts;
}

type AttemptState = (Ending | NextStep)['state'] | 'retry' | 'parked';

async function attempt<Payload>(
  parts: ApplyParts,
  handler: EffectHandler<Payload>,
  effect: Effect<Payload>,
  call: Call,
): Promise<AttemptState> {
  let isUncertain = effect.state === 'unknown';
  try {
    // What may have been applied is looked for first: it counts even if it is no longer wanted.
    const found = isUncertain ? await handler.readBack?.(effect, call) : null;
    const early = found ?? handler.precheck?.(effect);
    if (early) return conclude(parts, effect, early);
    parts.store.effects.markSending(effect.id, parts.clock.now());
    isUncertain = false;
    return conclude(parts, effect, await handler.send(effect, call));
  } catch (error) {
    return await settle(parts, handler, effect, error, isUncertain, call);
  }
}

/** Writes how the effect ended and what follows from it, together. */
export function end<Payload>(parts: ApplyParts, effect: Effect<Payload>, ending: Ending): Ending['state'] {
  parts.store.transaction(() => {
    parts.store.effects.finish(
      effect.id,
      ending.state,
      parts.clock.now(),
      ending.reason ? { reason: ending.reason } : {},
    );
    ending.record?.();
  });
  return ending.state;
}

function conclude<Payload>(
  parts: ApplyParts,
  effect: Effect<Payload>,
  result: Ending | NextStep,
): (Ending | NextStep)['state'] {
  if (result.state !== 'pending') return end(parts, effect, result);
  parts.store.transaction(() => {
    parts.store.effects.goOn(effect.id, result.payload, result.atMs);
    result.record?.();
  });
  return 'pending';
}

async function settle<Payload>(
  parts: ApplyParts,
  handler: EffectHandler<Payload>,
  effect: Effect<Payload>,
  error: unknown,
  isUncertain: boolean,
  call: Call,
): Promise<AttemptState> {
  if (isPark(error)) return park(parts, handler, effect, error, isUncertain);
  // What was parked never left; every other failure counts as an attempt.
  const tried = { ...effect, attempts: effect.attempts + 1 };
  if (error instanceof RefusedError && !isUncertain) {
    const ending = await handler.refused?.(tried, error, call).catch(() => 'retry' as const);
    if (ending === 'retry' && tried.attempts < MAX_ATTEMPTS)
      return retry(parts, handler, tried, error, false);
    return ending && ending !== 'retry'
      ? conclude(parts, tried, ending)
      : giveUp(parts, handler, tried, error);
  }
  const isUnknown = isUncertain || !(error instanceof RetryableError) || error.applied !== 'not_applied';
  if (tried.attempts >= MAX_ATTEMPTS) return giveUp(parts, handler, tried, error);
  return retry(parts, handler, tried, error, isUnknown);
}

function retry<Payload>(
  parts: ApplyParts,
  handler: EffectHandler<Payload>,
  effect: Effect<Payload>,
  error: unknown,
  isUnknown: boolean,
): AttemptState {
  const { clock, store, log } = parts;
  const waitMs = Math.max(
    backoffMs(effect.attempts, clock.random()),
    isUnknown ? handler.settleMs : 0,
    error instanceof RetryableError && error.notBeforeMs ? error.notBeforeMs - clock.now() : 0,
  );
  store.effects.postpone(effect, isUnknown ? 'unknown' : 'pending', clock.now() + waitMs, problemOf(error));
  const fields = { ...traceOf(effect), waitMs: Math.round(waitMs), err: error };
  if (error instanceof AppError) log.warn(fields, 'the attempt failed, it will be tried again');
  else log.error(fields, 'unexpected error while applying an effect, it will be tried again');
  return 'retry';
}

/** Whether the error speaks of the account, so that everything of the kind waits. */
export function isPark(error: unknown): error is ParkedError | AuthError {
  return error instanceof ParkedError || error instanceof AuthError;
}

/** The effect and all others of its kind that are due wait until the error's time. */
export function park<Payload>(
  parts: ApplyParts,
  handler: Pick<EffectHandler<Payload>, 'parked'>,
  effect: Pick<Effect<Payload>, 'id' | 'kind' | 'attempts'>,
  error: ParkedError | AuthError,
  isUncertain: boolean,
): 'parked' {
  const { store, clock, log } = parts;
  const untilMs = error instanceof ParkedError ? error.untilMs : clock.now() + AUTH_RETRY;
  const reason = error instanceof ParkedError ? error.reason : 'auth';
  const problem = problemOf(error);
  if (reason === 'stopping') {
    store.effects.postpone(effect, isUncertain ? 'unknown' : 'pending', untilMs, problem);
    return 'parked';
  }
  let count = 1;
  store.transaction(() => {
    store.effects.postpone(effect, isUncertain ? 'unknown' : 'parked', untilMs, problem);
    count += store.effects.parkDue(effect.kind, clock.now(), untilMs, problem);
    handler.parked?.(reason);
  });
  log[reason === 'auth' || reason === 'allowance' ? 'error' : 'warn'](
    { effect: effect.kind, count, until: isoSeconds(untilMs), err: error },
    'the vendor takes nothing for now, the work is parked',
  );
  return 'parked';
}

function giveUp<Payload>(
  parts: ApplyParts,
  handler: EffectHandler<Payload>,
  effect: Effect<Payload>,
  error: unknown,
): AttemptState {
  const { store, clock, log } = parts;
  const problem = problemOf(error);
  store.transaction(() => {
    store.effects.finish(effect.id, 'dead', clock.now(), { reason: 'dead', problem });
    handler.gaveUp?.(effect, problem);
  });
  log.error({ ...traceOf(effect), err: error }, 'gave up, an admin must look');
  return 'dead';
}

/** What an effect is about, for the log; the logger writes the person as a hash. */
function traceOf({ kind, attempts, sessionId, emailKey, prospectId }: Effect): LogFields {
  return {
    effect: kind,
    attempts,
    ...(sessionId ? { sessionId } : {}),
    ...(emailKey ? { person: emailKey } : {}),
    ...(prospectId ? { prospectId } : {}),
  };
}

/** For the effect's row. */
export function problemOf(error: unknown): EffectProblem {
  if (!(error instanceof Error)) return { class: 'Unknown', message: 'not an error' };
  const hint = error instanceof AppError ? error.hint : undefined;
  const said =
    error instanceof VendorError
      ? { vendor: error.vendor, operation: error.operation, code: error.code ?? error.status }
      : {};
  // The text of a bug may hold anything; it is in the log alone, and scrubbed there.
  const message = error instanceof AppError ? error.message : 'unexpected error, see the log';
  return { class: error.name, message, ...(hint ? { hint } : {}), ...said };
}
