import { HOUR, isoSeconds } from '../clock.ts';
import type { JobRun } from '../store/job-runs.ts';
import { type Finding, ok } from './finding.ts';

/** How the daemon does, by its lock and its last runs; `inUse` null while it has never been started. */
export function tellService(inUse: boolean | null, runs: readonly JobRun[], nowMs: number): Finding[] {
  const area = 'machine';
  const what = 'Service';
  const failing = runs
    .filter(({ problem }) => problem !== null)
    .map(
      ({ job, problem }): Finding => ({
        area,
        level: 'warning',
        what: `Last run of ${job}`,
        found: problem ?? '',
        why: 'It is tried again by itself; while it fails, this part stands still.',
        fix: 'See the findings about its vendor here, and the log.',
      }),
    );
  if (inUse !== true) return [{ area, level: 'note', what, found: 'not running' }, ...failing];
  const lastMs = Math.max(...runs.map(({ finishedAtMs }) => finishedAtMs));
  if (lastMs >= nowMs - HOUR)
    return [ok(area, what, `running; last at work ${isoSeconds(lastMs)}`), ...failing];
  const found =
    runs.length === 0 ? 'running, no job has ended yet' : `running, but idle since ${isoSeconds(lastMs)}`;
  const why = 'Nothing is read or sent meanwhile.';
  const level = runs.length === 0 ? 'note' : 'warning';
  return [
    { area, level, what, found, why, fix: 'See the log; systemctl restart livestorm-pardot.' },
    ...failing,
  ];
}
