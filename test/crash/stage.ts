import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE, SECOND } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Logger } from '../../src/logger.ts';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Database } from '../../src/store/database.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { Boundaries } from './boundaries.ts';
import { Life } from './life.ts';

export const START = Date.parse('2026-03-02T08:00:00Z');
const KEYS = newKeyPair();
const RESTART_AFTER = 5 * SECOND;
const SILENT: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Where state files live that only a modelled crash can hurt: in memory, when the machine has such a folder. */
export const SCRATCH = scratch();

export interface StageOptions {
  readonly boundaries?: Boundaries;
  /** Called with each life as it begins, and before that with its connection to the state file. */
  readonly onLife?: (life: Life) => void;
  readonly onOpen?: (db: Database) => void;
  /** What the disk says to each commit; nothing unless it throws. */
  readonly onCommit?: (writes: readonly string[]) => void;
  /** Called before each round. */
  readonly onRound?: () => void;
}

/** The sandbox, and one life of the daemon after the other on one state file and one virtual clock. No sockets. */
export class Stage {
  readonly clock = new VirtualClock(START);
  readonly sandbox = Sandbox.create({
    clock: this.clock,
    keys: KEYS,
    switches: { pardot: { mirrorDelayMs: 0 }, livestorm: { extraPeople: false } },
  });
  readonly dir: string;
  /** What failed in rounds that the daemon survived. */
  readonly failures: unknown[] = [];
  life: Life;
  readonly #boundaries: Boundaries;
  readonly #config: Config;
  readonly #options: StageOptions;

  private constructor(dir: string, config: Config, options: StageOptions) {
    this.dir = dir;
    this.#config = config;
    this.#boundaries = options.boundaries ?? new Boundaries('every');
    this.#options = options;
    this.life = this.#begin();
  }

  /** @param dir Where the state goes; a folder of its own that is deleted afterwards, unless given. */
  static async open(options: StageOptions & { dir?: string } = {}): Promise<Stage> {
    const dir = options.dir ?? mkdtempSync(join(SCRATCH, 'livestorm-pardot-crash-'));
    return new Stage(dir, { ...(await sharedConfig()), stateDir: join(dir, 'state') }, options);
  }

  /** Goes to the next full minute and lets the daemon do one round there; if it dies it is started again. */
  async minutes(count = 1): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      await this.clock.advance(MINUTE - (this.clock.now() % MINUTE));
      this.#options.onRound?.();
      let ended = await this.life.round();
      while (ended === 'died') {
        await this.clock.advance(RESTART_AFTER);
        this.restart();
        ended = await this.life.round();
      }
      this.failures.push(...ended);
    }
  }

  /** As after the end of the process, however it ended. */
  restart(): void {
    this.life[Symbol.dispose]();
    this.life = this.#begin();
  }

  /** Minute after minute until it is so and nothing is on its way; throws when not so in `atMost`. */
  async until(what: string, isSo: () => boolean, atMost = 45): Promise<void> {
    for (let minute = 0; minute < atMost; minute++) {
      if (isSo() && this.life.store.effects.open().length === 0) return;
      await this.minutes();
    }
    const open = this.life.store.effects.open().map(({ kind, state }) => `${kind} ${state}`);
    throw new Error(`not within ${atMost} minutes: ${what} (${open.join(', ') || 'nothing is open'})`);
  }

  async skipTo(atMs: number): Promise<void> {
    await this.clock.advance(Math.max(0, atMs - this.clock.now()));
  }

  [Symbol.dispose](): void {
    this.life[Symbol.dispose]();
    rmSync(this.dir, { recursive: true, force: true });
  }

  #begin(): Life {
    this.#boundaries.begin();
    const life = new Life({
      config: this.#config,
      sandbox: this.sandbox,
      clock: this.clock,
      log: SILENT,
      boundaries: this.#boundaries,
      onOpen: this.#options.onOpen ?? (() => {}),
      onCommit: this.#options.onCommit ?? (() => {}),
    });
    this.#options.onLife?.(life);
    return life;
  }
}

let loaded: Promise<Config> | undefined;

/** The sandbox's own configuration, read once: without sockets all of one seed are the same. */
function sharedConfig(): Promise<Config> {
  loaded ??= (async () => {
    const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-config-'));
    const sandbox = Sandbox.create({ clock: new VirtualClock(START), keys: KEYS });
    const config = await loadConfig(await sandbox.writeConfig(dir), {});
    rmSync(dir, { recursive: true });
    return config;
  })();
  return loaded;
}

function scratch(): string {
  try {
    rmSync(mkdtempSync('/dev/shm/livestorm-pardot-'), { recursive: true });
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}
