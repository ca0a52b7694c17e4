import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { OAuthError } from './oauth-error.ts';

const FAR_EXPIRY_SECONDS = 300;

/** What an assertion has to name to be accepted. */
export interface AssertionRules {
  readonly publicKey: KeyObject;
  readonly clientId: string;
  readonly username: string;
  readonly audiences: readonly string[];
  readonly nowMs: number;
  readonly refuseFarExpiry: boolean;
}

export const publicKeyOf = (pem: string): KeyObject => createPublicKey(pem);

/** Verifies a JWT bearer assertion: RS256 signature, iss, sub, aud, exp (salesforce.md §2.1). Throws `OAuthError`. */
export function checkAssertion(assertion: string, rules: AssertionRules): void {
  const [header, payload, signature, ...rest] = assertion.split('.');
  if (!header || !payload || !signature || rest.length > 0) throw invalidGrant('invalid assertion');
  if (readPart(header).alg !== 'RS256') throw invalidGrant('invalid assertion');
  const claims = readPart(payload);
  if (claims.iss !== rules.clientId) {
    throw new OAuthError('invalid_client_id', 'client identifier invalid');
  }
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', signed, rules.publicKey, Buffer.from(signature, 'base64url'))) {
    throw invalidGrant('invalid assertion');
  }
  if (!rules.audiences.includes(String(claims.aud))) throw invalidGrant('audience is invalid');
  checkExpiry(claims.exp, rules);
  if (claims.sub !== rules.username) throw invalidGrant("user hasn't approved this consumer");
}

function checkExpiry(exp: unknown, rules: AssertionRules): void {
  const secondsLeft = typeof exp === 'number' ? exp - rules.nowMs / 1000 : Number.NaN;
  const tooFar = rules.refuseFarExpiry && secondsLeft > FAR_EXPIRY_SECONDS;
  if (!(secondsLeft > 0) || tooFar) throw invalidGrant('invalid assertion');
}

function invalidGrant(description: string): OAuthError {
  return new OAuthError('invalid_grant', description);
}

function readPart(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through: whatever does not parse is no assertion.
  }
  throw invalidGrant('invalid assertion');
}
