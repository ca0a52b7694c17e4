import type { Call } from '../domain.ts';
import type { Governor } from '../governor/governor.ts';
import { type AnswerContext, parkFor, parkRefusedCredentials } from './answers.ts';
import { type HttpOptions, type HttpRequest, type HttpResponse, sendHttp } from './http.ts';
import { readAllowance } from './livestorm-answers.ts';

export interface LivestormOptions {
  readonly http: Omit<HttpOptions, 'vendor'>;
  /** `https://api.livestorm.co/v1`, with or without a slash at the end. */
  readonly baseUrl: string;
  /** The private API token, asked for at each request so that it can be exchanged while running. */
  readonly token: () => string;
  readonly governor: Governor;
}

export interface Route {
  readonly method: HttpRequest['method'];
  readonly path: string;
  /** The route with ids left out. */
  readonly operation: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
}

/** One request and its answer at Livestorm: token, media type, governor (livestorm.md §1, §2.1, §3). */
export class LivestormWire {
  readonly #options: LivestormOptions;
  readonly #http: HttpOptions;
  readonly #baseUrl: string;

  constructor(options: LivestormOptions) {
    this.#options = options;
    this.#http = { ...options.http, vendor: 'livestorm' };
    this.#baseUrl = options.baseUrl.replace(/\/+$/, '');
  }

  /**
   * Sends when the governor allows it, reports the quota, and reads the answer with `read`. When `read` throws an
   * error that names a pause, the pause is in place before another request can start.
   */
  ask<T>(route: Route, call: Call, read: (context: AnswerContext, response: HttpResponse) => T): Promise<T> {
    const { governor, http } = this.#options;
    return governor.run(call, async (signal, sent) => {
      const response = await sendHttp(this.#http, this.#request(route), signal, sent);
      const nowMs = http.clock.now();
      governor.observe(readAllowance(response.headers, nowMs));
      try {
        return read({ vendor: 'livestorm', operation: route.operation, nowMs }, response);
      } catch (error) {
        parkFor(governor, error);
        parkRefusedCredentials(governor, error, nowMs);
        throw error;
      }
    });
  }

  #request({ method, path, operation, query, body }: Route): HttpRequest {
    const url = new URL(`${this.#baseUrl}${path}`);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.append(name, value);
    const headers = { authorization: this.#options.token(), accept: 'application/vnd.api+json' };
    if (body === undefined) return { method, url, headers, operation };
    return {
      method,
      url,
      headers: { ...headers, 'content-type': 'application/vnd.api+json' },
      body,
      operation,
    };
  }
}
