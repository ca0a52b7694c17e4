import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Clock, HOUR, MINUTE, SECOND } from '../clock.ts';
import type { PageRequest } from './server.ts';

/** Names of this machine; a page elsewhere that points its own name here is not one of them. */
const LOCAL_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d{1,5})?$/i;
const COOKIE = 'livestorm_pardot_status';
const STAYS = 12 * HOUR;
const MOST_WRONG = 10;

/** Whether the request was meant for this machine. A tunnel may bring it under another port. */
export function isForThisMachine({ headers }: PageRequest): boolean {
  return LOCAL_HOST.test(headers.host ?? '');
}

/** Whether a form of our own sent it: browsers tell the origin with every POST. */
export function isFromOurPage({ headers }: PageRequest): boolean {
  const { host, origin, 'sec-fetch-site': site = 'same-origin' } = headers;
  return origin === `http://${host}` && site === 'same-origin';
}

/**
 * Lets in whoever knows the token, by `Authorization: Bearer` or by the cookie of a login. The cookie holds no token, only
 * until when it counts, under a signature made with the token.
 */
export class Gate {
  readonly #token: string | null;
  readonly #clock: Clock;
  #wrongAtMs: readonly number[] = [];

  /** Without a token nobody is let in. */
  constructor(token: string | null, clock: Clock) {
    this.#token = token;
    this.#clock = clock;
  }

  get hasToken(): boolean {
    return this.#token !== null;
  }

  /** Whether the token came along in the header. */
  hasBearer({ headers }: PageRequest): boolean {
    const [, given] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    return given !== undefined && this.tells(given) === 'right';
  }

  isLoggedIn({ headers }: PageRequest): boolean {
    const cookies = (headers.cookie ?? '').split(/; */);
    const value = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
    const [until = '', signature = ''] = value.split('.');
    return (
      this.#token !== null && Number(until) > this.#clock.now() && isSame(signature, sign(this.#token, until))
    );
  }

  /** Whether it is the token; after many wrong ones nobody is heard for a while. */
  tells(given: string): 'right' | 'wrong' | 'too_often' {
    const nowMs = this.#clock.now();
    this.#wrongAtMs = this.#wrongAtMs.filter((atMs) => atMs > nowMs - MINUTE && atMs <= nowMs);
    if (this.#wrongAtMs.length >= MOST_WRONG) return 'too_often';
    if (this.#token !== null && isSame(given, this.#token)) return 'right';
    this.#wrongAtMs = [...this.#wrongAtMs, nowMs];
    return 'wrong';
  }

  /** For `Set-Cookie`, after the token was told. */
  loginCookie(): string {
    const until = String(this.#clock.now() + STAYS);
    const value = `${until}.${sign(this.#token ?? '', until)}`;
    return `${COOKIE}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${STAYS / SECOND}`;
  }

  logoutCookie(): string {
    return `${COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`;
  }
}

function sign(token: string, until: string): string {
  return createHmac('sha256', token).update(`status page until ${until}`).digest('hex');
}

/** In the same time, wherever they differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
