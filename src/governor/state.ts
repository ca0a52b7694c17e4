import type { Vendor, WorkClass } from '../domain.ts';
import type { ParkReason } from '../errors.ts';

/** What a governor must not forget over a restart. Plain JSON. */
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
}

/** Where governors keep what they must not forget. `save` is durable when it returns and cheap: every call does it. */
export interface GovernorState {
  load(vendor: Vendor): SavedGovernor | undefined;
  save(vendor: Vendor, saved: SavedGovernor): void;
}
