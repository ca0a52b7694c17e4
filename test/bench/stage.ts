import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR, MINUTE } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createDaemon, type Daemon } from '../../src/daemon.ts';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { InProcessDispatcher } from '../support/in-process.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

export interface StageOptions {
  readonly switches?: SandboxOptions['switches'];
  readonly seed?: number;
  readonly config?: (config: Config) => Config;
  /** Milliseconds that every request takes there and back. */
  readonly latencyMs?: number;
}

const START = Date.parse('2026-03-02T08:00:00Z');
const KEYS = newKeyPair();
/** In memory where there is such a folder: what is counted here does not depend on the disk. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Requests end by the virtual clock alone: a real timer for each would outlive a million of them. */
class StageClock extends VirtualClock {
  override deadline(): AbortSignal {
    return new AbortController().signal;
  }
}

/** The whole daemon by its own schedule against the whole sandbox, on one virtual clock, without sockets. */
export class Stage {
  readonly clock: VirtualClock;
  readonly sandbox: Sandbox;
  readonly config: Config;
  readonly store: Store;
  readonly daemon: Daemon;
  /** Warnings and errors: what a person would see. */
  readonly troubles: string[] = [];
  readonly #dir: string;
  #isByRounds = false;

  private constructor(parts: {
    clock: VirtualClock;
    sandbox: Sandbox;
    dir: string;
    config: Config;
    latencyMs: number;
  }) {
    const { clock, sandbox, config } = parts;
    this.clock = clock;
    this.sandbox = sandbox;
    this.config = config;
    this.#dir = parts.dir;
    this.store = openStore(config.stateDir);
    const oneWayMs = parts.latencyMs / 2;
    this.daemon = createDaemon({
      config,
      store: this.store,
      clock,
      log: {
        debug: () => undefined,
        info: () => undefined,
        warn: (fields, message) => void this.troubles.push(`${message} ${String(fields.err ?? '')}`),
        error: (fields, message) => void this.troubles.push(`${message} ${String(fields.err ?? '')}`),
      },
      dispatcher: new InProcessDispatcher(sandbox, clock, { latencyMs: () => oneWayMs }),
    });
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const clock = new StageClock(START);
    const { seed = 1, switches, latencyMs = 200, config: change = (same) => same } = options;
    const sandbox = Sandbox.create({ clock, seed, keys: KEYS, ...(switches ? { switches } : {}) });
    const dir = mkdtempSync(join(FOLDER, 'livestorm-pardot-bench-'));
    const config = change(await loadConfig(await sandbox.writeConfig(dir), {}));
    return new Stage({ clock, sandbox, dir, config, latencyMs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.daemon.drain();
    this.store[Symbol.dispose]();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Runs on until the instant; requests under way are waited for before time goes on. */
  async runTo(atMs: number): Promise<void> {
    await this.clock.sleep(Math.max(0, atMs - this.clock.now()));
  }

  /** Goes to the next full minute and does one round there, `count` times; for long times without `daemon.start`. */
  async minutes(count: number): Promise<void> {
    this.#isByRounds = true;
    for (let minute = 0; minute < count; minute++) {
      await this.clock.sleep(MINUTE - (this.clock.now() % MINUTE));
      const { failures } = await this.daemon.runOnce();
      for (const { job, error } of failures) this.troubles.push(`${job}: ${String(error)}`);
    }
  }

  /** A webinar that the daemon has linked, and a form that carries its campaign. */
  async linkedWebinar(startsAtMs: number): Promise<{ sessionId: string; formId: number }> {
    const { livestorm, pardot } = this.sandbox;
    const event = livestorm.world.createEvent({ title: 'Webinar' });
    const { id: sessionId } = livestorm.world.createSession(event.id, { startsAtMs });
    const untilMs = this.clock.now() + 3 * HOUR;
    while (this.store.links.get(sessionId)?.listId == null) {
      if (this.clock.now() > untilMs) throw new Error('the session was not linked within three hours');
      await (this.#isByRounds ? this.minutes(1) : this.clock.sleep(MINUTE));
    }
    const campaignId = this.store.links.get(sessionId)?.pardotCampaignId ?? 0;
    const formId = pardot.world.createForm({ name: 'Form', campaignId });
    return { sessionId, formId };
  }

  /** Requests so far by vendor and route. */
  calls(): ReadonlyMap<string, number> {
    return new Map(this.sandbox.log.counts());
  }
}

/** How many requests of the vendor there were since `before`, routes that match `except` left out. */
export function callsSince(
  stage: Stage,
  before: ReadonlyMap<string, number>,
  vendor: 'livestorm' | 'pardot',
  except: RegExp = /^$/,
): number {
  let sum = 0;
  for (const [route, count] of stage.calls()) {
    if (route.startsWith(`${vendor} `) && !except.test(route)) sum += count - (before.get(route) ?? 0);
  }
  return sum;
}
