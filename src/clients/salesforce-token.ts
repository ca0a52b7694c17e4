import { type Clock, isoSeconds } from '../clock.ts';
import type { Call } from '../domain.ts';
import { AuthError, ParkedError, RetryableError, VendorError } from '../errors.ts';
import type { Governor } from '../governor/governor.ts';
import { concealer } from '../redact.ts';
import { orAborted } from './abortable.ts';
import { guarded, type Jsforce } from './jsforce-guard.ts';
import { unreadable } from './salesforce-errors.ts';
import { type Grant, grantFor, type SalesforceAuth } from './salesforce-grant.ts';
import { grantError } from './salesforce-grant-errors.ts';
import { trustedInstance } from './salesforce-instance.ts';
import { TokenLimits } from './salesforce-token-limits.ts';
import type { Login, LoginSource } from './token-source.ts';

export interface TokenSourceOptions {
  readonly auth: SalesforceAuth;
  readonly loginUrl: string;
  /** When given, the only instance that tokens are accepted for. */
  readonly instanceUrl?: string | undefined;
  readonly apiVersion: string;
  readonly clock: Clock;
  readonly governor: Governor;
  /** For one token request, from the first byte sent to the last byte read. */
  readonly timeoutMs: number;
  /** Where requests in vain are kept, in epoch milliseconds, so that the limits hold over restarts. */
  readonly inVain?: { load(): readonly number[]; save(atMs: readonly number[]): void };
  /** Told a rotated refresh token, before any use of the new access token, so that it can be kept. */
  readonly onRefreshToken?: (refreshToken: string) => void;
}

const OPERATION = 'POST /services/oauth2/token';

/**
 * Tokens for Salesforce and Pardot, by jsforce; `guardJsforce` must have been called. Callers at the same time
 * share one request, tokens are kept until a vendor refuses them, and a dead credential makes at most three
 * requests in ten minutes (salesforce.md §1.2, §2.1). While it may not ask, it rejects with
 * `ParkedError('auth')`, after passing failures with `RetryableError`.
 */
export function createTokenSource(options: TokenSourceOptions): LoginSource {
  return new SalesforceTokens(options);
}

class SalesforceTokens implements LoginSource {
  readonly #options: TokenSourceOptions;
  readonly #limits: TokenLimits;
  #auth: SalesforceAuth;
  #login: Login | undefined;
  #pending: Promise<Login> | undefined;
  #replacing = false;
  #problem: VendorError | undefined;

  constructor(options: TokenSourceOptions) {
    this.#options = options;
    this.#auth = options.auth;
    const { clock, inVain } = options;
    // A clock that was set back makes them of now, not of the future.
    const ageMs = (atMs: number): number => Math.max(0, clock.now() - atMs);
    this.#limits = new TokenLimits((inVain?.load() ?? []).map((atMs) => clock.monotonic() - ageMs(atMs)));
  }

  async token(call: Call): Promise<string> {
    return (await this.login(call)).accessToken;
  }

  async login(call: Call): Promise<Login> {
    call.signal.throwIfAborted();
    if (this.#login) return this.#login;
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined;
    });
    return await orAborted(this.#pending, call.signal);
  }

