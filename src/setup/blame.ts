import { AuthError, type VendorError } from '../errors.ts';

/** Whom a problem is to be taken to: who grants permissions, or who writes the configuration. */
export type Blame = 'permission' | 'configuration';

/** Pardot's codes for a host or business unit that is not the right one (pardot.md §1.4, §10). */
const MISDIRECTED: ReadonlySet<unknown> = new Set([118, 181, 182, 201]);
/** Pardot: lacks permission, method not allowed. Salesforce: not visible to this user. */
const DENIED: ReadonlySet<unknown> = new Set([46, 60, 'INVALID_TYPE', 'METHOD_NOT_ALLOWED']);

/** Undefined for trouble that passes, and for refusals of another kind. */
export function blameFor(error: VendorError): Blame | undefined {
  const { code, status } = error;
  if (MISDIRECTED.has(code)) return 'configuration';
  const isDenied = DENIED.has(code) || String(code).startsWith('INSUFFICIENT_ACCESS') || status === 405;
  return isDenied || error instanceof AuthError ? 'permission' : undefined;
}
