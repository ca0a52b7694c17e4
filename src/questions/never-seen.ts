import { isoSeconds, MINUTE } from '../clock.ts';
import type { JobRun } from '../store/job-runs.ts';

/** Submissions may be visible to nobody for so long (pardot.md §2.4). */
const VISIBLE_AFTER = MINUTE;
/** Longer without a successful reading, and the readings themselves are the trouble. */
const STALE = 5 * MINUTE;

/** What to look at when nothing is known of an address, the likeliest first. */
export function checksForUnseen(
  facts: {
    readonly activatedAtMs: number | undefined;
    /** The last run of the job that reads submissions; undefined when it never ran. */
    readonly reading: JobRun | undefined;
    readonly hasNeighbours: boolean;
  },
  nowMs: number,
): string[] {
  const { activatedAtMs, reading, hasNeighbours } = facts;
  if (activatedAtMs === undefined) return ['the service has never run: start it'];
  const checks = hasNeighbours ? ['is one of the addresses above meant?'] : [];
  if (!reading)
    checks.push('submissions are not read: is flows.form_registrations on, and the service running?');
  else if (reading.succeededAtMs === null || nowMs - reading.succeededAtMs > STALE) {
    const since = reading.succeededAtMs === null ? 'never' : `last at ${isoSeconds(reading.succeededAtMs)}`;
    checks.push(`submissions are not read now (${since}): ${reading.problem ?? 'is the service running?'}`);
  }
  checks.push(
    `was it submitted less than ${(2 * VISIBLE_AFTER) / MINUTE} minutes ago? Account Engagement shows submissions up to a minute late`,
    `was it submitted before ${isoSeconds(activatedAtMs)}? Nothing older is taken by itself, livestorm-pardot backfill takes it`,
    'does the prospect in Account Engagement have the submission among its activities, as a success? Filtered visitors and failed submissions leave none',
    "does the form carry the session's campaign? See livestorm-pardot links",
    'did they register in Livestorm itself, of late? People lists are read when the count of registrants moves; --ask looks now',
  );
  return checks;
}
