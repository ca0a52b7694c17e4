import type { CallHook } from '../clients/hook.ts';
import { type Clock, isoSeconds, MINUTE, SECOND } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Store } from '../store/store.ts';
import type { Problem } from './problems.ts';

/** An alert that the hook has taken, until it has taken its end as well. */
export interface ToldAlert {
  readonly alert: Problem['kind'];
  readonly subject: string;
  readonly what: string;
  readonly sinceMs: number;
}

/** What goes to the hook: `text` for chats, the rest for programs. Instants are ISO 8601 UTC. */
export interface AlertMessage {
  readonly text: string;
  readonly firing: readonly AlertJson[];
  readonly resolved: readonly AlertJson[];
}

interface AlertJson {
  readonly alert: string;
  readonly subject: string;
  readonly what: string;
  readonly since: string;
  readonly why?: string;
  readonly todo?: string;
  readonly command?: string | null;
}

/** What is over for so long stays over: a forecast or a lag may come and go. */
const OVER_AFTER = 5 * MINUTE;
const FIRST_PAUSE = 30 * SECOND;
const LONGEST_PAUSE = 30 * MINUTE;

/**
 * Tells the hook of each problem once, and once when it is over. What it has taken is kept, so that a restart neither
 * repeats nor forgets; after a crash between its answer and the store one message may come twice.
 */
export class Alerts {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #call: CallHook;
  readonly #overSinceMs = new Map<string, number>();
  #failed = 0;
  #notBeforeMs = 0;

  constructor(parts: { store: Store; clock: Clock; log: Logger; call: CallHook }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#call = parts.call;
  }

  /** Sends what is new, in one message; a failure is logged and tried again at a later call. */
  async tell(problems: readonly Problem[], signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonic();
    const told = this.#store.kept.load<ToldAlert[]>('alerts') ?? [];
    const { firing, resolved } = this.#compare(
      told,
      problems.filter(({ isAlert }) => isAlert),
    );
    if (nowMs < this.#notBeforeMs || firing.length + resolved.length === 0) return;
    const problem = await this.#call(messageOf(firing, resolved, this.#clock.now()), signal);
    if (signal.aborted) return;
    if (problem !== null) {
      const pauseMs = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failed++);
      this.#notBeforeMs = nowMs + pauseMs;
      this.#log.warn(
        { waitMs: pauseMs, state: problem },
        'the alert hook did not take a message, it is tried again',
      );
      return;
    }
    this.#failed = 0;
    const over = new Set(resolved.map(idOf));
    for (const id of over) this.#overSinceMs.delete(id);
    const begun = firing.map(({ kind, subject, what }) => ({
      alert: kind,
      subject,
      what,
      sinceMs: this.#clock.now(),
    }));
    this.#store.kept.save('alerts', [...told.filter((alert) => !over.has(idOf(alert))), ...begun]);
  }

  #compare(
    told: readonly ToldAlert[],
    problems: readonly Problem[],
  ): { firing: readonly Problem[]; resolved: readonly ToldAlert[] } {
    const nowMs = this.#clock.monotonic();
    const known = new Set(told.map(idOf));
    const present = new Set(problems.map(({ kind, subject }) => idOf({ alert: kind, subject })));
    for (const id of present) this.#overSinceMs.delete(id);
    const resolved = told.filter((alert) => {
      const id = idOf(alert);
      if (present.has(id)) return false;
      const overSinceMs = this.#overSinceMs.get(id) ?? nowMs;
      this.#overSinceMs.set(id, overSinceMs);
      return nowMs - overSinceMs >= OVER_AFTER;
    });
    const firing = problems.filter(({ kind, subject }) => !known.has(idOf({ alert: kind, subject })));
    return { firing, resolved };
  }
}

function idOf({ alert, subject }: Pick<ToldAlert, 'alert' | 'subject'>): string {
  return `${alert}/${subject}`;
}

function messageOf(firing: readonly Problem[], resolved: readonly ToldAlert[], nowMs: number): AlertMessage {
  const lines = [
    ...firing.map(
      ({ what, why, todo, command }) => `${what}. ${why} ${todo}${command === null ? '' : ` (${command})`}`,
    ),
    ...resolved.map(({ what, sinceMs }) => `Over: ${what} (since ${isoSeconds(sinceMs)})`),
  ];
  return {
    text: lines.map((line) => `livestorm-pardot: ${line}`).join('\n'),
    firing: firing.map(({ kind, subject, what, why, todo, command }) => ({
      ...{ alert: kind, subject, what, since: isoSeconds(nowMs), why, todo, command },
    })),
    resolved: resolved.map(({ alert, subject, what, sinceMs }) => ({
      ...{ alert, subject, what, since: isoSeconds(sinceMs) },
    })),
  };
}
