import type { LivestormSwitches } from '../../src/sandbox/livestorm/switches.ts';
import type { PardotSwitches } from '../../src/sandbox/pardot/switches.ts';
import type { SalesforceSwitches } from '../../src/sandbox/salesforce/switches.ts';
import type { Pausable } from '../../src/store/pauses.ts';
import { type Choices, drawChoices } from './choices.ts';
import type { Dice } from './dice.ts';
import type { Feature } from './endpoints.ts';

const MINUTE = 60_000;

/** How one world is set up: what vendors leave open, and what the admin has chosen. */
export interface Settings {
  readonly features: ReadonlySet<Feature>;
  /** Time goes by in steps of this: what happens within one is seen together. */
  readonly grainMs: number;
  readonly sessions: number;
  /** The least and the most of the people of the cast, and of single submissions for a session. */
  readonly cast: readonly [number, number];
  readonly submissions: readonly [number, number];
  /** People who submit all at once, besides the cast. */
  readonly crowd: number;
  /** Whether the first session is tied to a campaign that there was before. */
  readonly hasExistingLink: boolean;
  /** The configurations of the world, one after the other. */
  readonly choices: readonly Choices[];
  /** What the admin pauses for a while. */
  readonly paused: Pausable | undefined;
  /** Whether somebody is forgotten on the way. */
  readonly forgets: boolean;
  readonly livestorm: Partial<LivestormSwitches>;
  readonly pardot: Partial<PardotSwitches>;
  readonly salesforce: Partial<SalesforceSwitches>;
  readonly concurrency: number;
  readonly auth: 'jwt' | 'client_credentials' | 'refresh_token';
  /** The most that a request takes each way. */
  readonly latencyMs: number;
  /** Minutes at the beginning in which the jobs run by their own schedules. */
  readonly scheduledMinutes: number;
  /** How often the process is killed, ended in order, its clock set. */
  readonly kills: number;
  readonly restarts: number;
  readonly jumps: number;
}

/** Most worlds are small, so that many can be played; the others are long enough for what takes days. */
interface Size extends Pick<Settings, 'grainMs' | 'sessions' | 'cast' | 'submissions'> {
  readonly kills: readonly number[];
}

function drawSize(dice: Dice, features: ReadonlySet<Feature>): Size {
  const draw = dice.next();
  if (draw < 0.07) {
    const sessions = features.has('jobs') || dice.chance(0.55) ? 2 : 1;
    return { grainMs: MINUTE, sessions, cast: [5, 8], submissions: [3, 6], kills: [0, 0, 1, 1, 2, 3] };
  }
  if (draw < 0.23) {
    const sessions = dice.chance(0.4) ? 2 : 1;
    return { grainMs: 5 * MINUTE, sessions, cast: [4, 7], submissions: [2, 4], kills: [0, 1, 1, 2] };
  }
  const needsPeople = features.has('jobs') || features.has('imports');
  const cast = needsPeople ? ([5, 7] as const) : ([3, 5] as const);
  return { grainMs: 30 * MINUTE, sessions: 1, cast, submissions: [1, 3], kills: [0, 0, 1, 1, 2] };
}

export function drawSettings(dice: Dice, features: ReadonlySet<Feature>): Settings {
  const { kills, ...size } = drawSize(dice, features);
  const isBulk = features.has('jobs') || features.has('imports');
  // More than a page of Livestorm's lists and more than one of its jobs.
  const crowd = isBulk && dice.chance(0.04) ? dice.between(46, 60) : 0;
  const forgets = dice.chance(0.08);
  return {
    features,
    ...size,
    crowd,
    hasExistingLink: !features.has('moves') && dice.chance(0.1),
    choices: drawChoices(dice, { features, crowd }),
    paused: dice.chance(0.1)
      ? dice.pick(['all', 'all', 'form_registrations', 'registrants', 'attendance', 'replays'])
      : undefined,
    forgets,
    livestorm: {
      ...livestormSwitches(dice),
      ...(crowd > 0 ? { order: dice.pick(['per_walk', 'stable']) } : {}),
    },
    pardot: pardotSwitches(dice),
    salesforce: {
      sameTokenAgain: dice.chance(0.3),
      sessionMinutes: dice.pick([30, 120, 120]),
      // A rotated token whose answer is lost is lost for good, at whatever client.
      rotateRefreshTokens: false,
    },
    concurrency: dice.pick([1, 2, 2, 4]),
    auth: dice.pick(['jwt', 'client_credentials', 'client_credentials', 'refresh_token']),
    latencyMs: dice.pick([0, 0, 80, 400]),
    scheduledMinutes: dice.chance(0.01) ? 15 : 0,
    kills: dice.pick(kills),
    restarts: dice.pick([0, 0, 1]),
    // What is of before somebody was forgotten is told by the clock.
    jumps: forgets ? 0 : dice.pick([0, 0, 0, 1, 2]),
  };
}

