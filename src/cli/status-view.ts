import { type Outcome, VENDORS, type Vendor } from '../domain.ts';
import type { SavedGovernor } from '../governor/state.ts';
import type { EffectKind, EffectState } from '../store/effects.ts';
import type { Store } from '../store/store.ts';

/** What `status --json` prints. Instants are ISO 8601 UTC or null. */
export interface StatusView {
  readonly activated_at: string | null;
  readonly jobs: readonly {
    readonly job: string;
    readonly last_run_at: string | null;
    readonly last_success_at: string | null;
    readonly counts: Readonly<Record<string, number>>;
    readonly problem: string | null;
  }[];
  readonly vendors: readonly {
    readonly vendor: Vendor;
    readonly calls_this_period: number;
    readonly limit: number | null;
    readonly remaining: number | null;
    readonly parked_until: string | null;
    readonly park_reason: string | null;
  }[];
  readonly sessions: readonly {
    readonly session_id: string;
    readonly title: string | null;
    readonly starts_at: string | null;
    readonly status: string;
    readonly name: string;
    readonly salesforce_campaign_id: string | null;
    readonly pardot_campaign_id: number | null;
    readonly list_id: number | null;
    readonly registrations: Readonly<Partial<Record<Outcome | 'on_the_way', number>>>;
    readonly attendance_passes: number;
  }[];
  /** Submissions that led to no registration. */
  readonly submissions_without_registration: Readonly<Partial<Record<Outcome | 'undecided', number>>>;
  readonly effects: readonly {
    readonly kind: EffectKind;
    readonly state: EffectState;
    /** Why it ended so; null when there is nothing to say. */
    readonly reason: Outcome | null;
    readonly count: number;
  }[];
}

/** Reads the whole status from the state file. */
export function readStatus(store: Store): StatusView {
  return {
    activated_at: iso(store.meta.activatedAtMs() ?? null),
    jobs: store.jobRuns.all().map((run) => ({
      job: run.job,
      last_run_at: iso(run.finishedAtMs),
      last_success_at: iso(run.succeededAtMs),
      counts: run.counts,
      problem: run.problem,
    })),
    vendors: VENDORS.flatMap((vendor) => vendorStatus(store, vendor)),
    sessions: store.links.all().map((link) => sessionStatus(store, link)),
    submissions_without_registration: Object.fromEntries(
      store.submissions.countsByOutcome().map(({ outcome, count }) => [outcome ?? 'undecided', count]),
    ),
    effects: store.effects.counts(),
  };
}

function vendorStatus(store: Store, vendor: Vendor): StatusView['vendors'] {
  const saved = store.loadGovernor<SavedGovernor>(vendor);
  if (!saved) return [];
  return [
    {
      vendor,
      calls_this_period: Object.values(saved.calls).reduce((sum, count) => sum + count, 0),
      limit: saved.limit,
      remaining: saved.remaining,
      parked_until: iso(saved.parkedUntilMs),
      park_reason: saved.parkReason,
    },
  ];
}

function sessionStatus(
  store: Store,
  link: ReturnType<Store['links']['all']>[number],
): StatusView['sessions'][number] {
  const session = store.sessions.get(link.sessionId);
  return {
    session_id: link.sessionId,
    title: session?.event?.title ?? null,
    starts_at: iso(session?.estimatedStartedAtMs ?? null),
    status: session?.goneAtMs ? 'gone' : (session?.status ?? 'unknown'),
    name: link.name,
    salesforce_campaign_id: link.salesforceCampaignId,
    pardot_campaign_id: link.pardotCampaignId,
    list_id: link.listId,
    registrations: Object.fromEntries(
      store.registrations
        .countsByOutcome(link.sessionId)
        .map(({ outcome, count }) => [outcome ?? 'on_the_way', count]),
    ),
    attendance_passes: store.attendance.passes(link.sessionId).length,
  };
}

function iso(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
