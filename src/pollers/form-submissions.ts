import type { PardotClient } from '../clients/pardot.ts';
import { type Clock, DAY, MINUTE } from '../clock.ts';
import type { Prospect, Submission } from '../domain.ts';
import type { Counts, Run } from '../job.ts';
import type { Store } from '../store/store.ts';

interface Cursor {
  /** The newest submission seen, by Pardot's clock. */
  readonly createdMs: number;
  /** When the last day was last read again in full. */
  readonly widenedAtMs: number;
  /** When submissions without a prospect were last asked for by id. */
  readonly revisitedAtMs: number;
}

export interface FormSubmissionsParts {
  readonly pardot: PardotClient;
  readonly store: Store;
  readonly clock: Clock;
  readonly activatedAtMs: number;
  readonly lookbackMs: number;
  /** Pardot fields that registrations need. */
  readonly prospectFields: readonly string[];
}

const STREAM = 'form_submissions';
/** How late a row may still become visible before only the daily wide reading finds it. */
const WIDE_LOOKBACK = 2 * DAY;
const FUTURE_TOLERANCE = 5 * MINUTE;

/**
 * Reads successful submissions of every form, form handler and landing page in one call. Rows become visible late
 * and out of order (pardot.md §2.4), so every poll reads a lookback again and tells rows apart by their id.
 */
export function formSubmissionsPoller(parts: FormSubmissionsParts): (run: Run) => Promise<Counts> {
  return async (run) => {
    const { store } = parts;
    const nowMs = parts.clock.now();
    const cursor = store.checkpoints.read<Cursor>(STREAM) ?? {
      createdMs: parts.activatedAtMs,
      widenedAtMs: nowMs,
      revisitedAtMs: nowMs,
    };
    const isWide = nowMs - cursor.widenedAtMs >= DAY;
    const lookbackMs = isWide ? WIDE_LOOKBACK : parts.lookbackMs;
    const call = run.call('registrations');
    const submissions = await parts.pardot.listSubmissions(
      {
        createdSinceMs: Math.max(parts.activatedAtMs, cursor.createdMs - lookbackMs),
        prospectFields: parts.prospectFields.filter((field) => !isCustom(field)),
      },
      call,
    );
    const isRevisit = Math.abs(nowMs - cursor.revisitedAtMs) >= REVISIT_INTERVAL;
    const revisited = isRevisit ? await revisitWithoutProspect(parts, submissions, nowMs, run) : [];
    const fresh = [...submissions, ...revisited]
      .map(withoutUnseenProspect)
      .filter((submission) => isNews(store, submission));
    const completed = await withCustomFields(parts, fresh, run);
    const inner = await innerCampaigns(parts, completed, run);
    const latestMs = nowMs + FUTURE_TOLERANCE;
    const createdMs = Math.max(
      cursor.createdMs,
      ...submissions.map(({ createdAtMs }) => createdAtMs).filter((ms) => ms <= latestMs),
    );
    store.transaction(() => {
      for (const submission of completed) {
        store.submissions.observe(submission, inner.get(submission.landingPageId ?? -1) ?? null, nowMs);
      }
      store.checkpoints.advance(
        STREAM,
        {
          createdMs,
          widenedAtMs: isWide ? nowMs : cursor.widenedAtMs,
          revisitedAtMs: isRevisit ? nowMs : cursor.revisitedAtMs,
        } satisfies Cursor,
        nowMs,
      );
    });
    return { submissions: completed.length };
  };
}

function isCustom(field: string): boolean {
  return field.endsWith('__c');
}

/** A prospect whose row is not visible yet comes without an address (pardot.md §2.4): as good as none so far. */
function withoutUnseenProspect(submission: Submission): Submission {
  const { prospect } = submission;
  return prospect?.email === null && !prospect.isDeleted ? { ...submission, prospect: null } : submission;
}

/** Something the store does not have yet: the submission, or the prospect of one that had none. */
function isNews(store: Store, submission: Submission): boolean {
  const known = store.submissions.get(submission.activityId);
  return !known || (known.prospectId === null && known.sessionId === null && submission.prospect !== null);
}

const REVISIT_INTERVAL = 10 * MINUTE;
const REVISIT_UNTIL = 2 * DAY;

/** A prospect may be tied to an activity later (pardot.md §4.4): ask again, every ten minutes, for two days. */
async function revisitWithoutProspect(
  parts: FormSubmissionsParts,
  submissions: readonly Submission[],
  nowMs: number,
  run: Run,
): Promise<Submission[]> {
  const seen = new Set(submissions.map((submission) => submission.activityId));
  const waiting = parts.store.submissions
    .withoutProspect()
    .filter(({ activityId, createdAtMs }) => !seen.has(activityId) && nowMs - createdAtMs < REVISIT_UNTIL)
    .map(({ activityId }) => activityId);
  if (waiting.length === 0) return [];
  return await parts.pardot.submissionsById(
    waiting,
    parts.prospectFields.filter((field) => !isCustom(field)),
    run.call('registrations'),
  );
}

/** Custom fields cannot be pulled along with the activity; they are read in one more call, only if mapped. */
async function withCustomFields(
  parts: FormSubmissionsParts,
  submissions: readonly Submission[],
  run: Run,
): Promise<Submission[]> {
  const custom = parts.prospectFields.filter(isCustom);
  const ids = submissions.flatMap(({ prospect }) => (prospect && !prospect.isDeleted ? [prospect.id] : []));
  if (custom.length === 0 || ids.length === 0) return [...submissions];
  const read = await parts.pardot.prospects([...new Set(ids)], custom, run.call('registrations'));
  const byId = new Map(read.map((prospect) => [prospect.id, prospect]));
  return submissions.map((submission) => ({
    ...submission,
    prospect: submission.prospect && merge(submission.prospect, byId.get(submission.prospect.id)),
  }));
}

function merge(prospect: Prospect, read: Prospect | undefined): Prospect {
  return read ? { ...prospect, fields: { ...prospect.fields, ...read.fields } } : prospect;
}

/**
 * Landing page id → campaign of the form inside it, as it is now. A landing page's activity may name either the page's
 * campaign or the form's (pardot.md §4.4); the form is looked up only when what the activity says leads nowhere.
 */
async function innerCampaigns(
  parts: FormSubmissionsParts,
  submissions: readonly Submission[],
  run: Run,
): Promise<Map<number, number>> {
  const linked = new Set(parts.store.links.all().map(({ pardotCampaignId }) => pardotCampaignId));
  const wanted = new Set(
    submissions
      .filter(({ campaignId, assetCampaignId }) => !linked.has(campaignId) && !linked.has(assetCampaignId))
      .flatMap(({ landingPageId }) => landingPageId ?? []),
  );
  if (wanted.size === 0) return new Map();
  const pages = await parts.pardot.listAssets('landing_page', run.call('registrations'));
  const forms = await parts.pardot.listAssets('form', run.call('registrations'));
  const campaignOf = new Map(forms.map((form) => [form.id, form.campaignId]));
  return new Map(
    pages.flatMap(({ id, formId }) => {
      const campaignId = formId === null ? null : campaignOf.get(formId);
      return wanted.has(id) && campaignId ? [[id, campaignId] as const] : [];
    }),
  );
}
