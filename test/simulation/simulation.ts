import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { AppError } from '../../src/errors.ts';
import type { Logger } from '../../src/logger.ts';
import type { LoggedRequest } from '../../src/sandbox/kernel/request-log.ts';
import { type KeyPair, newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Moment, SeenRequest } from '../support/in-process.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { configurationFor } from './configuration.ts';
import { Dice } from './dice.ts';
import { armFaults, drawFeatures } from './draws.ts';
import { History } from './history.ts';
import { Injector } from './injector.ts';
import { Life } from './life.ts';
import { type Action, purgeSomebody, writeScript } from './script.ts';
import { drawSettings, type Settings } from './settings.ts';
import { Stage } from './stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The daemon starts an hour after the world. */
const WORLD_BEGINS = Date.parse('2026-03-02T07:00:00Z');
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

let keys: KeyPair | undefined;

/** The one pair of a process: making one takes longer than a seed. */
function keyPair(): KeyPair {
  keys ??= newKeyPair();
  return keys;
}

export interface SimulationOptions {
  /** False: no faults, kills and jumps, for looking at one world alone. */
  readonly troubles?: boolean;
}

/** One world under one seed: the vendors, what people do there, and the daemon's lives, on one virtual clock. */
export class Simulation {
  readonly seed: number;
  readonly clock = new VirtualClock(WORLD_BEGINS, { virtualDeadlines: true });
  readonly sandbox: Sandbox;
  readonly settings: Settings;
  readonly history = new History();
  readonly stage: Stage;
  readonly injector: Injector;
  /** What went wrong on the way, whatever the end looks like. */
  readonly alarms = new Set<string>();
  /** When requests reached their vendor. */
  readonly arrivals: { readonly vendor: string; readonly startedAtMs: number; readonly label: string }[] = [];
  /** Starts of the daemon. */
  readonly births: number[] = [];
  /** The most requests that Pardot worked on at once. */
  peakInFlight = 0;
  life: Life | undefined;
  readonly #dice: Dice;
  readonly #daemonDice: Dice;
  readonly #options: SimulationOptions;
  readonly #folder = mkdtempSync(join(FOLDER, 'livestorm-pardot-simulation-'));
  #config: Config | undefined;
  #skewMs = 0;
  /** Done at the first request of the next pass. */
  #inRound: Action[] = [];
  /** Once more after something has happened: what people do shows late. */
  #lookAgainMs = 0;

