import { decideHeld, heldGroups } from '../../src/repair/holding.ts';
import { pauseFlow, planResume, resumeFlow } from '../../src/repair/pausing.ts';
import { forgetPerson } from '../../src/retention/forget.ts';
import type { Pausable } from '../../src/store/pauses.ts';
import type { Choices } from './choices.ts';
import type { History } from './history.ts';
import { MINUTE } from './plan.ts';
import type { Service } from './service.ts';

const REASON = 'the script says so';

/**
 * What an admin does by command, beside the running daemon or while it is down, each written into the history. Whatever
 * answers with a time is to be done again then: the daemon has just died, or the command has found it at work.
 */
export class Admin {
  readonly #service: Service;
  readonly #history: History;
  /** When it was last looked at who is held. */
  #lookedAtMs = 0;

  constructor(service: Service, history: History) {
    this.#service = service;
    this.#history = history;
  }

  pause(flow: Pausable, untilMs: number): number | undefined {
    const { store, now } = this.#service;
    if (!store) return now + MINUTE;
    pauseFlow(store, flow, REASON, this.#service.daemonNow);
    this.#history.pausedFlows.push({ flow, fromMs: now, untilMs: Number.POSITIVE_INFINITY });
    this.#history.trouble(now, `${flow} is paused`, untilMs - now);
    return undefined;
  }

  resume(flow: Pausable): number | undefined {
    const { store, now } = this.#service;
    const paused = this.#history.pausedFlows.find((each) => each.flow === flow);
    if (!store || !paused) return now + MINUTE;
    resumeFlow(store, planResume(store, flow), REASON, this.#service.daemonNow);
    paused.untilMs = now;
    this.#history.trouble(now, `${flow} is resumed`);
    return undefined;
  }

  /** Decides about everybody who is held. */
  endHolds(ending: 'released' | 'discarded'): number | undefined {
    const { store, now } = this.#service;
    if (!store) return now + MINUTE;
    if (heldGroups(store).length === 0) {
      this.#lookedAtMs = now;
      return undefined;
    }
    const selection = { emailKey: undefined, form: undefined, sessionId: undefined };
    const count = decideHeld(store, { selection, ending, reason: REASON }, this.#service.daemonNow);
    this.#history.holdsEnded.push({ atMs: now, ending });
    const fromMs = this.#lookedAtMs;
    this.#lookedAtMs = now;
    this.#history.trouble(fromMs, `${count} people are held until then, and ${ending}`, now - fromMs);
    return undefined;
  }

  forgetBeside(key: string): number | undefined {
    const { store, now } = this.#service;
    if (!store || store.keeping.workUnderWay(key, now).length > 0) return now + MINUTE;
    store.keeping.erase(key, now);
    store.keeping.replaceMentions(key);
    this.#hasForgotten(key);
    return undefined;
  }

  /** With the whole command: its locks, the backups, the search of every byte. */
  forgetWhileDown(key: string): void {
    this.#service.restartAfter(async ({ stateDir, clock }) => {
      const { files } = await forgetPerson(key, { stateDir, clock });
      for (const { trouble } of files) if (trouble !== null) throw new Error(`forget ${key}: ${trouble}`);
      this.#hasForgotten(key);
    });
  }

  /** The next start has another configuration. */
  choose(choices: Choices): void {
    this.#service.restartAfter(async () => this.#service.choose(choices));
  }

  #hasForgotten(key: string): void {
    const { now } = this.#service;
    this.#history.forgotten.push({ atMs: now, key });
    this.#history.trouble(now, `${key} is forgotten`);
  }
}
