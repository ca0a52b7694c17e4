import type { Random } from '../kernel/clock.ts';

/** Something that happens late: to the next so many, and beyond those to a share of all. */
export interface Late {
  next: number;
  /** 0 to 1. */
  chance: number;
  delayMs: number;
}

export type ErrorBody = 'json' | 'xml' | 'html' | 'empty';

/**
 * How this business unit is set up, and every unknown (U) and disagreement (≠) of the vendor sheet. Mutable: a
 * test or the control page may turn any of them at any moment. pardot.md §12, §13.
 */
export interface PardotSwitches {
  // Time (§2.4, §2.5, §4.5)
  /** The API user's preferred zone, in which every answer is dated. */
  userTimeZone: string;
  /** Its midnight resets the daily limit. */
  accountTimeZone: string;
  /** Drawn for each written row: how long reads do not show it yet. */
  readLagMs: { min: number; max: number };
  /** Submissions whose activity becomes visible this much later instead. */
  lateRows: Late;
  /** Submissions whose activity gets its `prospectId` only after the delay. */
  lateProspectIds: Late;
  /** The step of recorded times; larger steps give many rows the same time. */
  timestampGrainMs: number;
  /** Share of new rows that take a smaller id than the row before them. */
  lowerIdChance: number;
  offsetlessDatetimes: 'rejected' | 'user_zone' | 'utc';
  zuluDatetimes: 'accepted' | 'rejected';

  // Limits and refusals (§9, §1.4, §2.1)
  dailyLimit: number;
  /** Calls other integrations made today. */
  usedByOthers: number;
  concurrencyLimit: number;
  othersInFlight: number;
  /** The most rows one chain of page tokens hands out. */
  chainCap: number;
  /** HTTP status by error code, where it should differ from the default. */
  statuses: Record<number, number>;
  /** Format of the error body by error code; JSON where absent. */
  errorBodies: Record<number, ErrorBody>;
  /** Abilities the API user lacks, as pardot.md §3 names them. */
  deniedAbilities: string[];
  undocumentedFilters: 'rejected' | 'ignored';
  /** `orderBy` on a collection that does not advertise it. */
  unadvertisedOrder: 'rejected' | 'accepted';
  /** A query for `details` with more rows than this ends at the gateway. */
  detailsRowLimit: number;

  // Campaign mirror (§3.5, salesforce.md §5)
  connectedCampaigns: boolean;
  /** null: 2 to 10 minutes, drawn for each campaign. */
  mirrorDelayMs: number | null;
  connectorPaused: boolean;
  /** Salesforce ids whose record type does not sync. */
  excludedCampaigns: string[];
  renamesPropagate: boolean;
  /** What becomes of the mirror of a deleted campaign. */
  mirrorDeletion: 'flagged' | 'flagged_detached' | 'kept';

  // Prospects (§3.1, §11)
  /** Several prospects with one e-mail. */
  ampsea: boolean;
  emailCase: 'insensitive' | 'sensitive';
  upsertMatch: 'latest_activity' | 'latest_update';
  upsertStatus: 'always_200' | '201_when_created';
  optedOutWritable: boolean;
  prospectCreate: 'allowed' | 'refused';
  /** The API user sees only prospects assigned to it: none. */
  redactProspects: boolean;
  /** The API user may not read what it creates. */
  createdUnreadable: boolean;
  offListValues: 'stored' | 'ignored' | 'rejected';
  purgedOnActivity: 'id_kept' | 'id_null';
  /** Creating custom fields, for an API user who may list them. */
  customFieldCreate: 'allowed' | 'refused';

  // Lists (§3.2, §3.3)
  duplicateListNames: 'allowed' | 'rejected';
  readdedMembership: 'undeleted' | 'new' | 'refused_58' | 'refused_219';

  // Submissions and activities (§4, §5)
  activityCampaign: 'stored' | 'live';
  landingPageCampaign: 'landing_page' | 'form';
  landingPageIds: 'landing_page' | 'landing_page_and_form';
  formHandlerTypeName: 'FormHandler' | 'Form Handler';
  /** Activities logged besides the submission: a view (2), a failed attempt (3). */
  noise: 'none' | 'views' | 'views_and_errors';
  cookieWithOtherEmail: 'decided_by_email' | 'overwritten';
  /** Repeats at one handler within this time leave no activity, unless `isAlwaysEmail`. */
  throttleMs: number;

  // External activities (§7)
  externalActivityStatus: 200 | 201;
  /** Code for an address that no live prospect has. */
  unknownActivityEmail: 4 | 92;
  /** Code for an extension or type that is missing, inactive or not assigned. */
  unknownActivityType: 51 | 154;
  /** Whether it moves the prospect's last activity. */
  externalActivityCounts: boolean;

