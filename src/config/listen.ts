import type { Format } from './format.ts';
import { describeFound } from './printable.ts';

/** Where the status page is: a port of this machine, or a unix socket. */
export type Listen = { readonly host: string; readonly port: number } | { readonly path: string };

export const LISTEN_PATTERN = String.raw`(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]):\d{1,5}|/[^\p{Cc}]{1,100}`;
const PATTERN = new RegExp(`^(?:${LISTEN_PATTERN})$`, 'u');
const EXPECTED = 'an address of this machine with a port, or the absolute path of a unix socket';

/** Only this machine: whatever else there is may put a proxy with access control in front of it. */
export const LISTEN: Format = {
  expects: () => EXPECTED,
  check: (value) => {
    if (typeof value === 'string' && readListen(value)) return [];
    const message = `expected ${EXPECTED}, found ${describeFound(value)}`;
    return [{ message, fix: 'write for example 127.0.0.1:9464 or /run/livestorm-pardot/status.sock' }];
  },
};

/** `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464` or `/run/…`; null for anything else. */
export function readListen(text: string): Listen | null {
  if (!PATTERN.test(text)) return null;
  if (text.startsWith('/')) return { path: text };
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  const host = text.slice(0, colon).replaceAll(/[[\]]/g, '');
  const octets = host.startsWith('127.') ? host.split('.').map(Number) : [];
  if (port < 1 || port > 65_535 || octets.some((octet) => octet > 255)) return null;
  return { host, port };
}
