import type { DestinationStream } from 'pino';

/** Everything a command needs of the process around it; made by `main.ts`, or by a test. */
export interface Terminal {
  /** Takes text as it is; commands end their lines themselves. */
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logs: DestinationStream;
  /** `stop` for SIGTERM and SIGINT, `reload` for SIGHUP. */
  readonly onSignal: (handler: (signal: 'stop' | 'reload') => void) => void;
}

/** Exit codes, after sysexits.h where it has one. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  /** Something is left to do. */
  partial: 3,
  temporary: 75,
  permission: 77,
  configuration: 78,
} as const;
