import { createHmac } from 'node:crypto';
import { type DestinationStream, pino } from 'pino';
import { AppError, VendorError } from './errors.ts';
import { framesOf, scrubber, withoutPeopleAndTokens } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Everything a log line may carry. People appear only as `person`, a keyed hash. */
export interface LogFields {
  readonly job?: string;
  readonly jobs?: string;
  readonly vendor?: string;
  readonly operation?: string;
  readonly sessionId?: string;
  readonly campaignId?: number | string;
  readonly listId?: number;
  readonly activityId?: number;
  readonly prospectId?: number;
  readonly effect?: string;
  /** `form:ID`, `form_handler:ID` or `landing_page:ID`. */
  readonly form?: string;
  /** The key of a person's address; what is written is a keyed hash of it. */
  readonly person?: string;
  readonly outcome?: string;
  readonly state?: string;
  readonly attempts?: number;
  readonly counts?: Readonly<Record<string, number>>;
  readonly durationMs?: number;
  readonly waitMs?: number;
  readonly until?: string;
  readonly version?: string;
  readonly file?: string;
  readonly count?: number;
  readonly err?: unknown;
}

/**
 * ERROR: a person must act. WARN: heals by itself. INFO: one line per finished run that did something.
 * The message is a constant; what varies stands in the fields.
 */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** JSON lines. `secrets` and anything that looks like an e-mail address or a token never reach the destination. */
export function createLogger(
  destination: DestinationStream,
  options: { level: LogLevel; secrets: readonly string[]; now: () => number; personKey: string },
): Logger {
  const scrub = scrubber(options.secrets);
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date(options.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, person: personHasher(options.personKey) },
    },
    { write: (line: string) => destination.write(`${scrubLine(line, scrub)}\n`) },
  );
}

/** Value by value: in the line itself a secret's line break is an escape, and an address may follow one. */
function scrubLine(line: string, scrub: (text: string) => string): string {
  return JSON.stringify(JSON.parse(line), (_, value) => (typeof value === 'string' ? scrub(value) : value));
}

/** The same person is the same short hash in every log line of this installation, and nowhere else. */
export function personHasher(key: string): (emailKey: string) => string {
  return (emailKey) => createHmac('sha256', key).update(emailKey).digest('hex').slice(0, 12);
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: 'not an error' };
  return {
    class: error.name,
    message: error.message,
    ...(error instanceof VendorError ? { status: error.status, code: error.code } : {}),
    ...(error instanceof AppError
      ? { hint: error.hint }
      : { message: textOf(error), stack: framesOf(error) }),
  };
}

/** A parser quotes what it tripped over, cut off anywhere: whatever it is, it is not for the log. */
function textOf(error: Error): string {
  return error instanceof SyntaxError ? 'a text that cannot be read' : withoutPeopleAndTokens(error.message);
}
