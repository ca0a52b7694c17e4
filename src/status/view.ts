import { type Outcome, VENDORS } from '../domain.ts';
import type { SavedGovernor } from '../governor/state.ts';
import type { Decision } from '../store/decisions.ts';
import type { EffectKind, EffectState } from '../store/effects.ts';
import type { Store } from '../store/store.ts';
import { type PauseJson, pauseJson } from './pause.ts';
import { type VendorJson, vendorJson } from './vendor.ts';

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
  readonly vendors: readonly VendorJson[];
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
  readonly paused: readonly PauseJson[];
  /** Brakes that hold people, or would hold new ones. */
  readonly held: readonly { readonly hold: number; readonly what: string; readonly people: number }[];
  /** What admins decided last, the newest first. */
  readonly decisions: readonly (Omit<Decision, 'atMs'> & { readonly at: string | null })[];
}

const DECISIONS = 10;

/** Reads the whole status from the state file. */
export function readStatus(store: Store, nowMs: number): StatusView {
  return {
    activated_at: iso(store.meta.activatedAtMs() ?? null),
    jobs: store.jobRuns.all().map((run) => ({
      job: run.job,
      last_run_at: iso(run.finishedAtMs),
      last_success_at: iso(run.succeededAtMs),
      counts: run.counts,
      problem: run.problem,
    })),
    vendors: readVendors(store, nowMs),
    sessions: store.links.all().map((link) => sessionStatus(store, link)),
    submissions_without_registration: Object.fromEntries(
      store.submissions.countsByOutcome().map(({ outcome, count }) => [outcome ?? 'undecided', count]),
    ),
    effects: store.effects.counts(),
    paused: store.pauses.all().map(pauseJson),
    held: readHeld(store),
    decisions: store.decisions
      .latest(DECISIONS)
      .map(({ atMs, ...decision }) => ({ at: iso(atMs), ...decision })),
  };
}

/** Every vendor that was ever called. */
export function readVendors(store: Store, nowMs: number): StatusView['vendors'] {
  return VENDORS.flatMap((vendor) => {
    const saved = store.loadGovernor<SavedGovernor>(vendor);
    return saved ? [vendorJson(vendor, saved, nowMs)] : [];
  });
}

export function readHeld(store: Store): StatusView['held'] {
  const people = store.holds.people();
  return store.holds.current().map(({ id, form, sessionId }) => ({
    hold: id,
    what: form ?? `session ${sessionId}`,
    people: people.filter(({ holdId }) => holdId === id).length,
  }));
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
