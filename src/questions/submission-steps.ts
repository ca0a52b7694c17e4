import { DAY, isoSeconds, SECOND } from '../clock.ts';
import { OUTCOMES } from '../domain.ts';
import type { DatedSubmission } from '../store/person-history.ts';
import type { KnownSubmission } from '../store/submissions.ts';
import type { Step } from './step.ts';

/** `form 12 "Spring webinar"`, for people to read. */
export function assetOf(submission: KnownSubmission): string {
  const { formId, formHandlerId, landingPageId, assetName } = submission;
  const name = assetName ? ` "${assetName}"` : '';
  if (landingPageId !== null) return `landing page ${landingPageId}${name}`;
  if (formHandlerId !== null) return `form handler ${formHandlerId}${name}`;
  return formId === null ? 'an unknown form' : `form ${formId}${name}`;
}

export function submissionStep(submission: DatedSubmission): Step {
  const { activityId, campaignId, assetCampaignId, prospectId, createdAtMs, firstSeenAtMs } = submission;
  const lag = Math.max(0, Math.round((firstSeenAtMs - createdAtMs) / SECOND));
  const differs = campaignId !== null && assetCampaignId !== null && campaignId !== assetCampaignId;
  const now = differs ? ` (the form carried ${assetCampaignId} when it was read)` : '';
  return {
    atMs: createdAtMs,
    what: 'submission',
    text: `submitted ${assetOf(submission)}, campaign ${campaignId ?? assetCampaignId ?? 'none'}${now}; seen ${lag} s later`,
    decision: null,
    next: null,
    ids: {
      activity: activityId,
      ...(campaignId === null ? {} : { campaign: campaignId }),
      ...(prospectId === null ? {} : { prospect: prospectId }),
    },
  };
}

/** What was decided about it: nothing where the session's own story says it. */
export function decisionStep(submission: DatedSubmission): Step[] {
  const { sessionId, outcome, decidedAtMs, prospectId, createdAtMs, activityId } = submission;
  const step = (text: string, next: string | null): Step[] => [
    { atMs: decidedAtMs, what: 'decision', text, decision: outcome, next, ids: { activity: activityId } },
  ];
  if (sessionId !== null) return step('the campaign leads to this session: to be registered', null);
  if (outcome !== null) return step(`not registered: ${OUTCOMES[outcome]}`, adviceFor(submission));
  if (prospectId !== null) return step('not decided yet', 'decided as soon as the service runs');
  const untilMs = createdAtMs + 2 * DAY;
  return step(
    'Account Engagement has not said yet whose submission it is',
    `asked again until ${isoSeconds(untilMs)}`,
  );
}

/** What an admin can do, or what the service does by itself. */
function adviceFor({ outcome, campaignId, assetCampaignId }: KnownSubmission): string | null {
  const campaign = campaignId ?? assetCampaignId;
  switch (outcome) {
    case 'campaign_unlinked':
      return campaign === null
        ? "give the form its session's campaign, then ask the person to submit again"
        : `registered by itself once campaign ${campaign} is linked to a session; see livestorm-pardot links`;
    case 'session_not_published':
      return 'registered by itself once the event is published';
    case 'session_ended':
    case 'session_canceled':
    case 'session_gone':
      return 'registered by itself if the session opens again';
    case 'prospect_missing':
      return 'ask the person to submit again';
    case 'invalid_email':
      return 'correct the address and ask the person to submit again';
    case 'denied_domain':
      return 'see safety in the configuration';
    case 'before_link':
      return 'livestorm-pardot backfill can still register them';
    default:
      return null;
  }
}
