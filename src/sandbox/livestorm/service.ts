import type { Random, SandboxClock } from '../kernel/clock.ts';
import type { Exchange, Reply, VendorService } from '../kernel/exchange.ts';
import { htmlReply, jsonReply } from '../kernel/exchange.ts';
import { Limits } from './limits.ts';
import { Lists } from './lists.ts';
import { readBody } from './payload.ts';
import { Refusal, renderError } from './refusal.ts';
import { findRoute } from './router.ts';
import type { Answer } from './routes/request.ts';
import { DEFAULT_SWITCHES, type LivestormSwitches } from './switches.ts';
import { LivestormWorld } from './world.ts';

export const DEFAULT_TOKEN = 'livestorm-sandbox-token';

const JSON_TYPE = { 'content-type': 'application/vnd.api+json' };

/**
 * Livestorm's public REST API v1 for one workspace, under `/v1`, as the vendor sheet describes it. Checks come
 * in the order credentials, limits, route, content.
 */
export class Livestorm implements VendorService {
  readonly name = 'livestorm';
  readonly token: string;
  /** Mutable: the next request sees the change. */
  readonly switches: LivestormSwitches;
  readonly world: LivestormWorld;
  readonly limits: Limits;
  readonly #lists: Lists;

  constructor(parts: {
    clock: SandboxClock;
    random: Random;
    token?: string;
    switches?: Partial<LivestormSwitches>;
  }) {
    const { clock, random } = parts;
    this.token = parts.token ?? DEFAULT_TOKEN;
    this.switches = { ...DEFAULT_SWITCHES, ...parts.switches };
    this.world = new LivestormWorld({ clock, random, switches: this.switches });
    this.limits = new Limits({ clock, switches: this.switches });
    this.#lists = new Lists({ random, switches: this.switches });
  }

  handle(exchange: Exchange): Reply {
    this.limits.noteStart();
    const reply = this.#checked(exchange);
    return { ...reply, headers: { ...reply.headers, ...this.limits.headers() } };
  }

  #checked(exchange: Exchange): Reply {
    const authorization = exchange.headers.authorization ?? '';
    if (authorization !== this.token) return unauthorized(authorization);
    const verdict = this.limits.take();
    if (verdict !== 'pass') {
      const detail = verdict === 'burst' ? 'Throttle limit reached' : 'Monthly throttle limit reached';
      return refused(429, detail, this.limits.refusalHeaders(verdict));
    }
    try {
      return render(this.#route(exchange));
    } catch (error) {
      if (error instanceof Refusal) return refused(error.status, error.message);
      throw error;
    }
  }

  #route(exchange: Exchange): Answer {
    const found = findRoute(exchange.method, exchange.path);
    if (!found) throw new Refusal(404, 'Not found');
    return found.handler({
      state: this.world.state,
      lists: this.#lists,
      path: exchange.path,
      query: exchange.query,
      body: readBody(exchange),
      ids: found.ids,
    });
  }
}

/** vendor sheet §1: whatever begins with `Bearer ` is looked up as an OAuth token, and not found. */
function unauthorized(authorization: string): Reply {
  const challenge = authorization.startsWith('Bearer ')
    ? { 'www-authenticate': 'Bearer realm="Doorkeeper", error="invalid_token"' }
    : {};
  return refused(401, 'The API token is missing or invalid', challenge);
}

function refused(status: number, detail: string, headers: Record<string, string> = {}): Reply {
  return jsonReply(status, { errors: [renderError(status, detail)] }, { ...JSON_TYPE, ...headers });
}

function render(answer: Answer): Reply {
  if (answer.html !== undefined) return htmlReply(answer.status, answer.html);
  if (answer.document === undefined) return { status: answer.status, headers: {}, body: '' };
  return jsonReply(answer.status, answer.document, JSON_TYPE);
}
