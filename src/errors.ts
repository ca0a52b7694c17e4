import type { Vendor } from './domain.ts';

/**
 * Errors are classed by how one recovers from them, and code branches on the class, never on the message:
 * `RetryableError` heals by itself, `ParkedError` was never sent and names when to come back, `RefusedError`
 * is the vendor's definite no, `AuthError` and `ConfigError` need a person. Anything else is a bug.
 */
export abstract class AppError extends Error {
  /** What the admin can do about it; undefined when nothing is needed. */
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/**
 * What a failed write left behind at the vendor (docs/decisions/at-least-once-outbox.md):
 * `not_applied` nothing happened, `unknown` it may have happened or may still happen,
 * `done` it happened, only the answer (with its ids) was lost.
 */
export type Applied = 'not_applied' | 'unknown' | 'done';

interface VendorErrorOptions {
  vendor: Vendor;
  /** e.g. `POST /sessions/{id}/people`; ids and addresses left out. */
  operation: string;
  status?: number | undefined;
  /** The vendor's own code, e.g. Pardot `66`, Salesforce `UNABLE_TO_LOCK_ROW`. */
  code?: string | number | undefined;
  hint?: string | undefined;
  cause?: unknown;
}

/** Something a vendor did, or failed to do. */
export abstract class VendorError extends AppError {
  readonly vendor: Vendor;
  readonly operation: string;
  readonly status: number | undefined;
  readonly code: string | number | undefined;

  constructor(message: string, options: VendorErrorOptions) {
    super(message, options);
    this.vendor = options.vendor;
    this.operation = options.operation;
    this.status = options.status;
    this.code = options.code;
  }
}

/** Network trouble, 5xx, locks, throttling: try again later. `applied` decides how a write may be tried again. */
export class RetryableError extends VendorError {
  readonly applied: Applied;
  /** Epoch milliseconds before which the vendor asked not to be called; undefined when it did not say. */
  readonly notBeforeMs: number | undefined;

  constructor(
    message: string,
    options: VendorErrorOptions & { applied: Applied; notBeforeMs?: number | undefined },
  ) {
    super(message, options);
    this.applied = options.applied;
    this.notBeforeMs = options.notBeforeMs;
  }
}

/**
 * A successful answer that this version cannot read. The whole answer is refused, so that no row is lost
 * silently; it is asked for again like after any other trouble, and stays visible until it can be read.
 */
export class UnreadableAnswerError extends RetryableError {
  /** The member that could not be read, e.g. `registrant_detail.created_at`. */
  readonly field: string;

  constructor(message: string, options: VendorErrorOptions & { applied: Applied; field: string }) {
    super(message, options);
    this.field = options.field;
  }
}

/** The vendor's definite no to this one request (400, 404, 409, 422, ...). Nothing was applied. */
export class RefusedError extends VendorError {}

/** Credentials, scope or business unit are wrong. A person must act; nothing was applied. */
export class AuthError extends VendorError {}

/** `stopping`: the call waited for its turn while the program drained; no governor keeps that. */
export type ParkReason = 'auth' | 'quota' | 'allowance' | 'rate' | 'circuit' | 'stopping';

/** The request was not sent, or was refused for reasons that concern the account and not this person. */
export class ParkedError extends VendorError {
  readonly reason: ParkReason;
  readonly untilMs: number;

  constructor(message: string, options: VendorErrorOptions & { reason: ParkReason; untilMs: number }) {
    super(message, options);
    this.reason = options.reason;
    this.untilMs = options.untilMs;
  }
}

export interface ConfigProblem {
  /** `fields.registration.company`; empty for the whole file. */
  path: string;
  message: string;
  /** What to write instead. */
  fix: string;
  /** 1-based position in the file; undefined when the problem has no place (a missing key, a secret file). */
  line?: number;
  column?: number;
}

/** The configuration cannot be used. All problems at once; exit code 78. */
export class ConfigError extends AppError {
  readonly problems: readonly ConfigProblem[];
  /** The file as it was named by the caller; undefined for text without a file. */
  readonly file: string | undefined;

  constructor(problems: readonly ConfigProblem[], options: { file?: string | undefined } = {}) {
    const where = options.file ?? 'configuration';
    super(`${where}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
    this.problems = problems;
    this.file = options.file;
  }
}

/** Another process holds the state directory. Exit code 75. */
export class AlreadyRunningError extends AppError {}

/** The command line asks for something that cannot be meant. Exit code 2; nothing was changed. */
export class UsageError extends AppError {}

/** Something else is at work on it just now. Exit code 75: may be tried again. */
export class BusyError extends AppError {}

/** The state file cannot be used: unreadable, read-only, full, corrupt, or written by a newer version. */
export class StateError extends AppError {}

/** Another process was writing to the state all the time. Exit code 75: may be tried again. */
export class StateBusyError extends StateError {}