  // Imports (§8.1)
  /** From Ready to Complete. */
  importDurationMs: number;
  importEnd: 'complete' | 'failed';
  /** Names of the multipart parts: `file` with `input`, or v4's `importFile` with `importInput`. */
  importParts: 'either' | 'file' | 'importFile';
  /** Status of an accepted batch. */
  importBatchStatus: 200 | 201 | 204;
  /** Batches a day for the account. */
  importBatchesPerDay: number;
  /** Form of `batchesRef` and `errorRef`. */
  importRefs: 'url' | 'path';
  /** Under which property an entry of `fields` names its column. */
  importFieldKey: 'either' | 'field' | 'name';
  /** Whether `fields`, when given, must name every column, as in v4. */
  importFieldsCoverAll: boolean;
  /** What `createOnNoMatch` is when left out. */
  importCreateOnNoMatch: boolean;
  /** What `overwrite: false` does to a field that is empty. */
  importOverwriteOff: 'leaves_empty' | 'fills_empty';
  /** Name of the column of the error file that says what is wrong. */
  importErrorColumn: string;

  // Spelling (§2.6, §3.10)
  booleansAsStrings: boolean;
  customFieldTypeCase: 'lower' | 'documented';
}

/** A fresh set of the defaults, with some turned. */
export function switchesWith(turned: Partial<PardotSwitches> = {}): PardotSwitches {
  return { ...timeDefaults(), ...limitDefaults(), ...objectDefaults(), ...bulkDefaults(), ...turned };
}

function timeDefaults() {
  return {
    userTimeZone: 'America/Los_Angeles',
    accountTimeZone: 'America/New_York',
    readLagMs: { min: 0, max: 60_000 },
    lateRows: { next: 0, chance: 0, delayMs: 600_000 },
    lateProspectIds: { next: 0, chance: 0, delayMs: 300_000 },
    timestampGrainMs: 1_000,
    lowerIdChance: 0.05,
    offsetlessDatetimes: 'rejected',
    zuluDatetimes: 'accepted',
  } satisfies Partial<PardotSwitches>;
}

function limitDefaults() {
  return {
    dailyLimit: 25_000,
    usedByOthers: 0,
    concurrencyLimit: 5,
    othersInFlight: 0,
    chainCap: 100_000,
    statuses: {},
    errorBodies: {},
    deniedAbilities: [],
    undocumentedFilters: 'rejected',
    unadvertisedOrder: 'rejected',
    detailsRowLimit: 200,
  } satisfies Partial<PardotSwitches>;
}

function objectDefaults() {
  return {
    connectedCampaigns: true,
    mirrorDelayMs: null,
    connectorPaused: false,
    excludedCampaigns: [],
    renamesPropagate: true,
    mirrorDeletion: 'flagged',
    ampsea: true,
    emailCase: 'insensitive',
    upsertMatch: 'latest_activity',
    upsertStatus: '201_when_created',
    optedOutWritable: false,
    prospectCreate: 'allowed',
    redactProspects: false,
    createdUnreadable: false,
    offListValues: 'stored',
    purgedOnActivity: 'id_kept',
    customFieldCreate: 'allowed',
    duplicateListNames: 'allowed',
    readdedMembership: 'undeleted',
    activityCampaign: 'stored',
    landingPageCampaign: 'landing_page',
    landingPageIds: 'landing_page',
    formHandlerTypeName: 'FormHandler',
    noise: 'views',
    cookieWithOtherEmail: 'decided_by_email',
    throttleMs: 0,
    booleansAsStrings: false,
    customFieldTypeCase: 'lower',
  } satisfies Partial<PardotSwitches>;
}

function bulkDefaults() {
  return {
    externalActivityStatus: 201,
    unknownActivityEmail: 4,
    unknownActivityType: 154,
    externalActivityCounts: false,
    importDurationMs: 300_000,
    importEnd: 'complete',
    importParts: 'either',
    importBatchStatus: 204,
    importBatchesPerDay: 1_000,
    importRefs: 'url',
    importFieldKey: 'either',
    importFieldsCoverAll: false,
    importCreateOnNoMatch: false,
    importOverwriteOff: 'leaves_empty',
    importErrorColumn: 'error',
  } satisfies Partial<PardotSwitches>;
}

/** Whether this one is late; counts down `next`. */
export function takeLate(late: Late, random: Random): boolean {
  if (late.next > 0) {
    late.next--;
    return true;
  }
  return late.chance > 0 && random.next() < late.chance;
}
