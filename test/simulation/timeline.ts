import type { Effect } from '../../src/store/effects.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Dice } from './dice.ts';
import { type Action, HOUR, MINUTE } from './plan.ts';
import type { Service } from './service.ts';
import type { Stage } from './stage.ts';

/** What the daemon has put off is looked at in steps of this at most: a fault is not to cost half an hour. */
const DUE_GRAIN_MS = 5 * MINUTE;

export interface TimelineParts {
  readonly clock: VirtualClock;
  readonly stage: Stage;
  readonly service: Service;
  readonly dice: Dice;
  readonly grainMs: number;
}

/** Time as it goes by: what happens when, and when the daemon looks. */
export class Timeline {
  readonly #parts: TimelineParts;
  /** By time. */
  readonly #actions: Action[] = [];
  /** Done at the first request of the next pass. */
  readonly #inRound: Action[] = [];
  /** Once more after something has happened: what people do shows late. */
  #lookAgainMs = 0;
  /** Effects that were due in the last pass and are still: of a flow that is paused or off. */
  #passedOver = new Set<number>();

  constructor(parts: TimelineParts) {
    this.#parts = parts;
  }

  add(action: Action): void {
    const later = this.#actions.findIndex((other) => other.atMs > action.atMs);
    this.#actions.splice(later === -1 ? this.#actions.length : later, 0, action);
  }

  /** What was to happen in the middle of a pass happens now. */
  midRound(): void {
    for (const action of this.#inRound.splice(0)) this.#do(action);
  }

  /** The daemon looks when something happens or is due, and after `idleMs` at the latest. */
  async runTo(untilMs: number, idleMs: number): Promise<void> {
    const { clock, grainMs } = this.#parts;
    while (clock.now() < untilMs) {
      const now = clock.now();
      const actMs = ceil(this.#actions[0]?.atMs ?? untilMs, grainMs);
      const dueMs = ceil(this.#nextDueMs(now), Math.min(grainMs, DUE_GRAIN_MS));
      const idleUntilMs = Math.max(ceil(now + idleMs - grainMs + 1, grainMs), now + grainMs);
      await this.step(Math.max(now + MINUTE, Math.min(untilMs, idleUntilMs, actMs, dueMs)));
    }
  }

  /** Goes to that time, lets everything happen that is due there, and has the daemon look once. */
  async step(atMs: number): Promise<void> {
    const { clock, stage, service, dice } = this.#parts;
    await clock.advance(Math.max(0, atMs - clock.now()));
    stage.lookAround();
    for (const action of this.#due()) {
      if (dice.chance(0.5)) this.#lookAgainMs = clock.now() + dice.between(1, 3) * MINUTE;
      // What comes after it comes after it in the pass as well.
      if (action.midRound || this.#inRound.length > 0) this.#inRound.push(action);
      else this.#do(action);
    }
    if (service.isAskedToRestart) await service.restart();
    const lookedAtMs = service.daemonNow;
    const ended = await service.life?.round();
    this.midRound();
    stage.lookAround();
    if (ended === 'killed') {
      service.rebegin();
      this.#lookAgainMs = clock.now() + MINUTE;
    } else for (const error of ended ?? []) service.judge(error);
    const left = this.#open().filter(
      ({ state, nextAttemptAtMs }) => state !== 'sending' && nextAttemptAtMs <= lookedAtMs,
    );
    this.#passedOver = new Set(left.map(({ id }) => id));
  }

  /** The daemon's own timers on the virtual clock. */
  async runBySchedule(untilMs: number): Promise<void> {
    const { clock, stage, service } = this.#parts;
    if (untilMs <= clock.now()) return;
    clock.autoAdvance = false;
    service.life?.daemon.start();
    while (clock.now() < untilMs) {
      await clock.advance(MINUTE);
      stage.lookAround();
      for (const action of this.#due()) this.#do(action);
      if (!service.life?.isOver) continue;
      service.rebegin();
      service.life?.daemon.start();
    }
    const drained = service.life?.daemon.drain();
    clock.autoAdvance = true;
    await drained;
    await service.life?.close();
    service.begin();
  }

  /** Goes on while the outbox is not empty, until then at most. */
  async untilDone(untilMs: number): Promise<void> {
    const { clock } = this.#parts;
    while (clock.now() < untilMs && this.#open().length > 0) {
      const nextMs = Math.min(untilMs, clock.now() + HOUR, this.#nextDueMs(clock.now()));
      await this.step(Math.max(clock.now() + MINUTE, nextMs));
    }
  }

  #due(): Action[] {
    const now = this.#parts.clock.now();
    const later = this.#actions.findIndex(({ atMs }) => atMs > now);
    return this.#actions.splice(0, later === -1 ? this.#actions.length : later);
  }

  #do(action: Action): void {
    const againMs = action.run();
    if (againMs !== undefined) this.add({ ...action, atMs: againMs });
  }

  #open(): Effect[] {
    const open = this.#parts.service.life?.store.effects.open() ?? [];
    return open.filter(({ state }) => state !== 'dead');
  }

  /** When the daemon has something to do, as far as its outbox tells, in whole minutes. */
  #nextDueMs(now: number): number {
    const { service } = this.#parts;
    const due = this.#open().filter(({ id }) => !this.#passedOver.has(id));
    const again = this.#lookAgainMs > now ? this.#lookAgainMs : Number.POSITIVE_INFINITY;
    const nextMs = Math.min(again, ...due.map(({ nextAttemptAtMs }) => nextAttemptAtMs - service.skewMs));
    return ceil(nextMs, MINUTE);
  }
}

function ceil(ms: number, grainMs: number): number {
  return Math.ceil(ms / grainMs) * grainMs;
}
