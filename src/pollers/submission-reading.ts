import type { PardotClient } from '../clients/pardot.ts';
import { type Clock, MINUTE } from '../clock.ts';
import type { Prospect, Submission } from '../domain.ts';
import type { Run } from '../job.ts';
import type { Store } from '../store/store.ts';

export interface SubmissionReaderParts {
  readonly pardot: PardotClient;
  readonly store: Store;
  readonly clock: Clock;
  /** Pardot fields that registrations need. */
  readonly prospectFields: readonly string[];
}

/** More than the read lag (pardot.md §2.4): so long what is tied to a submission may show at any moment. */
const YOUNG = 3 * MINUTE;

/** Those that tell something the store does not have yet: the submission, or the prospect of one that had none. */
export function newsOf(store: Store, submissions: readonly Submission[], nowMs: number): Submission[] {
  return submissions.flatMap((submission) => {
    const known = store.submissions.get(submission.activityId);
    const seen = withoutUnseenProspect(submission, isYoung(known ?? { firstSeenAtMs: nowMs }, nowMs));
    if (!known) return [seen];
    const isAwaited = known.prospectId === null && known.sessionId === null && known.outcome !== 'forgotten';
    return isAwaited && seen.prospect !== null ? [seen] : [];
  });
}

/** Whether it was seen so lately that its prospect may not be visible yet as the submission has left it. */
export function isYoung({ firstSeenAtMs }: { readonly firstSeenAtMs: number }, nowMs: number): boolean {
  return Math.abs(nowMs - firstSeenAtMs) < YOUNG;
}

/**
 * A prospect whose row is not visible yet comes without an address (pardot.md §2.4), one that the submission has taken
 * out of the recycle bin still as deleted (§5): as good as none so far.
 */
function withoutUnseenProspect(submission: Submission, young: boolean): Submission {
  const { prospect } = submission;
  if (prospect === null) return submission;
  const isUnseen = prospect.isDeleted ? young : prospect.email === null;
  return isUnseen ? { ...submission, prospect: null } : submission;
}

/** Fields that can be pulled along with the activity. */
export function standardFields({ prospectFields }: SubmissionReaderParts): string[] {
  return prospectFields.filter((field) => !isCustom(field));
}

/** Custom fields cannot be pulled along with the activity; they are read in one more call, only if mapped. */
export async function withCustomFields(
  { pardot, prospectFields }: SubmissionReaderParts,
  submissions: readonly Submission[],
  run: Run,
): Promise<Submission[]> {
  const custom = prospectFields.filter(isCustom);
  const ids = submissions.flatMap(({ prospect }) => (prospect && !prospect.isDeleted ? [prospect.id] : []));
  if (custom.length === 0 || ids.length === 0) return [...submissions];
  const read = await pardot.prospects([...new Set(ids)], custom, run.call('registrations'));
  const byId = new Map(read.map((prospect) => [prospect.id, prospect]));
  return submissions.map((submission) => ({
    ...submission,
    prospect: submission.prospect && merge(submission.prospect, byId.get(submission.prospect.id)),
  }));
}

function merge(prospect: Prospect, read: Prospect | undefined): Prospect {
  return read ? { ...prospect, fields: { ...prospect.fields, ...read.fields } } : prospect;
}

function isCustom(field: string): boolean {
  return field.endsWith('__c');
}
