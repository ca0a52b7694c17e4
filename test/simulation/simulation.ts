import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggedRequest } from '../../src/sandbox/kernel/request-log.ts';
import { type KeyPair, newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Moment, SeenRequest } from '../support/in-process.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { Admin } from './admin.ts';
import { Budgets } from './budgets.ts';
import { purgeSomebody } from './change-script.ts';
import { Dice } from './dice.ts';
import { armFaults, drawFeatures } from './draws.ts';
import { History } from './history.ts';
import { Injector } from './injector.ts';
import { DAY, HOUR, MINUTE } from './plan.ts';
import { type Script, writeScript } from './script.ts';
import { Service } from './service.ts';
import { drawSettings, type Settings } from './settings.ts';
import { Stage } from './stage.ts';
import { Timeline } from './timeline.ts';
import { writeTroubles } from './trouble-script.ts';

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
  readonly service: Service;
  readonly budgets: Budgets;
  /** When requests reached their vendor. */
  readonly arrivals: { readonly vendor: string; readonly startedAtMs: number; readonly label: string }[] = [];
  /** The most requests that Pardot worked on at once. */
  peakInFlight = 0;
  readonly #dice: Dice;
  readonly #timeline: Timeline;
  readonly #hasTroubles: boolean;
  readonly #folder = mkdtempSync(join(FOLDER, 'livestorm-pardot-simulation-'));

  constructor(seed: number, { troubles = true }: SimulationOptions = {}) {
    this.seed = seed;
    this.#hasTroubles = troubles;
    const dice = new Dice(seed * 2 + 1);
    this.#dice = dice;
    this.settings = drawSettings(dice, drawFeatures(dice, seed));
    const { clock, history, settings } = this;
    const { livestorm, pardot, salesforce } = settings;
    const switches = { livestorm, pardot, salesforce };
    this.sandbox = Sandbox.create({ clock, seed, keys: keyPair(), switches });
    this.stage = new Stage(this.sandbox, clock, history);
    this.injector = new Injector(this.sandbox, history);
    this.budgets = new Budgets(settings, history);
    const { stage } = this;
    this.service = new Service({
      ...{ stage, settings, clock, keys: keyPair(), folder: this.#folder, dice: new Dice(seed * 2 + 2) },
      onRequest: (moment, request) => this.#onRequest(moment, request),
    });
    this.#timeline = new Timeline({ clock, stage, service: this.service, dice, grainMs: settings.grainMs });
  }

  /** Starts of the daemon. */
  get births(): readonly number[] {
    return this.service.births;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.service.life?.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Plays the whole story until nothing is left to do; the last life is still open then. */
  async play(): Promise<void> {
    const { service, settings, clock } = this;
    const script = this.#write();
    const [choices] = settings.choices;
    if (choices) await service.choose(choices);
    await clock.advance(script.startMs - clock.now());
    for (const vendor of ['livestorm', 'pardot'] as const) this.budgets.begin(vendor, clock.now());
    service.begin();
    await this.#timeline.runBySchedule(script.startMs + settings.scheduledMinutes * MINUTE);
    await this.#runToEnd(script.endMs);
  }

  #write(): Script {
    const { stage, settings, service, history } = this;
    const parts = { stage, settings, dice: this.#dice, admin: new Admin(service, history) };
    const script = writeScript({ ...parts, add: (action) => this.#timeline.add(action) });
    if (!this.#hasTroubles) return script;
    const { startMs, endMs } = script;
    armFaults(this.injector, this.#dice, settings, { seed: this.seed, fromMs: startMs, toMs: endMs + DAY });
    writeTroubles({ ...parts, service, add: (action) => this.#timeline.add(action) }, script);
    return script;
  }

  async #runToEnd(endMs: number): Promise<void> {
    const { clock, service, history } = this;
    const timeline = this.#timeline;
    await timeline.runTo(endMs + HOUR, 40 * MINUTE);
    await timeline.runTo(endMs + 4 * HOUR, HOUR);
    await timeline.runTo(endMs + 26 * HOUR, 12 * HOUR);
    this.injector.clear();
    service.setClockRight();
    history.note(clock.now(), 'nothing goes wrong any more');
    // Attendance that was first read late is read again a day later.
    await timeline.runTo(endMs + 3 * DAY + 6 * HOUR, 13 * HOUR);
    const plentyMs = this.budgets.plentyAgainMs ?? 0;
    if (plentyMs > clock.now()) {
      await timeline.runTo(plentyMs, 30 * DAY);
      await timeline.runTo(plentyMs + 3 * DAY, 13 * HOUR);
    }
    await timeline.untilDone(clock.now() + (plentyMs > 0 ? 2 * DAY : 12 * HOUR));
  }

  /** Two more looks at everything, the second after a restart; the writes they led to. */
  async idle(): Promise<LoggedRequest[]> {
    const { service } = this;
    const sinceMs = this.clock.now();
    await this.#timeline.step(sinceMs + HOUR);
    await service.life?.close();
    service.begin();
    await this.#timeline.step(sinceMs + 2 * HOUR);
    await this.#timeline.step(sinceMs + 2 * HOUR + MINUTE);
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

  #onRequest(moment: Moment, request: SeenRequest): void {
    if (moment === 'sent') {
      const { vendor, atMs: startedAtMs, method, path } = request;
      this.arrivals.push({ vendor, startedAtMs, label: `${method} ${path}` });
      this.budgets.spend(request);
      if (request.vendor === 'pardot') this.peakInFlight = Math.max(this.peakInFlight, request.inFlight);
      this.#timeline.midRound();
    }
    // What an import was to change may be gone when the vendor comes to it.
    const isImport = request.method === 'PATCH' && request.path.includes('/imports/');
    if (moment === 'applied' && isImport && this.#dice.chance(0.25)) purgeSomebody(this.stage, this.#dice);
    this.injector.onRequest(moment, request);
  }
}
