import { renderProblems } from '../config/render.ts';
import {
  AlreadyRunningError,
  type AppError,
  AuthError,
  BusyError,
  ConfigError,
  ParkedError,
  RetryableError,
  StateBusyError,
  UsageError,
} from '../errors.ts';

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

const TEMPORARY = [RetryableError, AlreadyRunningError, BusyError, StateBusyError];

/** By the class of what went wrong. */
export function exitCodeOf(error: AppError): number {
  if (error instanceof ConfigError) return EXIT.configuration;
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof AuthError) return EXIT.permission;
  if (error instanceof ParkedError) return error.reason === 'auth' ? EXIT.permission : EXIT.temporary;
  const isTemporary = TEMPORARY.some((kind) => error instanceof kind);
  return isTemporary ? EXIT.temporary : EXIT.failure;
}

/** What went wrong and what to do, for a terminal. */
export function renderError(error: AppError): string {
  if (error instanceof ConfigError) return `${renderProblems(error)}\n${error.message}\n`;
  return `${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`;
}

/** The same for `--json`. */
export function errorJson(error: AppError): object {
  const problems = error instanceof ConfigError ? { problems: error.problems } : {};
  return { error: { class: error.name, message: error.message, hint: error.hint ?? null, ...problems } };
}
