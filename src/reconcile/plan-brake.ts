import { MINUTE } from '../clock.ts';

export interface BrakeRules {
  /** So many people through one form in so many minutes are ordinary; 0 submissions: no limit. */
  readonly burst: { readonly submissions: number; readonly minutes: number };
  /** So many people may come into one session through a change; 0: no limit. */
  readonly change: number;
}

/** Somebody who is about to be registered. */
export interface Applicant {
  readonly activityId: number;
  readonly sessionId: string;
  readonly emailKey: string;
  /** `form:ID` and so on; null when it is not known or does not matter. */
  readonly form: string | null;
  /** When they submitted. */
  readonly requestedAtMs: number;
  /** They were turned away before: only a link, a published or a reopened session lets them in now. */
  readonly isLate: boolean;
}

/** Most people within any `minutes` that end with one of the applicants; everybody counts once. */
export function busiest(
  applicants: readonly Applicant[],
  before: readonly { readonly emailKey: string; readonly atMs: number }[],
  minutes: number,
): number {
  const arrivals = new Map(before.map(({ emailKey, atMs }) => [emailKey, atMs]));
  const newest = new Set<number>();
  for (const { emailKey, requestedAtMs } of applicants) {
    const atMs = Math.min(requestedAtMs, arrivals.get(emailKey) ?? requestedAtMs);
    arrivals.set(emailKey, atMs);
    newest.add(atMs);
  }
  const times = [...arrivals.values()].sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [index, atMs] of times.entries()) {
    while ((times[first] ?? atMs) <= atMs - minutes * MINUTE) first++;
    if (newest.has(atMs)) most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Sessions that a change would fill with more people than is ordinary, with how many that are. */
export function overfilled(applicants: readonly Applicant[], limit: number): Map<string, number> {
  const late = Map.groupBy(
    applicants.filter(({ isLate }) => isLate),
    ({ sessionId }) => sessionId,
  );
  const counts = [...late].map(([sessionId, people]) => {
    return [sessionId, new Set(people.map(({ emailKey }) => emailKey)).size] as const;
  });
  return new Map(counts.filter(([, count]) => limit > 0 && count > limit));
}
