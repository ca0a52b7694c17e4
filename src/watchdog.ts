import { type Clock, MINUTE } from './clock.ts';
import type { Logger } from './logger.ts';
import type { Notify } from './notify.ts';

export interface WatchdogParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly notify: Notify;
  /** Whether every job goes on; the names of those that do not. */
  readonly stuck: () => readonly string[];
  /** A write to the state; throws when there can be none. */
  readonly beat: (nowMs: number) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/**
 * How often systemd wants to hear from the service, in milliseconds; undefined when it does not watch
 * (`WatchdogSec=` in the unit, sd_watchdog_enabled(3)).
 */
export function watchdogMs(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const microseconds = Number(env.WATCHDOG_USEC);
  return microseconds > 0 ? microseconds / 1000 : undefined;
}

/**
 * Tells systemd that the service is alive, three times as often as it must, as long as every job goes on and the state
 * can be written. When not, systemd ends the service and starts it again. Resolves when the signal aborts.
 */
export async function watch(parts: WatchdogParts, withinMs: number): Promise<void> {
  const { clock, log, notify, stuck, beat, signal } = parts;
  while (!signal.aborted) {
    const names = stuck();
    if (names.length > 0) log.error({ jobs: names.join(', ') }, 'a job does not go on, systemd will step in');
    else if (canWrite(beat, clock.now(), log)) notify('WATCHDOG=1');
    await clock.sleep(Math.min(withinMs / 3, MINUTE), signal).catch(() => undefined);
  }
}

function canWrite(beat: (nowMs: number) => void, nowMs: number, log: Logger): boolean {
  try {
    beat(nowMs);
    return true;
  } catch (error) {
    log.error({ err: error }, 'the state cannot be written, systemd will step in');
    return false;
  }
}
