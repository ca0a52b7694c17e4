import type { Exchange } from '../kernel/exchange.ts';
import { Failure } from './failure.ts';
import type { PardotState } from './state.ts';
import { localDay } from './time.ts';

/** Who may come in. */
export interface Gate {
  readonly isTokenValid: (token: string) => boolean;
  readonly businessUnitId: string;
}

/**
 * The checks before any meaning, in the vendor's order: token (49, 184), business unit header (181, 182),
 * business unit (201), concurrency (66), daily limit (122). pardot.md §1.4, §9, §12.1.
 */
export class Admission {
  readonly #state: PardotState;
  readonly #gate: Gate;
  #day = '';
  #used = 0;

  constructor(state: PardotState, gate: Gate) {
    this.#state = state;
    this.#gate = gate;
  }

  /** Counts the request, or throws the Failure that refuses it. */
  admit(exchange: Exchange): void {
    this.#checkToken(exchange.headers.authorization ?? '');
    this.#checkBusinessUnit(exchange.headers['pardot-business-unit-id'] ?? '');
    const { othersInFlight, concurrencyLimit, dailyLimit } = this.#state.switches;
    if (exchange.inFlight + othersInFlight > concurrencyLimit) throw new Failure(66);
    if (this.#usedToday() >= dailyLimit) throw new Failure(122);
    this.#used++;
  }

  /** Calls of the account's day over the daily maximum, as `x-api-usage` spells it. */
  usage(): string {
    return `${this.#usedToday()}/${this.#state.switches.dailyLimit}`;
  }

  #usedToday(): number {
    const { accountTimeZone, usedByOthers } = this.#state.switches;
    const today = localDay(this.#state.clock.now(), accountTimeZone);
    if (today !== this.#day) this.#used = 0;
    this.#day = today;
    return this.#used + usedByOthers;
  }

  #checkToken(authorization: string): void {
    const [scheme = '', token = ''] = authorization.trim().split(/\s+/);
    if (scheme === '') throw new Failure(49);
    if (scheme.toLowerCase() !== 'bearer' || !this.#gate.isTokenValid(token)) throw new Failure(184);
  }

  #checkBusinessUnit(header: string): void {
    if (header === '') throw new Failure(181, 'Pardot-Business-Unit-Id header not found on request.');
    if (!/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(header)) throw new Failure(182, 'Pardot-Business-Unit-Id');
    const { businessUnitId } = this.#gate;
    if (header !== businessUnitId && header !== businessUnitId.slice(0, 15)) throw new Failure(201);
  }
}
