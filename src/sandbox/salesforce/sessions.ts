import type { Random, SandboxClock } from '../kernel/clock.ts';
import type { SalesforceSwitches } from './switches.ts';

const MINUTE = 60_000;
const TOKEN_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';

/** The living sessions of the one API user: access tokens that end after a time without use (salesforce.md §2.1). */
export class Sessions {
  readonly #clock: SandboxClock;
  readonly #random: Random;
  readonly #switches: Readonly<SalesforceSwitches>;
  readonly #organizationId: string;
  /** Token → when it was used last. */
  readonly #lastUse = new Map<string, number>();

  constructor(parts: {
    clock: SandboxClock;
    random: Random;
    switches: Readonly<SalesforceSwitches>;
    organizationId: string;
  }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#switches = parts.switches;
    this.#organizationId = parts.organizationId;
  }

  /** A new session's token, or with `sameTokenAgain` the one that still lives. */
  open(): string {
    const living = [...this.#lastUse.keys()].findLast((token) => this.isValid(token));
    const reuse = this.#switches.sameTokenAgain ? living : undefined;
    const token =
      reuse ?? `${this.#organizationId.slice(0, 15)}!AR${randomText(this.#random, TOKEN_ALPHABET, 92)}`;
    this.#lastUse.set(token, this.#clock.now());
    return token;
  }

  isValid(token: string): boolean {
    const lastUse = this.#lastUse.get(token);
    return lastUse !== undefined && this.#clock.now() - lastUse < this.#switches.sessionMinutes * MINUTE;
  }

  /** As `isValid`, and starts the idle time anew. */
  use(token: string): boolean {
    const valid = this.isValid(token);
    if (valid) this.#lastUse.set(token, this.#clock.now());
    return valid;
  }

  revokeAll(): void {
    this.#lastUse.clear();
  }
}

export function randomText(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(random.between(0, alphabet.length - 1))).join('');
}
