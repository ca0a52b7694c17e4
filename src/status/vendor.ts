import type { Vendor, WorkClass } from '../domain.ts';
import { callsOf, periodEndsAtMs } from '../governor/budget.ts';
import { forecast } from '../governor/forecast.ts';
import { parksOf } from '../governor/parks.ts';
import type { SavedGovernor } from '../governor/state.ts';

/** One vendor in `status --json`: what its governor last saved. Instants are ISO 8601 UTC or null. */
export interface VendorJson {
  readonly vendor: Vendor;
  readonly calls_this_period: number;
  readonly calls_by_class: Readonly<Record<WorkClass, number>>;
  /** Calls of other integrations, as far as the vendor's figures show them. */
  readonly others_this_period: number;
  readonly period_ends_at: string;
  /** Our own limit for the period; null when there is none. */
  readonly budget: number | null;
  /** What the vendor says of its own limit and of what is left of it. */
  readonly limit: number | null;
  readonly remaining: number | null;
  /** When calls run out before they are granted anew, if it goes on like in the last day; else null. */
  readonly exhausted_at: string | null;
  readonly parked_until: string | null;
  readonly park_reason: string | null;
  readonly parks: readonly { readonly reason: string; readonly until: string }[];
  /** `open`: does not answer and is left alone; `trying`: one call at a time. */
  readonly circuit: 'closed' | 'open' | 'trying';
  /** Share of the allowed pace, below 1 after complaints; as of the last call. */
  readonly pace: number;
}

export function vendorJson(vendor: Vendor, saved: SavedGovernor, nowMs: number): VendorJson {
  const parks = parksOf(saved).filter(([, untilMs]) => untilMs > nowMs);
  const longest = parks.toSorted(([, a], [, b]) => b - a)[0];
  const exhausted = forecast(saved, nowMs);
  return {
    vendor,
    calls_this_period: callsOf(saved),
    calls_by_class: saved.calls,
    others_this_period: saved.others ?? 0,
    period_ends_at: iso(periodEndsAtMs(saved, saved.budget)),
    budget: saved.budget?.limit ?? null,
    limit: saved.limit,
    remaining: saved.remaining,
    exhausted_at: exhausted ? iso(exhausted.exhaustedAtMs) : null,
    parked_until: longest ? iso(longest[1]) : null,
    park_reason: longest?.[0] ?? null,
    parks: parks.map(([reason, untilMs]) => ({ reason, until: iso(untilMs) })),
    circuit: circuitOf(saved, nowMs),
    pace: saved.pace ?? 1,
  };
}

function circuitOf({ parks, breaker }: SavedGovernor, nowMs: number): VendorJson['circuit'] {
  if ((parks?.circuit ?? 0) > nowMs) return 'open';
  return (breaker?.openings ?? 0) > 0 ? 'trying' : 'closed';
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
