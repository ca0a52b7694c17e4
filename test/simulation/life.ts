import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { createDaemon, type Daemon } from '../../src/daemon.ts';
import type { Logger } from '../../src/logger.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { Database } from '../../src/store/database.ts';
import { Store, stateFile } from '../../src/store/store.ts';
import { InProcessDispatcher, type Moment, type SeenRequest } from '../support/in-process.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Dice } from './dice.ts';

export interface LifeParts {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  readonly config: Config;
  readonly dice: Dice;
  readonly log: Logger;
  readonly latencyMs: () => number;
  /** How far the daemon's wall clock is off. */
  readonly skewMs: () => number;
  readonly onRequest: (moment: Moment, request: SeenRequest) => void;
}

/** After so many of these the process is killed in the middle of whatever it does. */
export type Death =
  | { readonly after: 'requests'; left: number; readonly moment: Moment }
  /** Looks at the clock: they lie between any two commits. */
  | { readonly after: 'looks'; left: number };

/** One run of the daemon's process: from opening the state to a clean end or a kill. */
export class Life {
  readonly store: Store;
  readonly daemon: Daemon;
  readonly #dispatcher: InProcessDispatcher;
  readonly #end = Promise.withResolvers<'killed'>();
  readonly #asleep = new AbortController();
  #isOver = false;
  /** Set to have the process killed. */
  death: Death | undefined;

  constructor(parts: LifeParts) {
    const { sandbox, clock, config, log, latencyMs } = parts;
    this.#dispatcher = new InProcessDispatcher(sandbox, clock, {
      latencyMs,
      onRequest: (moment, request) => this.#onRequest(parts, moment, request),
    });
    this.store = openQuickly(config.stateDir);
    this.daemon = createDaemon({
      config,
      store: this.store,
      clock: this.#clockOf(parts),
      log,
      dispatcher: this.#dispatcher,
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** One pass of everything; what failed, or that the process was killed on the way. */
  async round(): Promise<readonly unknown[] | 'killed'> {
    const pass = this.daemon.runOnce().then(({ failures }) => failures.map(({ error }) => error));
    const ended = await Promise.race([pass.catch((error: unknown) => [error]), this.#end.promise]);
    return this.#isOver ? 'killed' : ended;
  }

  /** Nothing of this process happens any more. */
  kill(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#dispatcher.cut();
    this.#asleep.abort();
    this.store[Symbol.dispose]();
    this.#end.resolve('killed');
  }

  /** As SIGTERM does it. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    await this.daemon.drain();
    this.kill();
  }

  #onRequest(parts: LifeParts, moment: Moment, request: SeenRequest): void | Promise<void> {
    const { death } = this;
    if (death?.after === 'requests' && death.moment === moment && --death.left <= 0) {
      this.kill();
      return new Promise(() => {});
    }
    parts.onRequest(moment, request);
    if (this.#isOver) return new Promise(() => {});
  }

  #clockOf({ clock, dice, skewMs }: LifeParts): Clock {
    const bornAtMs = clock.monotonic();
    return {
      now: () => {
        const { death } = this;
        if (death?.after === 'looks' && --death.left <= 0) this.kill();
        if (this.#isOver) throw new Error('this process has ended');
        return clock.now() + skewMs();
      },
      monotonic: () => clock.monotonic() - bornAtMs,
      deadline: (ms) => clock.deadline(ms),
      random: () => dice.next(),
      sleep: async (ms, signal) => {
        const signals = signal ? [signal, this.#asleep.signal] : [this.#asleep.signal];
        try {
          await clock.sleep(ms, AbortSignal.any(signals));
        } catch (error) {
          if (this.#isOver) await new Promise(() => {});
          throw error;
        }
      },
    };
  }
}

/** The state file as production has it, without the file locks of every read: they cost more than all the rest. */
function openQuickly(stateDir: string): Store {
  const database = Database.open(stateFile(stateDir));
  database.pragma('locking_mode = EXCLUSIVE');
  return new Store(database);
}
