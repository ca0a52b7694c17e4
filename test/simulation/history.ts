import type { SessionStatus } from '../../src/sandbox/livestorm/model.ts';
import type { AssetKind } from '../../src/sandbox/pardot/rows.ts';
import type { Pausable } from '../../src/store/pauses.ts';
import type { Choices } from './choices.ts';
import type { Vendor } from './endpoints.ts';
import type { Cell } from './fault-kinds.ts';

const MINUTE = 60_000;

/** With all retries of one trouble: back-off grows to a quarter of an hour, and the daemon is let look every 40 minutes. */
const CALM_MS = 60 * MINUTE;

export interface SessionPast {
  readonly sessionId: string;
  readonly eventId: string;
  readonly createdAtMs: number;
  readonly isBreakout: boolean;
  /** Every status it ever had, oldest first. `gone`: deleted. */
  readonly statuses: { readonly atMs: number; readonly status: SessionStatus | 'gone' }[];
  /** When it was last moved to another time. */
  movedAtMs: number | undefined;
}

export interface PastSubmission {
  readonly atMs: number;
  readonly kind: AssetKind;
  readonly assetId: number;
  /** Campaign that routes it, and when the asset got another one. */
  readonly campaignId: number;
  repointed: { readonly atMs: number; readonly campaignId: number } | undefined;
  readonly prospectId: number;
  readonly email: string;
  readonly firstName: string;
  readonly activityId: number;
}

export interface PastRegistration {
  readonly atMs: number;
  readonly sessionId: string;
  readonly email: string;
}

/** What people did to a prospect besides submitting forms. */
export interface Intervention {
  readonly atMs: number;
  readonly prospectId: number;
  readonly what: 'deleted' | 'purged' | 'merged' | 'readdressed';
  /** Addresses that it had before and has now. */
  readonly emails: readonly string[];
}

/** A flow that the admin paused. */
export interface PausedFlow {
  readonly flow: Pausable;
  readonly fromMs: number;
  untilMs: number;
}

export interface Pause {
  readonly vendor: Vendor;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What happened in the world, apart from the daemon: the checker's only source of what should be. */
export class History {
  readonly sessions = new Map<string, SessionPast>();
  readonly submissions: PastSubmission[] = [];
  readonly pageRegistrations: PastRegistration[] = [];
  readonly unregistrations: { readonly atMs: number; readonly eventId: string; readonly email: string }[] =
    [];
  readonly interventions: Intervention[] = [];
  /** Prospects that people or forms made → their source campaign. */
  readonly sourceCampaigns = new Map<number, number | null>();
  /** Those prospects → the activity that they came with. */
  readonly initialActivity = new Map<number, number>();
  /** Retry-After of faults. */
  readonly pauses: Pause[] = [];
  /** Configurations, from when on each. */
  readonly choices: { readonly atMs: number; readonly choices: Choices }[] = [];
  readonly pausedFlows: PausedFlow[] = [];
  /** Keys of people who were erased from the state. */
  readonly forgotten: { readonly atMs: number; readonly key: string }[] = [];
  /** What the admin decided about people whom a brake held. */
  readonly holdsEnded: { readonly atMs: number; readonly ending: 'released' | 'discarded' }[] = [];
  readonly trace: string[] = [];
  /** Faults, restarts, jumps of the clock. */
  readonly #troubles: { readonly fromMs: number; readonly toMs: number }[] = [];

  note(atMs: number, text: string): void {
    this.trace.push(`${new Date(atMs).toISOString().slice(5, 19)} ${text}`);
  }

  trouble(atMs: number, text: string, forMs = 0): void {
    this.note(atMs, text);
    this.#troubles.push({ fromMs: atMs, toMs: atMs + forMs });
  }

  fault(atMs: number, { kind, endpoint }: Cell): void {
    this.trouble(
      atMs,
      `fault ${kind.name} at ${endpoint.label}`,
      Math.max(kind.pauseMs ?? 0, kind.retryAfterMs ?? 0),
    );
    if (kind.retryAfterMs === undefined) return;
    this.pauses.push({ vendor: endpoint.vendor, fromMs: atMs, untilMs: atMs + kind.retryAfterMs });
  }

  status(sessionId: string, atMs: number, status: SessionStatus | 'gone'): void {
    this.sessions.get(sessionId)?.statuses.push({ atMs, status });
  }

  /** By when whatever happened at `atMs` must have been dealt with, all troubles on the way considered. */
  settledBy(atMs: number): number {
    let untilMs = atMs + CALM_MS;
    for (const { fromMs, toMs } of this.#troubles.toSorted((a, b) => a.fromMs - b.fromMs)) {
      if (toMs >= atMs && fromMs <= untilMs) untilMs = Math.max(untilMs, toMs + CALM_MS);
    }
    return untilMs;
  }
}
