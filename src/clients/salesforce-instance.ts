import { AuthError } from '../errors.ts';

export interface InstanceRules {
  readonly loginUrl: string;
  /** The org's own address; when configured, no other is accepted. */
  readonly instanceUrl?: string | undefined;
}

/**
 * The origin to call, from the `instance_url` of a token answer. It decides where the token goes, so it must be
 * https (or http on loopback) and the configured origin, the login origin or a host of salesforce.com.
 * Rejects anything else with `AuthError` (salesforce.md §8).
 */
export function trustedInstance(told: string, rules: InstanceRules): string {
  const url = URL.canParse(told) ? new URL(told) : undefined;
  if (!url || !isTrustedInstance(url, rules)) {
    throw new AuthError(`Salesforce names an instance that is not allowed: ${url?.origin ?? 'no address'}`, {
      vendor: 'salesforce',
      operation: 'POST /services/oauth2/token',
      hint: rules.instanceUrl
        ? 'The org answers under another address than the configured instance URL: correct it.'
        : 'If this is your org, configure its My Domain address as the instance URL.',
    });
  }
  return url.origin;
}

/** Whether Salesforce's tokens may go there. */
export function isTrustedInstance(url: URL, rules: InstanceRules): boolean {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) return false;
  if (rules.instanceUrl) return url.origin === new URL(rules.instanceUrl).origin;
  const vendorHost = url.protocol === 'https:' && url.port === '' && url.hostname.endsWith('.salesforce.com');
  return vendorHost || url.origin === new URL(rules.loginUrl).origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
