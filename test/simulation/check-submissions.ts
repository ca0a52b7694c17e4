import { closedAs, type Expectations, type Linked } from './expectations.ts';
import type { PastSubmission } from './history.ts';

/** Every submission since the beginning was seen and has come to an end that is true. */
export function* checkSubmissions(expected: Expectations): Generator<string> {
  const { sim } = expected;
  for (const submission of sim.history.submissions) {
    if (submission.atMs < expected.beginMs || expected.endMs < expected.visibleBy(submission.atMs)) continue;
    const row = sim.service.life?.store.submissions.get(submission.activityId);
    const name = `submission ${submission.activityId} of ${submission.email}`;
    if (!row) {
      yield `${name} was never seen`;
      continue;
    }
    const campaigns = expected.campaignsOf(submission);
    const linked = expected.linked.filter(({ campaignId }) => campaignId && campaigns.includes(campaignId));
    if (row.sessionId !== null) {
      if (!linked.some(({ past }) => past.sessionId === row.sessionId))
        yield `${name} led into a wrong session`;
      continue;
    }
    const problem = whySubmissionNot(expected, submission, linked, row.outcome);
    if (problem) yield `${name} ended as ${row.outcome}: ${problem}`;
  }
}

function whySubmissionNot(
  expected: Expectations,
  submission: PastSubmission,
  linked: readonly Linked[],
  outcome: string | null,
): string | undefined {
  const { atMs } = submission;
  const ever = (statuses: readonly string[]): boolean =>
    linked.some(({ past }) => expected.was(past, statuses, atMs, expected.endMs) !== 'never');
  const bears = (is: boolean, why: string): string | undefined => (is ? undefined : why);
  const keys = expected.keysOf(submission);
  switch (outcome) {
    case 'campaign_unlinked':
      return bears(
        linked.every((each) => expected.mayBeBeforeLink(each, submission)) ||
          expected.campaignsOf(submission).length > 1,
        'its campaign is linked',
      );
    case 'before_link':
      return bears(
        linked.some((each) => expected.mayBeBeforeLink(each, submission)),
        'the campaign was tied before',
      );
    case 'forgotten':
      return bears(
        keys.some((key) => expected.mayBeForgotten(key, atMs)),
        'nobody forgot them',
      );
    case 'prospect_deleted':
    case 'prospect_missing':
      return bears(expected.isDisturbed(submission), 'nobody touched the prospect');
    case 'invalid_email':
    case 'denied_domain':
      return bears(
        keys.some((key) => expected.neverBecause(key, 'some') === outcome),
        'that is not so',
      );
    default:
      return closedAs(outcome, ever);
  }
}
