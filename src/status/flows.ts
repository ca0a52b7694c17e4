import type { EffectKind } from '../store/effect.ts';
import type { JobRun } from '../store/job-runs.ts';
import type { Store } from '../store/store.ts';

/** What the daemon tells of itself while it runs. */
export interface DaemonSigns {
  /** Jobs that do not go on. */
  stuck(): readonly string[];
  /** Every job, with since when it owes a run that ends well (epoch milliseconds). */
  jobs(): readonly { readonly name: string; readonly dueSinceMs: number | undefined }[];
}

export type FlowName =
  | 'sessions'
  | 'form_registrations'
  | 'registrants'
  | 'attendance'
  | 'replays'
  | 'upkeep';

/** How one flow stands. */
export interface FlowState {
  readonly flow: FlowName;
  readonly title: string;
  /** How long due work has not been done; 0 when nothing is due. */
  readonly lagMs: number;
  /** The latest run of any of its jobs. */
  readonly lastRunAtMs: number | null;
  /** Since then all of its jobs have run well; null when one never has. */
  readonly lastSuccessAtMs: number | null;
  /** Writes that are due. */
  readonly waiting: number;
  /** Why the last run of a job failed. */
  readonly problem: string | null;
}

interface Flow {
  readonly flow: FlowName;
  readonly title: string;
  /** It is on when the daemon has the first of them. */
  readonly jobs: readonly string[];
  readonly kinds: readonly EffectKind[];
}

const FLOWS: readonly Flow[] = [
  {
    flow: 'sessions',
    title: 'Sessions, campaigns and lists',
    jobs: ['sessions', 'session_links', 'campaigns'],
    kinds: ['salesforce_campaign', 'pardot_list', 'link_rename'],
  },
  {
    flow: 'form_registrations',
    title: 'Forms to Livestorm',
    jobs: ['form_submissions', 'awaited_prospects', 'registrations', 'backfill'],
    kinds: ['livestorm_registration', 'livestorm_unregistration'],
  },
  {
    flow: 'registrants',
    title: 'Registrants to prospects',
    jobs: ['registrants', 'people'],
    kinds: ['prospect', 'list_membership', 'list_removal'],
  },
  {
    flow: 'attendance',
    title: 'Attendance to prospects',
    jobs: ['ended_sessions', 'attendance'],
    kinds: ['prospect_fields', 'external_activity'],
  },
  { flow: 'replays', title: 'Replays to prospects', jobs: ['replay_views'], kinds: [] },
];

/** Every flow that is on. A job that belongs to none is upkeep. */
export function readFlows(store: Store, daemon: DaemonSigns, nowMs: number): FlowState[] {
  const due = new Map(daemon.jobs().map(({ name, dueSinceMs }) => [name, dueSinceMs]));
  const runs = new Map(store.jobRuns.all().map((run) => [run.job, run]));
  const waiting = store.figures.waiting(nowMs);
  const named = new Set(FLOWS.flatMap(({ jobs }) => jobs));
  const others = [...due.keys()].filter((name) => !named.has(name));
  const upkeep: Flow = { flow: 'upkeep', title: 'Upkeep', jobs: others, kinds: [] };
  return [...FLOWS, upkeep]
    .filter(({ jobs: [first] }) => first !== undefined && due.has(first))
    .map((flow) => {
      const jobs = flow.jobs.filter((job) => due.has(job));
      const writes = waiting.filter(({ kind }) => flow.kinds.includes(kind));
      const since = [...jobs.map((job) => due.get(job)), ...writes.map(({ sinceMs }) => sinceMs)];
      return {
        flow: flow.flow,
        title: flow.title,
        lagMs: Math.max(0, ...since.map((sinceMs) => nowMs - (sinceMs ?? nowMs))),
        waiting: writes.reduce((sum, { count }) => sum + count, 0),
        ...lastRuns(jobs.map((job) => runs.get(job))),
      };
    });
}

function lastRuns(
  runs: readonly (JobRun | undefined)[],
): Pick<FlowState, 'lastRunAtMs' | 'lastSuccessAtMs' | 'problem'> {
  const finished = runs.flatMap((run) => run?.finishedAtMs ?? []);
  const succeeded = runs.flatMap((run) => run?.succeededAtMs ?? []);
  return {
    lastRunAtMs: finished.length === 0 ? null : Math.max(...finished),
    lastSuccessAtMs: succeeded.length < runs.length ? null : Math.min(...succeeded),
    problem: runs.find((run) => run?.problem)?.problem ?? null,
  };
}