  constructor(seed: number, options: SimulationOptions = {}) {
    this.seed = seed;
    this.#options = options;
    this.#dice = new Dice(seed * 2 + 1);
    this.#daemonDice = new Dice(seed * 2 + 2);
    this.settings = drawSettings(this.#dice, drawFeatures(this.#dice, seed));
    const { livestorm, pardot, salesforce } = this.settings;
    const switches = { livestorm, pardot, salesforce };
    this.sandbox = Sandbox.create({ clock: this.clock, seed, keys: keyPair(), switches });
    this.stage = new Stage(this.sandbox, this.clock, this.history);
    this.injector = new Injector(this.sandbox, this.history);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.life?.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Plays the whole story until nothing is left to do; the last life is still open then. */
  async play(): Promise<void> {
    const { actions, before, startMs, endMs } = writeScript(this.stage, this.#dice, this.settings);
    before();
    this.#config = await configurationFor(
      this.sandbox,
      keyPair(),
      this.settings,
      join(this.#folder, 'state'),
    );
    await this.clock.advance(startMs - this.clock.now());
    if (this.#options.troubles !== false) {
      armFaults(this.injector, this.#dice, this.settings, {
        seed: this.seed,
        fromMs: startMs,
        toMs: endMs + DAY,
      });
      this.#planTroubles(actions, startMs, endMs);
    }
    this.#begin();
    await this.#runBySchedule(actions, startMs + this.settings.scheduledMinutes * MINUTE);
    await this.#runTo(endMs + HOUR, actions, 40 * MINUTE);
    await this.#runTo(endMs + 4 * HOUR, actions, HOUR);
    await this.#runTo(endMs + 26 * HOUR, actions, 4 * HOUR);
    this.injector.clear();
    this.#skewMs = 0;
    this.history.note(this.clock.now(), 'nothing goes wrong any more');
    // Attendance that was first read late is read again a day later.
    await this.#runTo(endMs + 3 * DAY + 6 * HOUR, actions, 13 * HOUR);
    await this.#untilDone();
  }

  /** Two more looks at everything, the second after a restart; the writes they led to. */
  async idle(): Promise<LoggedRequest[]> {
    const sinceMs = this.clock.now();
    await this.#step(sinceMs + HOUR);
    await this.life?.close();
    this.#begin();
    await this.#step(sinceMs + 2 * HOUR);
    await this.#step(sinceMs + 2 * HOUR + MINUTE);
    return this.sandbox.log
      .entries()
      .filter(({ atMs, method, path }) => atMs > sinceMs && method !== 'GET' && !path.includes('/oauth2/'));
  }

  /** Of everything that was sent, in order. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const request of this.sandbox.log.entries()) hash.update(`${Object.values(request).join(' ')}\n`);
    return hash.digest('hex').slice(0, 16);
  }

  #begin(): void {
    const { sandbox, clock, settings } = this;
    if (!this.#config) throw new Error('the world has no configuration yet');
    this.births.push(this.clock.now());
    const life: Life = new Life({
      sandbox,
      clock,
      config: this.#config,
      dice: this.#daemonDice,
      log: this.#log(() => life.isOver),
      latencyMs: () => (settings.latencyMs === 0 ? 0 : this.#daemonDice.between(1, settings.latencyMs)),
      skewMs: () => this.#skewMs,
      onRequest: (moment, request) => this.#onRequest(moment, request),
    });
    this.life = life;
  }

  #onRequest(moment: Moment, request: SeenRequest): void {
    if (moment === 'sent') {
      const { vendor, atMs: startedAtMs, method, path } = request;
      this.arrivals.push({ vendor, startedAtMs, label: `${method} ${path}` });
      if (request.vendor === 'pardot') this.peakInFlight = Math.max(this.peakInFlight, request.inFlight);
      for (const action of this.#inRound.splice(0)) this.#do(action);
    }
    // What an import was to change may be gone when the vendor comes to it.
    const isImport = request.method === 'PATCH' && request.path.includes('/imports/');
    if (moment === 'applied' && isImport && this.#dice.chance(0.25)) purgeSomebody(this.stage, this.#dice);
    this.injector.onRequest(moment, request);
  }

  /** Kills, restarts and jumps of the clock, as actions among the others. */
  #planTroubles(actions: Action[], startMs: number, endMs: number): void {
    const dice = this.#dice;
    const add = (run: () => void): void => {
      const atMs = startMs + Math.floor((endMs + HOUR - startMs) * dice.next());
      actions.push({ atMs, midRound: false, run: () => void run() });
    };
    for (let count = 0; count < this.settings.kills; count++) add(() => this.#armKill());
    for (let count = 0; count < this.settings.restarts; count++) add(() => this.#armKill('now'));
    // An assertion is signed with a time: Salesforce refuses one from a clock that is minutes behind.
    const widths = this.settings.auth === 'jwt' ? [20_000] : [20_000, 4 * MINUTE, HOUR, 5 * HOUR];
    for (let count = 0; count < this.settings.jumps; count++) {
      add(() => this.#jump(dice.pick([-1, 1]) * dice.pick(widths)));
    }
    actions.sort((a, b) => a.atMs - b.atMs);
  }

  #jump(byMs: number): void {
    this.#skewMs += byMs;
    this.history.trouble(
      this.clock.now(),
      `the daemon's clock jumps by ${byMs / 1000} s`,
      Math.abs(this.#skewMs),
    );
  }

  #wantsRestart = false;

  #armKill(when?: 'now'): void {
    if (when === 'now') {
      this.#wantsRestart = true;
      return;
    }
    if (!this.life) return;
    const dice = this.#dice;
    this.life.death = dice.chance(0.6)
      ? { after: 'requests', left: dice.between(1, 6), moment: dice.pick(['sent', 'applied']) }
      : { after: 'looks', left: dice.between(1, 150) };
  }

  async #runTo(untilMs: number, actions: Action[], idleMs: number): Promise<void> {
    while (this.clock.now() < untilMs) {
      const now = this.clock.now();
      const nextMs = Math.min(untilMs, now + idleMs, actions[0]?.atMs ?? untilMs, this.#nextDueMs(now));
      await this.#step(Math.max(now + MINUTE, nextMs), actions);
    }
  }

  /** When the daemon has something to do, as far as its outbox tells, in whole minutes. */
  #nextDueMs(now: number): number {
    const due = this.life?.store.effects.open().filter(({ state }) => state !== 'dead') ?? [];
    const again = this.#lookAgainMs > now ? this.#lookAgainMs : Number.POSITIVE_INFINITY;
    const nextMs = Math.min(again, ...due.map(({ nextAttemptAtMs }) => nextAttemptAtMs - this.#skewMs));
    return Math.ceil(nextMs / MINUTE) * MINUTE;
  }

  /** Goes to that time, lets everything happen that is due there, and has the daemon look once. */
  async #step(atMs: number, actions: Action[] = []): Promise<void> {
    await this.clock.advance(Math.max(0, atMs - this.clock.now()));
    this.stage.lookAround();
    while (actions[0] && actions[0].atMs <= this.clock.now()) {
      const action = actions.shift() as Action;
      if (this.#dice.chance(0.5)) this.#lookAgainMs = this.clock.now() + this.#dice.between(1, 3) * MINUTE;
      if (action.midRound) this.#inRound.push(action);
      else this.#do(action, actions);
    }
    if (this.#wantsRestart) await this.#restart();
    const ended = await this.life?.round();
    for (const action of this.#inRound.splice(0)) this.#do(action, actions);
    this.stage.lookAround();
    if (ended === 'killed') this.#reborn();
    else for (const error of ended ?? []) this.#judge(error);
  }

  async #restart(): Promise<void> {
    this.#wantsRestart = false;
    this.history.trouble(this.clock.now(), 'the daemon is restarted');
    await this.life?.close();
    this.#begin();
  }

  #reborn(): void {
    this.history.trouble(this.clock.now(), 'the daemon was killed');
    this.#begin();
    this.#lookAgainMs = this.clock.now() + MINUTE;
  }

  #do(action: Action, actions?: Action[]): void {
    const againMs = action.run();
    if (againMs === undefined) return;
    const again = { ...action, atMs: againMs };
    if (!actions) {
      this.#later.push(again);
      return;
    }
    actions.push(again);
    actions.sort((a, b) => a.atMs - b.atMs);
  }

  /** Actions that asked to be tried again while there was no list at hand. */
  readonly #later: Action[] = [];

  /** The daemon's own timers on the virtual clock. */
  async #runBySchedule(actions: Action[], untilMs: number): Promise<void> {
    if (untilMs <= this.clock.now()) return;
    this.clock.autoAdvance = false;
    this.life?.daemon.start();
    while (this.clock.now() < untilMs) {
      await this.clock.advance(MINUTE);
      this.stage.lookAround();
      while (actions[0] && actions[0].atMs <= this.clock.now()) this.#do(actions.shift() as Action, actions);
      if (!this.life?.isOver) continue;
      this.#reborn();
      this.life?.daemon.start();
    }
    const drained = this.life?.daemon.drain();
    this.clock.autoAdvance = true;
    await drained;
    await this.life?.close();
    this.#begin();
  }

  /** Minute by minute while the outbox is not empty, for half a day at most. */
  async #untilDone(): Promise<void> {
    const untilMs = this.clock.now() + 12 * HOUR;
    while (this.clock.now() < untilMs && this.unfinished().length > 0) {
      await this.#step(
        Math.max(this.clock.now() + MINUTE, Math.min(untilMs, this.#nextDueMs(this.clock.now()))),
      );
    }
  }

  /** What the outbox still holds. */
  unfinished(): string[] {
    const open = this.life?.store.effects.open() ?? [];
    return open.map(
      ({ kind, naturalKey, state, problem }) => `${kind} ${naturalKey} is ${state} (${problem?.message})`,
    );
  }

  /** Errors that name no way to recover are bugs, wherever they show. */
  #judge(error: unknown): void {
    if (error instanceof AppError) return;
    this.alarms.add(`bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  #log(isOver: () => boolean): Logger {
    const judge = ({ err }: { err?: unknown }): void => {
      if (err !== undefined && !isOver()) this.#judge(err);
    };
    return { debug: judge, info: judge, warn: judge, error: judge };
  }
}
