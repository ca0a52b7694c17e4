import { DAY, MINUTE } from '../clock.ts';
import type { Counts, Run } from '../job.ts';
import type { KnownSubmission } from '../store/submissions.ts';
import {
  isYoung,
  newsOf,
  type SubmissionReaderParts,
  standardFields,
  withCustomFields,
} from './submission-reading.ts';

interface Cursor {
  /** When those that are no longer young were last asked for. */
  readonly revisitedAtMs: number;
}

const STREAM = 'awaited_prospects';
const REVISIT_INTERVAL = 10 * MINUTE;
const REVISIT_UNTIL = 2 * DAY;

/**
 * Asks by id for submissions that came without a prospect: at every run while they are young, since a new prospect and
 * its activity become visible each in its own time, then every ten minutes for two days, since one may be tied to an
 * activity later (pardot.md §4.4). Makes no call while none waits.
 */
export function awaitedProspectsPoller(parts: SubmissionReaderParts): (run: Run) => Promise<Counts> {
  return async (run) => {
    const { store, clock, pardot } = parts;
    const nowMs = clock.now();
    const lastMs = store.checkpoints.read<Cursor>(STREAM)?.revisitedAtMs ?? 0;
    const isRevisit = Math.abs(nowMs - lastMs) >= REVISIT_INTERVAL;
    const awaited = store.submissions
      .withoutProspect()
      .filter((submission) => isYoung(submission, nowMs) || (isRevisit && mayStillCome(submission, nowMs)));
    if (awaited.length === 0) return {};
    const ids = awaited.map(({ activityId }) => activityId);
    const read = await pardot.submissionsById(ids, standardFields(parts), run.call('registrations'));
    const found = newsOf(store, read, nowMs).filter(({ prospect }) => prospect !== null);
    const completed = await withCustomFields(parts, found, run);
    store.transaction(() => {
      for (const submission of completed) store.submissions.observe(submission, null, nowMs);
      if (isRevisit) store.checkpoints.advance(STREAM, { revisitedAtMs: nowMs } satisfies Cursor, nowMs);
    });
    return { submissions: completed.length };
  };
}

function mayStillCome({ createdAtMs }: KnownSubmission, nowMs: number): boolean {
  return nowMs - createdAtMs < REVISIT_UNTIL;
}
