import { DAY, MINUTE } from '../clock.ts';
import type { Submission } from '../domain.ts';
import type { Counts, Run } from '../job.ts';
import {
  newsOf,
  type SubmissionReaderParts,
  standardFields,
  withCustomFields,
} from './submission-reading.ts';

interface Cursor {
  /** The newest submission seen, by Pardot's clock. */
  readonly createdMs: number;
  /** When the last day was last read again in full. */
  readonly widenedAtMs: number;
}

export interface FormSubmissionsParts extends SubmissionReaderParts {
  readonly activatedAtMs: number;
  readonly lookbackMs: number;
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
    };
    // Also when the clock was set back.
    const isWide = nowMs - cursor.widenedAtMs >= DAY || nowMs < cursor.widenedAtMs;
    const lookbackMs = isWide ? WIDE_LOOKBACK : parts.lookbackMs;
    const call = run.call('registrations');
    const submissions = await parts.pardot.listSubmissions(
      {
        createdSinceMs: Math.max(parts.activatedAtMs, cursor.createdMs - lookbackMs),
        prospectFields: standardFields(parts),
      },
      call,
    );
    const completed = await withCustomFields(parts, newsOf(store, submissions, nowMs), run);
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
        } satisfies Cursor,
        nowMs,
      );
    });
    return { submissions: completed.length };
  };
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
