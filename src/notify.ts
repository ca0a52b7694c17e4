import { writeSync } from 'node:fs';
import type { Logger } from './logger.ts';

/** Takes assignments like `READY=1` (sd_notify(3)). */
export type Notify = (...assignments: readonly string[]) => void;

/**
 * Tells systemd how the service stands, through the connected socket that `systemd/notify-socket.pl` leaves open. Does
 * nothing outside systemd; a failure is logged and never stops the daemon.
 */
export function createNotifier(env: Readonly<Record<string, string | undefined>>, log: Logger): Notify {
  const fd = Number(env.NOTIFY_FD);
  if (!Number.isInteger(fd) || fd < 3) return () => undefined;
  return (...assignments) => {
    try {
      writeSync(fd, `${assignments.join('\n')}\n`);
    } catch (error) {
      log.warn({ err: error }, 'systemd could not be told the state of the service');
    }
  };
}
