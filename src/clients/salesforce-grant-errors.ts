import { AuthError, RetryableError, type VendorError } from '../errors.ts';
import { quote } from './answers.ts';
import { asItIs, type Failure, hintOf, transportError, unreadable } from './salesforce-errors.ts';

/** What the admin can do about each `error` of the token endpoint (salesforce.md §2.1). */
export const HINTS: Readonly<Record<string, string>> = {
  invalid_grant:
    'The grant is refused. JWT: pre-authorize the app for the API user, and check username, certificate and audience. ' +
    'Client credentials: use the My Domain address as login URL and name a run-as user. Refresh token: authorize again.',
  unsupported_grant_type:
    'The app does not allow this OAuth flow: enable it in the app, or configure another one.',
  invalid_client_id: 'The consumer key is unknown at this login URL: check client_id and login_url.',
  invalid_client: 'The consumer key or secret is wrong: check client_id and client_secret.',
  inactive_user: 'The API user is deactivated or frozen.',
  inactive_org: 'The org is locked, closed or suspended.',
  rate_limit_exceeded:
    'Too many logins for this user: look for other programs that use the same app and user.',
  invalid_app_access: "Pre-authorize the app for the API user's profile or permission set.",
  'audience is invalid':
    'Set the audience to the login host: https://login.salesforce.com or https://test.salesforce.com.',
  'invalid assertion': 'The certificate in the app does not belong to the configured private key.',
};

const OTHER_HINT = 'Check login_url, the app and its OAuth settings.';

/**
 * Answers to two logins at the same time. They carry the `error` of a definite no, so that only their text tells
 * them apart (pardot.md §1.4).
 */
const PASSING = new Set(['token request is already being processed', 'expired authorization code']);

/** Classes a failed token request; jsforce gives `error` as the name and `error_description` as the message. */
export function grantError(failure: Failure): VendorError {
  const { operation, status, error, conceal = asItIs } = failure;
  if (status >= 300 && status < 400)
    return refused(failure, 'redirect', 'The login URL redirects elsewhere.');
  if (status < 400 && isPlainTypeError(error)) return unreadable(operation, 'id');
  if (status < 400 || !(error instanceof Error)) return transportError(failure);
  // An answer without `error` leaves jsforce's error without a name.
  const name: unknown = error.name;
  const code = typeof name === 'string' ? quote(conceal(name)) : `ERROR_HTTP_${status}`;
  const text = code.startsWith('ERROR_HTTP_') ? '' : quote(conceal(error.message));
  if (status >= 500 || status === 408 || status === 429 || PASSING.has(error.message)) {
    const message = `${operation}: ${code}${text && `: ${text}`}`;
    const options = { vendor: 'salesforce', operation, status, code } as const;
    return new RetryableError(message, { ...options, applied: 'not_applied' });
  }
  return refused(failure, code, text);
}

/** jsforce tripping over an answer without `id`; failures of fetch have a cause. */
function isPlainTypeError(error: unknown): boolean {
  return error instanceof TypeError && error.cause === undefined;
}

function refused({ operation, status }: Failure, code: string, text: string): AuthError {
  return new AuthError(`${operation}: ${code}${text && `: ${text}`}`, {
    vendor: 'salesforce',
    operation,
    status,
    code,
    hint: hintOf(HINTS, text) ?? hintOf(HINTS, code) ?? OTHER_HINT,
  });
}
