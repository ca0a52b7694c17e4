import type { DestinationStream } from 'pino';
import type { Clock } from '../clock.ts';
import type { Resources } from '../status/resources.ts';

/** Everything a command needs of the process around it; made by `main.ts`, or by a test. */
export interface Terminal {
  /** Takes text as it is; commands end their lines themselves. */
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logs: DestinationStream;
  /** Real time when absent. */
  readonly clock?: Clock;
  /** Asks and waits for a line; null when the input has ended. Absent where nobody can answer. */
  readonly readLine?: (prompt: string) => Promise<string | null>;
  /** What the process uses of the machine; absent where nobody measures. */
  readonly resources?: () => Resources;
  /** `stop` for SIGTERM and SIGINT, `reload` for SIGHUP. */
  readonly onSignal: (handler: (signal: 'stop' | 'reload') => void) => void;
}