function livestormSwitches(dice: Dice): Partial<LivestormSwitches> {
  const duplicate = dice.pick([409, 409, 422, 201] as const);
  const emailCase = dice.pick(['folded', 'kept'] as const);
  return {
    duplicate,
    // Where repetitions are taken and addresses found only as somebody typed them once, looking first cannot help.
    emailCase: duplicate === 201 ? 'folded' : emailCase,
    unknownField: dice.pick([422, 400]),
    closedSession: dice.pick([422, 422, 201]),
    badEmail: dice.pick([422, 400]),
    unregisterScope: dice.pick(['session', 'event']),
    rateWindow: dice.pick(['fixed', 'sliding']),
    rateLimitHeaders: dice.pick(['monthly', 'montly', 'missing']),
    retryAfter: dice.chance(0.8),
    rateLimitReset: dice.pick(['seconds', 'milliseconds', 'iso']),
    pagingMeta: dice.pick(['full', 'old']),
    emptyPageCount: dice.pick([0, 1]),
    order: dice.pick(['per_walk', 'per_request', 'stable']),
    timeFilters: dice.pick(['inclusive', 'exclusive', 'ignored']),
    peopleTimeFilters: dice.pick(['registration', 'person', 'ignored']),
    attendanceLagMs: dice.pick([0, 3, 10]) * MINUTE,
    attendanceCorrectionMs: dice.pick([null, 20 * MINUTE]),
    replayTouches: dice.chance(0.5),
    notStartedTouches: dice.chance(0.5),
    registrationTouchesSession: dice.chance(0.5),
    jobDurationMs: dice.pick([2_000, 90_000]),
    jobCounters: dice.pick(['specification', 'prose']),
    jobTaskEmail: dice.chance(0.5),
  };
}

function pardotSwitches(dice: Dice): Partial<PardotSwitches> {
  return {
    userTimeZone: dice.pick(['America/Los_Angeles', 'Asia/Kolkata', 'Europe/Paris']),
    readLagMs: dice.pick([
      { min: 0, max: 60_000 },
      { min: 0, max: 60_000 },
      { min: 60_000, max: 60_000 },
      { min: 0, max: 0 },
    ]),
    lateRows: { next: 0, chance: dice.pick([0, 0, 0.3]), delayMs: 10 * MINUTE },
    lateProspectIds: { next: 0, chance: dice.pick([0, 0, 0.3]), delayMs: 5 * MINUTE },
    timestampGrainMs: dice.pick([1_000, 1_000, 60_000]),
    lowerIdChance: dice.pick([0.05, 0.5]),
    statuses: dice.pick([{}, { 66: 429, 122: 403 }, { 66: 403, 122: 429 }]),
    errorBodies: dice.pick([{}, { 66: 'xml' as const }]),
    mirrorDelayMs: dice.pick([null, null, 0, 28 * MINUTE]),
    ampsea: dice.chance(0.8),
    upsertStatus: dice.pick(['always_200', '201_when_created']),
    duplicateListNames: dice.pick(['allowed', 'rejected']),
    readdedMembership: dice.pick(['undeleted', 'new']),
    activityCampaign: dice.pick(['stored', 'stored', 'live']),
    landingPageCampaign: dice.pick(['landing_page', 'landing_page', 'landing_page', 'form']),
    landingPageIds: dice.pick(['landing_page', 'landing_page_and_form']),
    formHandlerTypeName: dice.pick(['FormHandler', 'Form Handler']),
    noise: dice.pick(['none', 'views', 'views_and_errors']),
    purgedOnActivity: dice.pick(['id_kept', 'id_null']),
    externalActivityStatus: dice.pick([200, 201]),
    unknownActivityEmail: dice.pick([4, 92]),
    importDurationMs: dice.pick([30_000, 300_000]),
    importBatchStatus: dice.pick([200, 201, 204]),
    importRefs: dice.pick(['url', 'path']),
    booleansAsStrings: dice.chance(0.2),
  };
}
