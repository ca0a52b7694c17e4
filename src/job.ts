import cron from 'node-cron';
import { type Clock, HOUR, MINUTE, SECOND } from './clock.ts';
import type { Call, WorkClass } from './domain.ts';
import { AppError, AuthError, ParkedError, RetryableError } from './errors.ts';
import type { Logger } from './logger.ts';
import type { JobRuns } from './store/job-runs.ts';

/** What one run did, in numbers; an empty record when there was nothing to do. */
export type Counts = Readonly<Record<string, number>>;

export interface Run {
  /** True once the daemon drains: finish the request under way, start no other. */
  stopping(): boolean;
  /** For a call to a vendor; aborts when the daemon is told a second time to stop. */
  call(work: WorkClass): Call;
  /** Asked for by a person or a test: do not wait for the schedule to find it worth while. */
  readonly forced: boolean;
}

export interface JobParts {
  readonly name: string;
  readonly run: (run: Run) => Promise<Counts>;
  /** Jobs to trigger when a triggered run of this one did something. */
  readonly followers?: readonly Job[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly runs: JobRuns;
  readonly abort: AbortSignal;
}

/**
 * The one primitive for periodic work. Runs never overlap: a trigger during a run makes one more run follow it.
 * `runOnce` is what the timer, `--once` and the tests call.
 */
export class Job {
  readonly name: string;
  readonly #parts: JobParts;
  #running: Promise<Counts> | undefined;
  #again = false;
  #dueSinceMs: number | undefined;
  /** The last sign of life; monotonic. */
  #aliveAt: number;
  readonly #stopped = new AbortController();

  constructor(parts: JobParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#aliveAt = parts.clock.monotonic();
  }

  /** Whether it goes on: its schedule ticks, or the run under way still calls or looks whether it is to stop. */
  isAlive(): boolean {
    if (this.#stopped.signal.aborted) return true;
    const silentMs = this.#parts.clock.monotonic() - this.#aliveAt;
    return silentMs < (this.#running ? LONGEST_CALL : LONGEST_TICK);
  }

  /** Since when it is to run and has not ended well, epoch milliseconds; undefined while nothing is due. */
  get dueSinceMs(): number | undefined {
    return this.#dueSinceMs;
  }

  /** Runs to completion; joins the run under way if there is one. Rejects with what went wrong. */
  runOnce(options: { forced?: boolean } = {}): Promise<Counts> {
    this.#running ??= this.#run(options.forced ?? false).finally(() => {
      this.#running = undefined;
      if (this.#again) this.trigger();
    });
    return this.#running;
  }

  /** Runs soon, without waiting for it; failures are logged and stored. */
  trigger(options: { forced?: boolean } = {}): void {
    if (this.#stopped.signal.aborted) return;
    this.#dueSinceMs ??= this.#parts.clock.now();
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.runOnce(options)
      .then((counts) => {
        if (didSomething(counts)) for (const job of this.#parts.followers ?? []) job.trigger();
      })
      .catch(() => undefined);
  }

  /** Triggers by a cron expression (seconds allowed, UTC), also when the clock is set back or forward meanwhile. */
  schedule(expression: string): void {
    this.#follow(expression).catch((error: unknown) => {
      const { log, name } = this.#parts;
      if (!this.#stopped.signal.aborted)
        log.error({ job: name, err: error }, 'the schedule of a job broke off');
    });
  }

  /** No new run; resolves when the run under way has ended. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running?.catch(() => undefined);
  }

  /** Ends, with a rejection, when the job is stopped. The library's own timers wait out a clock that is set back. */
  async #follow(expression: string): Promise<void> {
    const { clock } = this.#parts;
    let seen = Math.floor(clock.now() / SECOND);
    let matches: ((second: number) => boolean) | undefined;
    for (;;) {
      await clock.sleep(SECOND - (clock.now() % SECOND), this.#stopped.signal);
      // Reading expressions is slow; it does not hold up the start.
      matches ??= secondsOf(expression);
      if (!this.#running) this.#sign();
      const now = Math.floor(clock.now() / SECOND);
      if (now !== seen && secondsTo(now, seen).some(matches)) this.trigger();
      seen = now;
    }
  }

  #sign(): void {
    this.#aliveAt = this.#parts.clock.monotonic();
  }

  async #run(forced: boolean): Promise<Counts> {
    const { clock, log, runs, name, abort } = this.#parts;
    const startedAtMs = clock.now();
    const started = clock.monotonic();
    this.#dueSinceMs ??= startedAtMs;
    this.#sign();
    const finish = (counts: Counts, problem: string | null): void => {
      runs.record({ job: name, startedAtMs, finishedAtMs: clock.now(), counts, problem });
    };
    try {
      const counts = await this.#parts.run({
        forced,
        stopping: () => {
          this.#sign();
          return this.#stopped.signal.aborted;
        },
        call: (work) => {
          this.#sign();
          return { work, signal: abort, stopping: this.#stopped.signal };
        },
      });
      finish(counts, null);
      this.#dueSinceMs = undefined;
      log[didSomething(counts) ? 'info' : 'debug'](
        { job: name, counts, durationMs: Math.round(clock.monotonic() - started) },
        'run finished',
      );
      return counts;
    } catch (error) {
      if (isStop(error)) throw error;
      // Logged first: with a full disk nothing can be stored, and that must be seen.
      log[levelOf(error)]({ job: name, err: error }, 'run failed');
      finish({}, error instanceof AppError ? error.message : 'unexpected error, see the log');
      throw error;
    }
  }
}

/** A call may wait this long behind more important ones, in the largest session there is. */
const LONGEST_CALL = HOUR;
const LONGEST_TICK = 2 * MINUTE;

/** Whether an expression names a second, counted from the epoch. */
function secondsOf(expression: string): (second: number) => boolean {
  const task = cron.createTask(expression, () => undefined, { timezone: 'UTC' });
  return (second) => task.match(new Date(second * SECOND));
}

/** Seconds that a busy program slept through count, a jump of the clock does not. */
const MOST_SECONDS = 60;

/** The seconds that have begun since `seen`; only `now` after a jump back. */
function secondsTo(now: number, seen: number): number[] {
  const count = now > seen ? Math.min(now - seen, MOST_SECONDS) : 1;
  return Array.from({ length: count }, (_, index) => now - index);
}

function didSomething(counts: Counts): boolean {
  return Object.values(counts).some((count) => count > 0);
}

/** Told to stop while it waited for its turn: it has not failed. */
function isStop(error: unknown): boolean {
  return error instanceof ParkedError && error.reason === 'stopping';
}

/** ERROR only when a person must act: credentials, configuration, a bug. */
function levelOf(error: unknown): 'info' | 'warn' | 'error' {
  if (error instanceof ParkedError) return error.reason === 'auth' ? 'error' : 'warn';
  if (error instanceof AuthError) return 'error';
  return error instanceof RetryableError ? 'warn' : 'error';
}
