import type { Vendor, WorkClass } from '../domain.ts';
import type { ParkReason } from '../errors.ts';

export interface BudgetLimit {
  /** Most calls we make in one period, whatever the vendor would grant. */
  readonly limit: number;
  readonly periodMs: number;
}

/** Calls in one hour of the wall clock. */
export interface SpentHour {
  readonly startedAtMs: number;
  readonly own: number;
  /** Calls of other integrations, as far as the vendor's figures show them. */
  readonly others: number;
}

/** What a governor must not forget over a restart, and what status shows of it. Plain JSON. */
export interface SavedGovernor {
  /** Every park, by reason; absent in a state that knew only the longest. */
  readonly parks?: Readonly<Partial<Record<ParkReason, number>>>;
  /** The park that lasts longest; null when not parked. */
  readonly parkedUntilMs: number | null;
  readonly parkReason: ParkReason | null;
  readonly periodStartedAtMs: number;
  /** Calls started in this period. */
  readonly calls: Readonly<Record<WorkClass, number>>;
  /** The vendor's own figures, as far as told; `remaining` less the calls started since. */
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetAtMs: number | null;
  /** Calls of other integrations in this period. This and what follows is absent in an older state. */
  readonly others?: number;
  /** The last day, oldest hour first; hours without calls are left out. */
  readonly recent?: readonly SpentHour[];
  /** Our own limit; null when there is none. */
  readonly budget?: BudgetLimit | null;
  /** Failures in a row, and openings of the circuit since the last answer. */
  readonly breaker?: { readonly failures: number; readonly openings: number };
  /** Share of the allowed pace that is used, 1 unless the vendor complained. */
  readonly pace?: number;
  /** By the same clock as the times above: tells that it was set back since. */
  readonly savedAtMs?: number;
}

/** Where governors keep what they must not forget. `save` is durable when it returns and cheap: every call does it. */
export interface GovernorState {
  load(vendor: Vendor): SavedGovernor | undefined;
  save(vendor: Vendor, saved: SavedGovernor): void;
}
