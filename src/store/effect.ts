import type { Outcome, Vendor } from '../domain.ts';

export type EffectKind =
  | 'salesforce_campaign'
  | 'pardot_list'
  | 'link_rename'
  | 'livestorm_registration'
  | 'livestorm_backfill'
  | 'livestorm_unregistration'
  | 'prospect'
  | 'list_membership'
  | 'list_removal'
  | 'external_activity'
  | 'prospect_fields'
  | 'prospect_import'
  | 'membership_import'
  | 'fields_import';

/**
 * pending: to be sent. sending: committed just before the request leaves. unknown: may have been applied.
 * parked: waits for quota, credentials or allowance. done, skipped (with a reason), dead (an admin must look).
 */
export type EffectState = 'pending' | 'sending' | 'unknown' | 'parked' | 'done' | 'skipped' | 'dead';

/** What went wrong at the last attempt, in words without addresses. */
export interface EffectProblem {
  readonly class: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Who said so, to what, and under which code. */
  readonly vendor?: Vendor | undefined;
  readonly operation?: string | undefined;
  readonly code?: string | number | undefined;
}

export interface Effect<Payload = unknown> {
  readonly id: number;
  readonly kind: EffectKind;
  readonly naturalKey: string;
  readonly sessionId: string | null;
  readonly emailKey: string | null;
  readonly prospectId: number | null;
  readonly payload: Payload;
  readonly state: EffectState;
  readonly reason: Outcome | null;
  readonly attempts: number;
  readonly nextAttemptAtMs: number;
  readonly createdAtMs: number;
  readonly sentAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly problem: EffectProblem | null;
  /** The import that takes it along. */
  readonly carriedBy: number | null;
}

export interface WantedEffect<Payload = unknown> {
  readonly kind: EffectKind;
  /** Unique within the kind. */
  readonly naturalKey: string;
  readonly payload: Payload;
  readonly sessionId?: string;
  readonly emailKey?: string;
  readonly prospectId?: number;
}
