import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { AppError } from '../../src/errors.ts';
import type { Logger } from '../../src/logger.ts';
import type { KeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import type { Store } from '../../src/store/store.ts';
import type { Moment, SeenRequest } from '../support/in-process.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Choices } from './choices.ts';
import { configurationFor } from './configuration.ts';
import type { Dice } from './dice.ts';
import { Life } from './life.ts';
import type { Settings } from './settings.ts';
import type { Stage } from './stage.ts';

export interface ServiceParts {
  readonly stage: Stage;
  readonly settings: Settings;
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly keys: KeyPair;
  /** Of everything on disk. */
  readonly folder: string;
  readonly onRequest: (moment: Moment, request: SeenRequest) => void;
}

/** Something an admin does between the end of one process and the start of the next. */
type Task = (place: { readonly stateDir: string; readonly clock: VirtualClock }) => Promise<void>;

/** The daemon on its machine: one life after the other, on one state, with a clock that may be wrong. */
export class Service {
  life: Life | undefined;
  /** Every start. */
  readonly births: number[] = [];
  /** Errors that are bugs, wherever they show. */
  readonly alarms = new Set<string>();
  readonly #parts: ServiceParts;
  #config: Config | undefined;
  #skewMs = 0;
  #isAskedToRestart = false;
  #whileDown: Task[] = [];

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  get now(): number {
    return this.#parts.clock.now();
  }

  /** As its machine has it. */
  get daemonNow(): number {
    return this.now + this.#skewMs;
  }

  get skewMs(): number {
    return this.#skewMs;
  }

  /** What a command beside the daemon works on; undefined right after a kill. */
  get store(): Store | undefined {
    return this.life?.isOver ? undefined : this.life?.store;
  }

  get isAskedToRestart(): boolean {
    return this.#isAskedToRestart;
  }

  /** The configuration from the next start on. */
  async choose(choices: Choices): Promise<void> {
    const { stage, settings, keys, folder } = this.#parts;
    const { sandbox, byHand, history } = stage;
    const stateDir = join(folder, 'state');
    this.#config = await configurationFor({ sandbox, settings, keys, stateDir, byHand }, choices);
    const last = history.choices.at(-1);
    if (last) history.trouble(this.now, 'another configuration');
    if (last && !last.choices.formRegistrations) {
      history.trouble(last.atMs, 'nobody is registered until then', this.now - last.atMs);
    }
    history.choices.push({ atMs: this.now, choices });
  }

  begin(): void {
    const { stage, clock, dice, settings, onRequest } = this.#parts;
    if (!this.#config) throw new Error('the world has no configuration yet');
    this.births.push(this.now);
    const life: Life = new Life({
      sandbox: stage.sandbox,
      clock,
      config: this.#config,
      dice,
      log: this.#log(() => life.isOver),
      latencyMs: () => (settings.latencyMs === 0 ? 0 : dice.between(1, settings.latencyMs)),
      skewMs: () => this.#skewMs,
      onRequest,
    });
    this.life = life;
  }

  /** At the next step of the timeline. */
  askToRestart(): void {
    this.#isAskedToRestart = true;
  }

  restartAfter(task: Task): void {
    this.#whileDown.push(task);
    this.askToRestart();
  }

  /** Ended in order, begun again. */
  async restart(): Promise<void> {
    this.#isAskedToRestart = false;
    this.#parts.stage.history.trouble(this.now, 'the daemon is restarted');
    await this.life?.close();
    const stateDir = this.#config?.stateDir ?? '';
    for (const task of this.#whileDown.splice(0)) await task({ stateDir, clock: this.#parts.clock });
    this.begin();
  }

  /** The next life after a kill. */
  rebegin(): void {
    this.#parts.stage.history.trouble(this.now, 'the daemon was killed');
    this.begin();
  }

  /** Dies in the middle of something soon. */
  armKill(dice: Dice): void {
    if (!this.life) return;
    this.life.death = dice.chance(0.6)
      ? { after: 'requests', left: dice.between(1, 6), moment: dice.pick(['sent', 'applied']) }
      : { after: 'looks', left: dice.between(1, 150) };
  }

  jump(byMs: number): void {
    this.#skewMs += byMs;
    const { history } = this.#parts.stage;
    history.trouble(this.now, `the daemon's clock jumps by ${byMs / 1000} s`, Math.abs(this.#skewMs));
  }

  setClockRight(): void {
    this.#skewMs = 0;
  }

  /** Errors that name no way to recover are bugs. */
  judge(error: unknown): void {
    if (error instanceof AppError) return;
    this.alarms.add(`bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  #log(isOver: () => boolean): Logger {
    const judge = ({ err }: { err?: unknown }): void => {
      if (err !== undefined && !isOver()) this.judge(err);
    };
    const ignore = (): void => {};
    return { debug: ignore, info: ignore, warn: ignore, error: judge };
  }
}
