import type { Clock } from '../clock.ts';
import type { Call } from '../domain.ts';
import { AuthError, ParkedError } from '../errors.ts';
import type { Governor } from '../governor/governor.ts';
import { concealer } from '../redact.ts';
import { guarded, type Wire } from './jsforce-guard.ts';
import { apiError } from './salesforce-errors.ts';
import type { Login, LoginSource } from './token-source.ts';

export interface SalesforceRestOptions {
  readonly tokens: LoginSource;
  readonly governor: Governor;
  readonly clock: Clock;
  /** e.g. `66.0`. */
  readonly apiVersion: string;
  /** For one request, from the first byte sent to the last byte read. */
  readonly timeoutMs: number;
}

export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/services/data/vXX.X`, encoded. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** For errors: the route with ids left out. */
  readonly operation: string;
}

type Answer = Readonly<Record<string, unknown>>;

/**
 * REST calls by jsforce, each under the governor and its own deadline, with errors classed by recovery.
 * `guardJsforce` must have been called.
 */
export class SalesforceRest {
  readonly #options: SalesforceRestOptions;

  constructor(options: SalesforceRestOptions) {
    this.#options = options;
  }

  /**
   * The parsed answer, `{}` when it is not JSON. A token that the vendor refuses is replaced once; when the next
   * is refused too, rejects with `AuthError`.
   */
  async send(request: RestRequest, call: Call): Promise<Answer> {
    const { tokens, governor } = this.#options;
    // No token is asked for that could not be used.
    governor.check(call.work);
    const login = await tokens.login(call);
    try {
      return await this.#sendWith(login, request, call);
    } catch (error) {
      if (!isSessionRefused(error)) throw error;
    }
    return await this.#sendWith(await tokens.login(call), request, call);
  }

  async #sendWith(login: Login, request: RestRequest, call: Call): Promise<Answer> {
    const { tokens, governor } = this.#options;
    return await governor.run(call, async (signal) => {
      try {
        return await this.#exchange(login, request, signal);
      } catch (error) {
        if (isSessionRefused(error)) tokens.invalidate(login.accessToken);
        if (error instanceof ParkedError) governor.park(error.reason, error.untilMs);
        throw error;
      }
    });
  }

  /** One connection per call: without a refresh function jsforce cannot loop on a 401 (salesforce.md §1.2). */
  async #exchange(
    login: Login,
    { operation, method, path, body }: RestRequest,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { clock, apiVersion, timeoutMs } = this.#options;
    const content = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const wire: Wire = { status: 0 };
    try {
      const deadline = AbortSignal.any([signal, clock.deadline(timeoutMs)]);
      const answer = await guarded(deadline, wire, async ({ Connection }) => {
        const connection = new Connection({ version: apiVersion, ...login });
        return await connection.request({ method, url: path, ...content });
      });
      return typeof answer === 'object' && answer !== null ? { ...answer } : {};
    } catch (error) {
      const conceal = concealer([login.accessToken]);
      throw apiError({ operation, status: wire.status, error, conceal }, clock.now());
    } finally {
      this.#observe(wire.limitInfo);
    }
  }

  /** The calls of the org; those of an app, `per-app-api-usage`, are not what it has left (salesforce.md §2.6). */
  #observe(limitInfo = ''): void {
    const usage = /(?:^|[;,\s])api-usage=(\d+)\/(\d+)/i.exec(limitInfo);
    if (!usage) return;
    const limit = Number(usage[2]);
    this.#options.governor.observe({ limit, remaining: Math.max(0, limit - Number(usage[1])) });
  }
}

function isSessionRefused(error: unknown): boolean {
  return error instanceof AuthError && (error.code === 'INVALID_SESSION_ID' || error.status === 401);
}
