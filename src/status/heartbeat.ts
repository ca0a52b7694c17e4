import type { CallHook } from '../clients/hook.ts';
import { type Clock, MINUTE } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { JobRun } from '../store/job-runs.ts';
import type { DaemonSigns } from './flows.ts';

export interface HeartbeatParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly call: CallHook;
  readonly daemon: DaemonSigns;
  /** The last run of every job. */
  readonly runs: () => readonly JobRun[];
}

/** Calls the heartbeat address after each complete cycle: whoever misses the call knows that work stands still. */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #lastAtMs: number | undefined;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /** Calls if every job has done its work since the last call, at most once a minute; a failure is logged. */
  async beat(signal: AbortSignal): Promise<void> {
    const { clock, log, call } = this.#parts;
    const nowMs = clock.now();
    // A clock that was set back is no reason to fall silent.
    if (this.#lastAtMs !== undefined) this.#lastAtMs = Math.min(this.#lastAtMs, nowMs);
    if (nowMs - (this.#lastAtMs ?? 0) < MINUTE || !this.#isComplete()) return;
    const problem = await call(null, signal);
    if (signal.aborted) return;
    this.#lastAtMs = nowMs;
    if (problem !== null) log.warn({ state: problem }, 'the heartbeat address could not be called');
  }

  /** A job with nothing due, as one of every hour, has done its work; at the start all are due. */
  #isComplete(): boolean {
    const { daemon, runs } = this.#parts;
    if (daemon.stuck().length > 0) return false;
    const last = new Map(runs().map((run) => [run.job, run]));
    return daemon.jobs().every(({ name, dueSinceMs }) => {
      const run = last.get(name);
      if (!run || run.problem !== null) return false;
      return dueSinceMs === undefined || (run.succeededAtMs ?? 0) > (this.#lastAtMs ?? Infinity);
    });
  }
}
