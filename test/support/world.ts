import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createDaemon, createDispatcher, type Daemon } from '../../src/daemon.ts';
import { emailKey, type Outcome } from '../../src/domain.ts';
import type { LogFields, Logger } from '../../src/logger.ts';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { holdingTime } from './holding-dispatcher.ts';
import { InProcessDispatcher, type InProcessOptions } from './in-process.ts';
import { VirtualClock } from './virtual-clock.ts';

export const START = Date.parse('2026-03-02T08:00:00Z');
const KEYS = newKeyPair();

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: LogFields;
  readonly message: string;
}

/**
 * The whole daemon against the whole sandbox, over real sockets unless told otherwise, on one virtual clock and a
 * real state file.
 */
export class World {
  readonly clock: VirtualClock;
  readonly sandbox: Sandbox;
  readonly dir: string;
  readonly lines: LogLine[] = [];
  readonly failures: unknown[] = [];
  config: Config;
  store: Store;
  daemon: Daemon;
  readonly #inProcess: InProcessOptions | undefined;

  private constructor(parts: WorldParts) {
    this.clock = parts.clock;
    this.sandbox = parts.sandbox;
    this.dir = parts.dir;
    this.config = parts.config;
    this.#inProcess = parts.inProcess;
    this.store = openStore(parts.config.stateDir);
    this.daemon = this.#createDaemon();
  }

  /** `before` sets the stage an hour before the daemon's first start. `inProcess`: without sockets, faster. */
  static async start(
    options: {
      switches?: SandboxOptions['switches'];
      seed?: number;
      before?: (sandbox: Sandbox, startAtMs: number) => void;
      inProcess?: boolean | InProcessOptions;
    } = {},
  ): Promise<World> {
    const { seed = 1, switches, before } = options;
    const inProcess = options.inProcess === true ? {} : options.inProcess || undefined;
    const clock = new VirtualClock(START - HOUR, { virtualDeadlines: inProcess !== undefined });
    const sandboxOptions = { clock, seed, keys: KEYS, ...(switches ? { switches } : {}) };
    const sandbox = inProcess ? Sandbox.create(sandboxOptions) : await Sandbox.start(sandboxOptions);
    before?.(sandbox, START);
    await clock.advance(HOUR);
    const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-test-'));
    const config = await loadConfig(await sandbox.writeConfig(dir), {});
    return new World({ clock, sandbox, dir, config, inProcess });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.store[Symbol.dispose]();
    await this.sandbox[Symbol.asyncDispose]();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** As if the process had ended between two rounds and were started again. */
  restart(config: Partial<Config> = {}): void {
    this.store[Symbol.dispose]();
    this.config = { ...this.config, ...config };
    this.store = openStore(this.config.stateDir);
    this.daemon = this.#createDaemon();
  }

  /** Goes to the next full minute and does one round there, `count` times. What fails is kept in `failures`. */
  async minutes(count = 1): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      await this.clock.advance(MINUTE - (this.clock.now() % MINUTE));
      const { failures } = await this.daemon.runOnce();
      this.failures.push(...failures.map(({ error }) => error));
    }
  }

  /** Minute after minute; throws when it has not become so in `atMost`. */
  async until(what: string, isSo: () => boolean, atMost = 60): Promise<void> {
    for (let minute = 0; minute < atMost; minute++) {
      if (isSo()) return;
      await this.minutes();
    }
    if (!isSo()) throw new Error(`not within ${atMost} minutes: ${what}`);
  }

  async skipTo(atMs: number): Promise<void> {
    await this.clock.advance(Math.max(0, atMs - this.clock.now()));
    await this.minutes();
  }

  /** A published event with one session, linked by the daemon, and a form that carries its campaign. */
  async linkedWebinar(title = 'Pardot Test Event'): Promise<LinkedWebinar> {
    const { livestorm, pardot } = this.sandbox;
    const startsAtMs = this.clock.now() + 6 * 60 * MINUTE;
    const event = livestorm.world.createEvent({ title });
    const { id: sessionId } = livestorm.world.createSession(event.id, { startsAtMs });
    await this.until('the session is linked', () => this.store.links.get(sessionId)?.listId != null);
    const campaignId = this.store.links.get(sessionId)?.pardotCampaignId ?? 0;
    const formId = pardot.world.createForm({ name: `${title} form`, campaignId });
    return { eventId: event.id, sessionId, startsAtMs, campaignId, formId };
  }

  outcomeOf(sessionId: string, email: string): Outcome | null {
    return this.store.registrations.get(sessionId, emailKey(email))?.outcome ?? null;
  }

  /** The people whom an API client registered, each with how often Livestorm mailed them. */
  registered(sessionId: string): { email: string; confirmations: number }[] {
    return this.sandbox.livestorm.world
      .people(sessionId)
      .filter(({ registeredBy }) => registeredBy === 'api' || registeredBy === 'bulk')
      .map(({ email, confirmationsSent }) => ({ email, confirmations: confirmationsSent }));
  }

  #createDaemon(): Daemon {
    const write =
      (level: LogLine['level']) =>
      (fields: LogFields, message: string): void => {
        this.lines.push({ level, fields, message });
      };
    const log: Logger = {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    };
    return createDaemon({
      config: this.config,
      store: this.store,
      clock: this.clock,
      log,
      dispatcher: this.#inProcess
        ? new InProcessDispatcher(this.sandbox, this.clock, this.#inProcess)
        : holdingTime(createDispatcher(), this.clock),
    });
  }
}

interface WorldParts {
  readonly clock: VirtualClock;
  readonly sandbox: Sandbox;
  readonly dir: string;
  readonly config: Config;
  readonly inProcess: InProcessOptions | undefined;
}

export interface LinkedWebinar {
  readonly eventId: string;
  readonly sessionId: string;
  readonly startsAtMs: number;
  readonly campaignId: number;
  readonly formId: number;
}

/** From before the daemon's first start: a session of the next day, with a campaign, a form and a list of its own. */
export function plannedLongAgo({ livestorm, pardot }: Sandbox, startAtMs: number) {
  const { id: eventId } = livestorm.world.createEvent({ title: 'Planned long ago' });
  const { id: sessionId } = livestorm.world.createSession(eventId, { startsAtMs: startAtMs + DAY });
  const campaignId = pardot.world.createCampaign({ name: 'Own campaign' });
  const formId = pardot.world.createForm({ name: 'Own form', campaignId });
  const listId = pardot.world.createList({ name: 'Own list', campaignId });
  return { eventId, sessionId, campaignId, formId, listId };
}
