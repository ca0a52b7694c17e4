import { Random } from '../../../src/sandbox/kernel/clock.ts';
import type { Reply } from '../../../src/sandbox/kernel/exchange.ts';
import { Livestorm } from '../../../src/sandbox/livestorm/service.ts';
import type { LivestormSwitches } from '../../../src/sandbox/livestorm/switches.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;
export const START = Date.parse('2026-03-01T09:00:00Z');

/** Whatever an answer holds: the tests look into it freely. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Reply['headers'];
  readonly text: string;
  readonly json: Json;
}

/** A Livestorm on a clock that only moves when told to, called without sockets. */
export class Caller {
  nowMs = START;
  readonly livestorm: Livestorm;

  constructor(switches: Partial<LivestormSwitches> = {}) {
    const clock = { now: () => this.nowMs };
    this.livestorm = new Livestorm({ clock, random: new Random(7), switches });
  }

  get world(): Livestorm['world'] {
    return this.livestorm.world;
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }

  /** `target` is the path below `/v1` with its query. A new second begins first, so that no limit is met. */
  call(method: string, target: string, body?: unknown): Answer {
    this.advance(SECOND);
    return this.callNow(method, target, body);
  }

  /** The same without waiting. */
  callNow(
    method: string,
    target: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: this.livestorm.token },
  ): Answer {
    const url = new URL(`http://sandbox/v1${target}`);
    const reply = this.livestorm.handle({
      method,
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: { 'content-type': 'application/vnd.api+json', ...headers },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      inFlight: 1,
    });
    return {
      status: reply.status,
      headers: reply.headers,
      text: reply.body,
      json: reply.body.startsWith('{') ? JSON.parse(reply.body) : undefined,
    };
  }

  get(target: string): Answer {
    return this.call('GET', target);
  }

  register(sessionId: string, fields: Record<string, unknown>): Answer {
    return this.call('POST', `/sessions/${sessionId}/people`, application(fields));
  }

  /** An upcoming session, tomorrow, of a new event. */
  session(startsInMs: number = DAY): string {
    const event = this.world.createEvent({ title: 'Launch' });
    return this.world.createSession(event.id, { startsAtMs: this.nowMs + startsInMs }).id;
  }

  /** The people whom Livestorm itself did not put there. */
  registrants(sessionId: string): ReturnType<Livestorm['world']['people']> {
    return this.world.people(sessionId).filter((person) => person.registeredBy !== 'workspace');
  }
}

export function application(fields: Record<string, unknown>): unknown {
  return { data: { type: 'people', attributes: { fields: fieldList(fields) } } };
}

export function fieldList(fields: Record<string, unknown>): unknown[] {
  return Object.entries(fields).map(([id, value]) => ({ id, value }));
}

export function ids(answer: Answer): string[] {
  return answer.json.data.map((resource: { id: string }) => resource.id);
}
