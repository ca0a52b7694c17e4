import { AuthError, UnreadableAnswerError } from '../errors.ts';
import type { AnswerContext } from './answers.ts';
import type { HttpResponse } from './http.ts';

const REDACTED = 202;
const TRUNCATED = 203;

/**
 * Throws when a `Pardot-Warning` (pardot.md §1.3) says that a successful reading shows less than there is:
 * `AuthError` when rights are missing (202), `UnreadableAnswerError` when rows are cut off (203).
 */
export function requireWhole(context: AnswerContext, response: HttpResponse): void {
  const header = response.headers['pardot-warning'] ?? '';
  const codes = new Set([...header.matchAll(/(?:^|,)\s*(\d+)\s*;/g)].map((warning) => Number(warning[1])));
  const details = { vendor: context.vendor, operation: context.operation, status: response.status };
  if (codes.has(REDACTED)) {
    throw new AuthError(`${context.operation}: the API user may not see everything (warning 202)`, {
      ...details,
      code: 'warning 202',
      hint: 'give the API user the ability "View prospects not assigned to self", or an Administrator role',
    });
  }
  if (codes.has(TRUNCATED)) {
    throw new UnreadableAnswerError(`${context.operation}: rows were cut off (warning 203)`, {
      ...details,
      code: 'warning 203',
      applied: 'unknown',
      field: 'Pardot-Warning',
    });
  }
}
