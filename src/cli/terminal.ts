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
