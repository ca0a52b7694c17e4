/**
 * What the vendor leaves unsaid, or said differently at different times: one member per choice, all mutable
 * while the sandbox runs. The defaults are those of the vendor sheet §12.
 */
export interface LivestormSwitches {
  /** §6.2 Answer to a person already registered; 201 keeps one row but mails the confirmation again. */
  duplicate: 409 | 422 | 201;
  /** §6.1 Status for a field id that the event's form does not have. */
  unknownField: 422 | 400;
  /** §6.2 Answer for past, never started, canceled and draft sessions. */
  closedSession: 422 | 201;
  /** §6.2 Answer for on-demand sessions. */
  onDemandSession: 201 | 422;
  /** §6.2 Answer for live sessions. */
  liveSession: 201 | 422;
  /** §6.2 Status for an invalid or missing e-mail. */
  badEmail: 422 | 400;
  /** §6.2 Whether a form without e-mail field lets nameless people in, under `@unknown.livestorm.co`. */
  anonymousWithoutEmailField: boolean;
  /** §6.1 Whether a flat `attributes.email` counts. */
  flatEmail: boolean;
  /** §6.2 Registrations (API and page) after which the API answers 402; null for no limit. */
  contactAllowance: number | null;
  /** §4.4 Addresses are stored lower-cased, kept as sent but compared without case, or distinct by case. */
  emailCase: 'folded' | 'kept' | 'distinct';
  /** §4.3 Whether the API's DELETE takes a person out of one session or of all sessions of the event. */
  unregisterScope: 'session' | 'event';

  /** §3 Requests per second. */
  burstLimit: number;
  /** §3 Requests per 30 days. */
  monthlyLimit: number;
  /** §3 Whether a second begins with the full second or with every request. */
  rateWindow: 'fixed' | 'sliding';
  /** §3 Spelling of the `RateLimit-*` headers, or none at all. */
  rateLimitHeaders: 'monthly' | 'montly' | 'missing';
  /** §3 Whether a 429 carries `Retry-After`. */
  retryAfter: boolean;
  /** §3 Form of `RateLimit-Reset` on a 429. */
  rateLimitReset: 'seconds' | 'milliseconds' | 'iso';
  /** §3 Calls that other integrations of the workspace make, per day. */
  othersCallsPerDay: number;

  /** §2.2 What happens to `page[size]` over 50. */
  oversizePage: 'clamp' | 'refuse';
  /** §2.2 Full `meta`, or the three members of the older edition. */
  pagingMeta: 'full' | 'old';
  /** §2.2 `page_count` of an empty list. */
  emptyPageCount: 0 | 1;
  /**
   * §12 Order of lists: a new random one for every walk (drawn when its page 0 is asked for), a new random one
   * for every request (pages of one walk overlap and miss rows), or the order of creation.
   */
  order: 'per_walk' | 'per_request' | 'stable';

  /** §8 Bounds of `*_since`/`*_until`/`date_*`, or those filters ignored silently. */
  timeFilters: 'inclusive' | 'exclusive' | 'ignored';
  /** §4.4 Which `created_at`/`updated_at` these filters mean in a people list, if they work there at all. */
  peopleTimeFilters: 'registration' | 'person' | 'ignored';
  /** §8 What happens to filters the endpoint does not know. */
  unknownFilters: 'ignore' | 'refuse';

  /** §12 Whether a new session starts with a team member, a guest speaker and an anonymous person. */
  extraPeople: boolean;
  /** §7 Milliseconds from a session's end until the API shows attendance; null for never. */
  attendanceLagMs: number | null;
  /** §7 Milliseconds from the end until the first figures are replaced by the final ones; null: final at once. */
  attendanceCorrectionMs: number | null;
  /** §7 Whether a replay view moves `updated_at`. */
  replayTouches: boolean;
  /** §8 Whether `upcoming` → `past_not_started` moves the session's `updated_at`. */
  notStartedTouches: boolean;
  /** §5.2 (unsaid) Whether a registration moves the session's `updated_at`. */
  registrationTouchesSession: boolean;

  /** §6.3 Milliseconds a bulk job stays `processing`. */
  jobDurationMs: number;
  /** §6.3 Spelling of the job counters: as the specification of each route has it, or as the prose has it. */
  jobCounters: 'specification' | 'prose';
  /** §6.3 Whether a task row tells whose it is. */
  jobTaskEmail: boolean;
  /** §6.3 Whether bulk tasks wrapped in `attributes`, with `type` outside `data`, are understood. */
  bulkWrappedTasks: boolean;
}

const MINUTE = 60_000;

export const DEFAULT_SWITCHES: Readonly<LivestormSwitches> = {
  duplicate: 409,
  unknownField: 422,
  closedSession: 422,
  onDemandSession: 201,
  liveSession: 201,
  badEmail: 422,
  anonymousWithoutEmailField: true,
  flatEmail: false,
  contactAllowance: null,
  emailCase: 'folded',
  unregisterScope: 'session',
  burstLimit: 5,
  monthlyLimit: 10_000,
  rateWindow: 'fixed',
  rateLimitHeaders: 'monthly',
  retryAfter: true,
  rateLimitReset: 'seconds',
  othersCallsPerDay: 0,
  oversizePage: 'clamp',
  pagingMeta: 'full',
  emptyPageCount: 0,
  order: 'per_walk',
  timeFilters: 'inclusive',
  peopleTimeFilters: 'registration',
  unknownFilters: 'ignore',
  extraPeople: true,
  attendanceLagMs: 3 * MINUTE,
  attendanceCorrectionMs: 20 * MINUTE,
  replayTouches: false,
  notStartedTouches: false,
  registrationTouchesSession: false,
  jobDurationMs: 2000,
  jobCounters: 'specification',
  jobTaskEmail: true,
  bulkWrappedTasks: false,
};
