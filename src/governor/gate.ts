import type { Clock } from '../clock.ts';
import type { Call, WorkClass } from '../domain.ts';
import { WorkQueue } from './queue.ts';

interface Waiter {
  readonly work: WorkClass;
  readonly admission: Admission;
  readonly settle: (error?: unknown) => void;
}

export interface Admission {
  /** Throws when the call must not be sent. */
  check(): void;
  /** Called in the moment the call may start; a throw refuses it. */
  start(): void;
  /** What a call is refused with that would have to wait while the program drains. */
  stopped(): Error;
}

export interface GateOptions {
  readonly clock: Clock;
  /** Most calls between `enter` and `leave`, at least one; asked again whenever a call may start. */
  readonly concurrency: () => number;
  /** Milliseconds until the next call may start; asked again after every wait. */
  readonly waitMs: () => number;
}

/**
 * Lets calls start one at a time. Who goes next is decided at the last moment, so that more important work that
 * arrives during a wait overtakes.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #queue = new WorkQueue<Waiter>();
  #active = 0;
  #pumping = false;
  /** Set while the next call waits for its time. */
  #nap: AbortController | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Resolves when the call may start; `leave` must follow. Rejects when refused, aborted or drained in the queue. */
  async enter(call: Call, admission: Admission): Promise<void> {
    call.signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => waiter.settle(call.signal.reason);
      const onStop = () => waiter.settle(admission.stopped());
      const waiter: Waiter = {
        work: call.work,
        admission,
        settle: (error) => {
          call.signal.removeEventListener('abort', onAbort);
          call.stopping?.removeEventListener('abort', onStop);
          this.#remove(waiter);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      call.signal.addEventListener('abort', onAbort, { once: true });
      call.stopping?.addEventListener('abort', onStop, { once: true });
      this.#queue.add(waiter);
      void this.#pump();
      if (call.stopping?.aborted && this.#queue.has(waiter)) onStop();
    });
  }

  leave(): void {
    this.#active--;
    void this.#pump();
  }

  /** Refuses at once whoever waits and must not be sent any more. */
  recheck(): void {
    for (const waiter of this.#queue.all()) {
      try {
        waiter.admission.check();
      } catch (error) {
        waiter.settle(error);
      }
    }
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    let next = this.#next();
    while (next) {
      const waitMs = this.#options.waitMs();
      if (waitMs > 0) await this.#sleep(waitMs);
      else this.#admit(next);
      next = this.#next();
    }
    this.#pumping = false;
  }

  #next(): Waiter | undefined {
    return this.#active < this.#options.concurrency() ? this.#queue.first() : undefined;
  }

  #admit(waiter: Waiter): void {
    try {
      waiter.admission.check();
      waiter.admission.start();
    } catch (error) {
      waiter.settle(error);
      return;
    }
    this.#active++;
    waiter.settle();
  }

  #remove(waiter: Waiter): void {
    this.#queue.remove(waiter);
    if (!this.#queue.first()) this.#nap?.abort();
  }

  /** Ends early when nobody waits any more, so that no timer keeps the process alive. */
  async #sleep(ms: number): Promise<void> {
    const nap = new AbortController();
    this.#nap = nap;
    try {
      await this.#options.clock.sleep(ms, nap.signal);
    } catch (error) {
      if (!nap.signal.aborted) throw error;
    } finally {
      this.#nap = undefined;
    }
  }
}
