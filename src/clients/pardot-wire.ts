import type { Call } from '../domain.ts';
import { AuthError, RefusedError } from '../errors.ts';
import type { Governor } from '../governor/governor.ts';
import { type AnswerContext, parkFor, parkRefusedCredentials } from './answers.ts';
import { type HttpOptions, type HttpRequest, type HttpResponse, sendHttp } from './http.ts';
import { readAllowance, requireSuccess } from './pardot-answers.ts';
import { requireWhole } from './pardot-warnings.ts';
import type { TokenSource } from './token-source.ts';

export interface PardotOptions {
  readonly http: Omit<HttpOptions, 'vendor'>;
  /** `https://pi.pardot.com` or `https://pi.demo.pardot.com`; cannot be derived from the token (pardot.md §1.1). */
  readonly baseUrl: string;
  /** `0Uv…`, 18 characters. */
  readonly businessUnitId: string;
  readonly tokens: TokenSource;
  readonly governor: Governor;
}

export interface Route {
  readonly method: HttpRequest['method'];
  /** Below `/api/v5`. */
  readonly path: string;
  /** The route with ids left out. */
  readonly operation: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Of the body; JSON when absent. */
  readonly contentType?: string;
  /** What is wanted in answer; JSON when absent. */
  readonly accept?: string;
  /** There is another way to the same end: that the API user lacks the ability concerns this request alone. */
  readonly optional?: boolean;
}

/** One request and its answer at Pardot: token, business unit, usage, governor (pardot.md §1). */
export class PardotWire {
  readonly #options: PardotOptions;
  readonly #http: HttpOptions;
  readonly #baseUrl: string;

  constructor(options: PardotOptions) {
    this.#options = options;
    this.#http = { ...options.http, vendor: 'pardot' };
    this.#baseUrl = options.baseUrl.replace(/\/+$/, '');
  }

  urlOf({ path, query }: Pick<Route, 'path' | 'query'>): URL {
    const url = new URL(`${this.#baseUrl}/api/v5${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
    return url;
  }

  /**
   * Sends, and reads a successful answer with `read`. A refused token is exchanged once and the request sent
   * again: the first one was not applied. What is refused after that pauses everything.
   */
  async ask<T>(
    route: Route,
    call: Call,
    read: (context: AnswerContext, response: HttpResponse) => T,
  ): Promise<T> {
    const { governor, http } = this.#options;
    try {
      return await this.#askTwice(route, call, read);
    } catch (error) {
      if (route.optional && isAbilityMissing(error)) throw new RefusedError(error.message, error);
      parkRefusedCredentials(governor, error, http.clock.now());
      throw error;
    }
  }

  async #askTwice<T>(
    route: Route,
    call: Call,
    read: (context: AnswerContext, response: HttpResponse) => T,
  ): Promise<T> {
    const { tokens, governor } = this.#options;
    // No token is asked for that could not be used.
    governor.check(call.work);
    const token = await tokens.token(call);
    try {
      return await this.#send(route, token, call, read);
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      tokens.invalidate(token);
      return await this.#sendFresh(error, route, token, call, read);
    }
  }

  /** Once more with another token, which is worth nothing either if it is refused, too. */
  async #sendFresh<T>(
    refusal: unknown,
    route: Route,
    refused: string,
    call: Call,
    read: (context: AnswerContext, response: HttpResponse) => T,
  ): Promise<T> {
    const { tokens } = this.#options;
    const fresh = await tokens.token(call);
    try {
      if (fresh === refused) throw refusal;
      return await this.#send(route, fresh, call, read);
    } catch (error) {
      if (isTokenRefused(error)) tokens.invalidate(fresh);
      throw error;
    }
  }

  #send<T>(
    route: Route,
    token: string,
    call: Call,
    read: (context: AnswerContext, response: HttpResponse) => T,
  ): Promise<T> {
    const { governor, http } = this.#options;
    return governor.run(call, async (signal) => {
      const response = await sendHttp(this.#http, this.#request(route, token), signal);
      const context = { vendor: 'pardot', operation: route.operation, nowMs: http.clock.now() } as const;
      governor.observe(readAllowance(response.headers));
      try {
        requireSuccess(context, response, () => http.clock.random());
        if (route.method === 'GET') requireWhole(context, response);
        return read(context, response);
      } catch (error) {
        parkFor(governor, error);
        throw error;
      }
    });
  }

  #request(route: Route, token: string): HttpRequest {
    const { method, operation, body, contentType = 'application/json', accept = 'application/json' } = route;
    const url = this.urlOf(route);
    const headers = {
      authorization: `Bearer ${token}`,
      'pardot-business-unit-id': this.#options.businessUnitId,
      'x-return-api-usage': '1',
      accept,
    };
    if (body === undefined) return { method, url, headers, operation };
    return { method, url, headers: { ...headers, 'content-type': contentType }, body, operation };
  }
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof AuthError && (error.status === 401 || error.code === 184);
}

const ABILITY_MISSING = 46;

function isAbilityMissing(error: unknown): error is AuthError {
  return error instanceof AuthError && error.code === ABILITY_MISSING;
}
