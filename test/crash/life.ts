import type { Config } from '../../src/config/config.ts';
import { createDaemon, type Daemon } from '../../src/daemon.ts';
import type { Logger } from '../../src/logger.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { Database } from '../../src/store/database.ts';
import { Store, stateFile } from '../../src/store/store.ts';
import { InProcessDispatcher, type Moment, type SeenRequest } from '../support/in-process.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Boundaries, Boundary } from './boundaries.ts';
import { watchCommits } from './commits.ts';

export interface LifeParts {
  readonly config: Config;
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  readonly log: Logger;
  readonly boundaries: Boundaries;
  /** Called with the connection before the daemon has it. */
  readonly onOpen: (db: Database) => void;
  /** Called inside every transaction, before it commits; what it throws is what the disk says. */
  readonly onCommit: (writes: readonly string[]) => void;
}

/** The process ended in the middle of this. */
class Crash extends Error {}

/**
 * One run of the daemon from its start to its end, on a connection of its own to the state file. Where `boundaries`
 * says so it dies: from that moment on it commits nothing, sends nothing and hears nothing.
 */
export class Life {
  readonly store: Store;
  readonly #db: Database;
  readonly #dispatcher: InProcessDispatcher;
  readonly #boundaries: Boundaries;
  readonly #died = Promise.withResolvers<'died'>();
  #isDead = false;
  #daemon: Daemon | undefined;
  #isFresh = true;

  constructor({ config, sandbox, clock, log, boundaries, onOpen, onCommit }: LifeParts) {
    this.#boundaries = boundaries;
    this.#db = Database.open(stateFile(config.stateDir));
    onOpen(this.#db);
    watchCommits(this.#db, {
      before: (writes) => {
        onCommit(writes);
        this.#reach('before commit', writes);
      },
      after: (writes) => this.#reach('after commit', writes),
    });
    this.store = new Store(this.#db);
    this.#dispatcher = new InProcessDispatcher(sandbox, clock, {
      onRequest: (moment, request) => this.#onRequest(moment, request),
    });
    try {
      this.#daemon = createDaemon({ config, store: this.store, clock, log, dispatcher: this.#dispatcher });
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  /** One pass, the first one as after a start. Resolves with what failed in it, or with `died`. */
  async round(): Promise<readonly unknown[] | 'died'> {
    if (this.#isDead || !this.#daemon) return 'died';
    const forced = this.#isFresh;
    this.#isFresh = false;
    const passed = this.#daemon
      .runOnce({ forced })
      .then(({ failures }) => failures.map(({ error }) => error));
    return await Promise.race([this.#died.promise, passed]);
  }

  [Symbol.dispose](): void {
    this.#isDead = true;
    this.#dispatcher.cut();
    this.#db[Symbol.dispose]();
  }

  #reach(boundary: Boundary, writes: readonly string[]): void {
    const isNotable = writes.some((sql) => !BOOKKEEPING.test(sql));
    if (!this.#isDead && this.#boundaries.reach(boundary, isNotable)) this.#die();
    if (this.#isDead) throw new Crash();
  }

  /** A promise that never settles: nothing comes back to a dead process. */
  #onRequest(moment: Moment, { method, path }: SeenRequest): undefined | Promise<void> {
    const boundary = moment === 'sent' ? 'before request' : 'after request';
    const isNotable = method !== 'GET' && !path.includes('/oauth2/');
    if (!this.#isDead && this.#boundaries.reach(boundary, isNotable)) this.#die();
    return this.#isDead ? new Promise(() => undefined) : undefined;
  }

  #die(): void {
    this.#isDead = true;
    this.#dispatcher.cut();
    this.#died.resolve('died');
  }
}

/** Records of runs and counts of calls: losing the last of them changes nothing that follows. */
const BOOKKEEPING = /^INSERT INTO (?:job_run|governor)\b/;