  invalidate(token: string): void {
    if (this.#login?.accessToken !== token) return;
    this.#login = undefined;
    this.#replacing = true;
    this.#limits.tokenRefused(this.#options.clock.monotonic());
    this.#parkWhileHeld();
  }

  /** Shared by whoever waits, so it belongs to no caller's signal; everything waits for it, so it goes first. */
  async #fetch(): Promise<Login> {
    this.#refuseWhileHeld();
    const { governor, clock } = this.#options;
    const grant = signedGrant(this.#auth, clock.now());
    const call: Call = { work: 'registrations', signal: new AbortController().signal };
    return await governor.run(call, () => this.#request(grant), { metered: false });
  }

  async #request(grant: Grant): Promise<Login> {
    try {
      const { accessToken, instanceUrl, refreshToken } = await this.#authorize(grant);
      this.#keepRefreshToken(refreshToken);
      const login = { accessToken, instanceUrl: trustedInstance(instanceUrl, this.#options) };
      this.#limits.issued(this.#options.clock.monotonic(), this.#replacing);
      this.#replacing = false;
      this.#problem = undefined;
      this.#login = login;
      return login;
    } catch (error) {
      if (error instanceof VendorError) this.#failed(error);
      throw error;
    }
  }

  async #authorize({ params, client }: Grant): Promise<Login & { refreshToken: string | undefined }> {
    const { loginUrl, apiVersion, clock, timeoutMs } = this.#options;
    const wire = { status: 0 };
    const authorize = async ({ Connection }: Jsforce) => {
      const connection = new Connection({
        version: apiVersion,
        oauth2: { loginUrl, ...client },
        // Never used, as this connection sends nothing else; without one jsforce throws when a refresh token comes.
        refreshFn: (_connection, callback) => callback(new Error('not refreshed here')),
      });
      await connection.authorize(params);
      return connection;
    };
    const told = (error: unknown): never => {
      const secrets = [params.assertion, params.refresh_token, client.clientSecret].filter(
        (text) => text !== undefined,
      );
      throw grantError({ operation: OPERATION, status: wire.status, error, conceal: concealer(secrets) });
    };
    const connection = await guarded(clock.deadline(timeoutMs), wire, authorize).catch(told);
    const { accessToken, instanceUrl, refreshToken } = connection;
    if (!accessToken) throw unreadable(OPERATION, 'access_token');
    return { accessToken, instanceUrl, refreshToken: refreshToken ?? undefined };
  }

  /** Salesforce may replace the refresh token with every use; the old one is worth nothing then. */
  #keepRefreshToken(refreshToken: string | undefined): void {
    if (!refreshToken || this.#auth.kind !== 'refresh_token' || refreshToken === this.#auth.refreshToken)
      return;
    this.#auth = { ...this.#auth, refreshToken };
    this.#options.onRefreshToken?.(refreshToken);
  }

  #failed(problem: VendorError): void {
    const now = this.#options.clock.monotonic();
    this.#problem = problem;
    if (problem instanceof AuthError) {
      this.#limits.refused(now);
      this.#parkWhileHeld();
    } else {
      this.#limits.failed(now);
    }
  }

  /** What is kept, the governor's park included, outlives a restart. */
  #parkWhileHeld(): void {
    const { clock, governor, inVain } = this.#options;
    const toWall = clock.now() - clock.monotonic();
    inVain?.save(this.#limits.inVain.map((at) => Math.round(at + toWall)));
    const waitMs = this.#limits.waitMs(clock.monotonic());
    if (waitMs > 0) governor.park('auth', clock.now() + waitMs);
  }

  #refuseWhileHeld(): void {
    const { clock } = this.#options;
    const waitMs = this.#limits.waitMs(clock.monotonic());
    if (waitMs === 0) return;
    const untilMs = clock.now() + waitMs;
    const problem = this.#problem;
    const message = `no token is asked for before ${isoSeconds(untilMs)}${problem ? ` (${problem.message})` : ''}`;
    const options = {
      vendor: 'salesforce',
      operation: OPERATION,
      code: problem?.code,
      cause: problem,
    } as const;
    if (problem instanceof RetryableError) {
      throw new RetryableError(message, { ...options, applied: 'not_applied', notBeforeMs: untilMs });
    }
    const hint = problem?.hint ?? 'Fresh tokens are refused: check the API user and the business unit.';
    throw new ParkedError(message, { ...options, hint, reason: 'auth', untilMs });
  }
}

function signedGrant(auth: SalesforceAuth, nowMs: number): Grant {
  try {
    return grantFor(auth, nowMs);
  } catch {
    // Without the cause: its text may hold a piece of the key.
    throw new AuthError('the private key cannot sign', {
      vendor: 'salesforce',
      operation: OPERATION,
      hint: 'private_key must be an unencrypted RSA key in PEM form, with its line breaks.',
    });
  }
}
