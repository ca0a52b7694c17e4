import { execFile } from 'node:child_process';
import type { Logger } from './logger.ts';

/**
 * Tells systemd how the service stands (sd_notify). Node has no datagram sockets, so the helper program that comes
 * with systemd sends it. Does nothing outside systemd; a failure is logged and never stops the daemon.
 */
export function createNotifier(
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): (...assignments: readonly string[]) => Promise<void> {
  if (!env.NOTIFY_SOCKET) return async () => undefined;
  return (...assignments) =>
    new Promise((resolve) => {
      execFile('systemd-notify', assignments, { timeout: 5000 }, (error) => {
        if (error) log.warn({ err: error }, 'systemd could not be told the state of the service');
        resolve();
      });
    });
}
