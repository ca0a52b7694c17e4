import { SECOND } from '../clock.ts';
import type { Outcome } from '../domain.ts';
import type { FailureCause } from './facts.ts';
import { counter, gauge, type Metric, type Sample } from './metric.ts';
import type { Overview } from './overview.ts';
import { PROBLEM_KINDS } from './problems.ts';
import { LATENCY_BOUNDS } from './tally.ts';
import { vendorMetrics } from './vendor-metrics.ts';

const OURS = 'livestorm_pardot';

/**
 * Everything as metrics: no people, no sessions, and labels from closed sets, apart from vendors' error codes of which the
 * most frequent are named. What retention makes smaller is a gauge; counters go on over a restart or begin at 0.
 */
export function metricsOf(overview: Overview): Metric[] {
  return [
    ...flowMetrics(overview),
    ...peopleMetrics(overview),
    ...workMetrics(overview),
    ...vendorMetrics(OURS, overview),
    ...processMetrics(overview),
  ];
}

function flowMetrics({ flows, paused, view: { jobs }, runs, stuck, problems }: Overview): Metric[] {
  const at = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso) / SECOND);
  const jobSamples = (value: (job: (typeof jobs)[number]) => number | null): Sample[] =>
    jobs.flatMap((job) => {
      const known = value(job);
      return known === null ? [] : [{ labels: { job_name: job.job }, value: known }];
    });
  return [
    gauge(
      `${OURS}_flow_lag_seconds`,
      'How long work of the flow that is due has not been done; 0 when nothing is due.',
      flows.map(({ flow, lagMs }) => ({ labels: { flow }, value: lagMs / SECOND })),
    ),
    gauge(
      `${OURS}_flow_waiting_writes`,
      'Writes of the flow that are due.',
      flows.map(({ flow, waiting }) => ({ labels: { flow }, value: waiting })),
    ),
    gauge(
      `${OURS}_flow_paused`,
      'Whether an admin has paused the flow (1); the flow all stands for everything.',
      paused.map(({ flow }) => ({ labels: { flow }, value: 1 })),
    ),
    gauge(
      `${OURS}_job_last_run_timestamp_seconds`,
      'When the job last ended, well or not.',
      jobSamples(({ last_run_at }) => at(last_run_at)),
    ),
    gauge(
      `${OURS}_job_last_success_timestamp_seconds`,
      'When the job last ended well.',
      jobSamples(({ last_success_at }) => at(last_success_at)),
    ),
    counter(
      `${OURS}_job_runs_total`,
      'Runs since the program began.',
      [...runs].flatMap(([job_name, { ok, failed }]) => [
        { labels: { job_name, result: 'ok' }, value: ok },
        { labels: { job_name, result: 'failed' }, value: failed },
      ]),
    ),
    gauge(`${OURS}_stuck_jobs`, 'Jobs that do not go on.', stuck.length),
    gauge(
      `${OURS}_problems`,
      'What needs attention, by kind; the status page says what to do.',
      PROBLEM_KINDS.map((kind) => ({
        labels: { kind },
        value: problems.filter((problem) => problem.kind === kind).length,
      })),
    ),
  ];
}

function byOutcome(rows: readonly { outcome: Outcome | null; count: number }[], none: string): Sample[] {
  return rows.map(({ outcome, count }) => ({ labels: { outcome: outcome ?? none }, value: count }));
}

function peopleMetrics({ people, tally, view, held, awaitingMirror }: Overview): Metric[] {
  const ended = Object.entries(tally.outcomes).map(([outcome, value]) => ({ labels: { outcome }, value }));
  return [
    counter(
      `${OURS}_registrations_total`,
      'Registrations through forms that have ended, since the installation.',
      ended,
    ),
    gauge(
      `${OURS}_people`,
      'People whom a form sent to a session, by how that stands now.',
      byOutcome(people, 'on_the_way'),
    ),
    gauge(
      `${OURS}_submissions_without_registration`,
      'Submissions that led to no session, by reason.',
      Object.entries(view.submissions_without_registration).map(([outcome, value]) => ({
        labels: { outcome },
        value,
      })),
    ),
    gauge(
      `${OURS}_held_people`,
      'People held back until an admin decides.',
      held.reduce((sum, hold) => sum + hold.people, 0),
    ),
    latencyMetric(tally.latency),
    gauge(`${OURS}_linked_sessions`, 'Sessions that are tied to a campaign.', view.sessions.length),
    gauge(
      `${OURS}_links_awaiting_mirror`,
      'Session links whose campaign Account Engagement does not show yet.',
      awaitingMirror.length,
    ),
  ];
}

function latencyMetric({ within, count, sumSeconds }: Overview['tally']['latency']): Metric {
  const buckets = LATENCY_BOUNDS.map((bound, index) => ({
    suffix: '_bucket',
    labels: { le: String(bound) },
    value: within[index] ?? 0,
  }));
  return {
    name: `${OURS}_form_to_registration_seconds`,
    help: 'From the submission of a form to the registration in Livestorm; without those held or backfilled.',
    type: 'histogram',
    samples: [
      ...buckets,
      { suffix: '_bucket', labels: { le: '+Inf' }, value: count },
      { suffix: '_sum', value: sumSeconds },
      { suffix: '_count', value: count },
    ],
  };
}

function workMetrics({ view, failures }: Overview): Metric[] {
  return [
    gauge(
      `${OURS}_effects`,
      'Writes in the state, by kind and state; those of people erased by age are gone.',
      sumBy(view.effects, ({ kind, state }) => ({ kind, state })),
    ),
    gauge(
      `${OURS}_failures`,
      'What failed for good and waits for an admin, by cause.',
      sumBy(failures, failureLabels),
    ),
  ];
}

const MOST_CAUSES = 30;

function failureLabels(
  { what, vendor, code }: FailureCause,
  index: number,
): { what: string; vendor: string; code: string } {
  if (index >= MOST_CAUSES) return { what: 'other', vendor: '', code: '' };
  return { what, vendor: vendor ?? '', code: code ?? '' };
}

function sumBy<T extends { readonly count: number }>(
  rows: readonly T[],
  labelsOf: (row: T, index: number) => Readonly<Record<string, string>>,
): Sample[] {
  const sums = new Map<string, { labels: Readonly<Record<string, string>>; value: number }>();
  rows.forEach((row, index) => {
    const labels = labelsOf(row, index);
    const name = JSON.stringify(labels);
    sums.set(name, { labels, value: (sums.get(name)?.value ?? 0) + row.count });
  });
  return [...sums.values()];
}

function processMetrics({ resources, sizeBytes, aliveAtMs, atMs }: Overview): Metric[] {
  const own = [
    gauge(`${OURS}_state_file_bytes`, 'Size of the state file, without its write-ahead log.', sizeBytes),
    gauge(
      `${OURS}_watchdog_last_timestamp_seconds`,
      'When systemd was last told that all is well; absent without its watchdog.',
      aliveAtMs === null ? null : aliveAtMs / SECOND,
    ),
  ];
  if (!resources) return own;
  const { residentBytes, heapBytes, cpuSeconds, uptimeSeconds } = resources;
  return [
    ...own,
    gauge('process_resident_memory_bytes', 'Resident memory of this program.', residentBytes),
    gauge('process_heap_bytes', 'JavaScript heap in use.', heapBytes),
    counter('process_cpu_seconds_total', 'User and system time of this program.', cpuSeconds),
    gauge(
      'process_start_time_seconds',
      'When this program began.',
      Math.round(atMs / SECOND - uptimeSeconds),
    ),
  ];
}
