import { fields } from './field-keys.ts';
import { key, onOrOff, section, type ValuesOf, wholeNumber } from './key.ts';
import { links, lists } from './link-keys.ts';
import { salesforce } from './salesforce-keys.ts';
import type { SecretReference } from './secret-reference.ts';
import { status } from './status-keys.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const RECYCLE_BIN_POLICIES = ['leave_alone', 'create_new'] as const;
export type RecycleBinPolicy = (typeof RECYCLE_BIN_POLICIES)[number];

const livestorm = section('The Livestorm workspace.', {
  api_token: key<SecretReference>({
    doc: 'Private API token with the scope `Events: write`. Livestorm shows it once, at its creation.',
    format: 'secret',
    default: null,
    required: true,
    example: '{ credential: livestorm-token }',
    limits: { secret: 'livestorm_token' },
  }),
  base_url: key<string>({
    doc: 'Address of the API. Only a local sandbox has another one.',
    format: 'base_url',
    default: 'https://api.livestorm.co/v1',
  }),
  monthly_budget: wholeNumber(
    'Calls per 30 days that this connector may spend. Livestorm grants a workspace 10,000 for everything.',
    { default: 10_000, min: 1, max: 10_000_000 },
  ),
});

const pardot = section('The Account Engagement (Pardot) business unit.', {
  business_unit_id: key<string>({
    doc: 'Id of the business unit, from Salesforce Setup › Business Unit Setup.',
    format: 'text',
    default: null,
    required: true,
    example: '0Uv000000000000AAA',
    limits: {
      pattern: /^0Uv[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/,
      patternText: 'a business unit id of 15 or 18 characters that starts with 0Uv',
    },
  }),
  base_url: key<string>({
    doc:
      'Address of the API. Developer orgs and Salesforce sandboxes use `https://pi.demo.pardot.com`. ' +
      'The wrong host answers like a wrong business unit id: code 201.',
    format: 'base_url',
    default: 'https://pi.pardot.com',
    limits: { originOnly: true },
  }),
  daily_budget: wholeNumber(
    'Calls per day that this connector may spend of the allowance it shares with other integrations.',
    { default: 25_000, min: 1, max: 10_000_000 },
  ),
  concurrency: wholeNumber(
    'Calls at the same time. Account Engagement allows 5 to all integrations together.',
    { default: 2, min: 1, max: 4 },
  ),
});

const flows = section('What is carried from where to where.', {
  form_registrations: onOrOff(
    'Whoever submits a Pardot form of a linked campaign is registered in the Livestorm session.',
    true,
  ),
  registrants: onOrOff(
    'Whoever registers in Livestorm becomes a prospect, or updates the one there is, and is added to the list of ' +
      'the session.',
    true,
  ),
  attendance: onOrOff(
    'Who attended, for how long and how actively is written to the prospect after the session.',
    true,
  ),
  replays: onOrOff('Who watched the replay, or the event on demand, is written to the prospect.', true),
  external_activities: onOrOff(
    'Registrations, attendance and replays are recorded as external activities. Their types must exist in ' +
      'Salesforce and be assigned to the business unit.',
    false,
  ),
  custom_fields: onOrOff(
    'Attendance and replays are written into the prospect fields named in `fields.attendance`.',
    true,
  ),
});

const cron = (doc: string, value: string) => key<string>({ doc, format: 'cron', default: value });

const polling = section(
  'How often each stream is read: cron expressions, with an optional first field for seconds.',
  {
    form_submissions: cron('Submissions of Pardot forms, form handlers and landing pages.', '0 * * * * *'),
    sessions: cron(
      'Livestorm sessions. The finest grain: most ticks make no call while nothing is near.',
      '0 * * * * *',
    ),
    registrants: cron(
      'Registrants of Livestorm sessions. The finest grain: it makes no call while no count moved.',
      '45 * * * * *',
    ),
    campaigns: cron('The Pardot mirrors of new Salesforce campaigns.', '30 * * * * *'),
    ended_sessions: cron('People of sessions that have ended.', '15 * * * * *'),
    replays: cron('Replay and on-demand views.', '0 17 * * * *'),
  },
);

const bulk = section('Many people in one request.', {
  pardot_import_from: wholeNumber(
    'From how many people of one session prospects are written by one import instead of one by one; 0: never.',
    { default: 200, min: 0, max: 100_000 },
  ),
  livestorm_jobs: onOrOff(
    'People are registered in Livestorm in jobs of up to 50 instead of one by one.',
    false,
  ),
});

const safety = section('Brakes.', {
  allowed_domains: key<readonly string[]>({
    doc: 'Only people with these e-mail domains are registered.',
    format: 'domains',
    default: [],
    otherwise: 'all domains',
  }),
  denied_domains: key<readonly string[]>({
    doc: 'People with these e-mail domains are never registered, even when the domain is allowed.',
    format: 'domains',
    default: [],
  }),
  lookback_minutes: wholeNumber(
    'How far each poll reads back, because submissions become visible late and out of order.',
    { default: 15, min: 5, max: 120 },
  ),
  burst_hold: section(
    'A form that suddenly brings more people than this (bots, an import gone wrong) is held: nobody of it is ' +
      'registered until an admin releases or discards them with `held`. Counted for each form by itself. A newsletter ' +
      'to 20,000 people brings about 500 in its first ten minutes, so twice that is let through; raise it before ' +
      'mailing more than 40,000 at once.',
    {
      submissions: wholeNumber('So many people through one form are ordinary; 0: no limit.', {
        default: 1000,
        min: 0,
        max: 1_000_000,
      }),
      minutes: wholeNumber('Within so many minutes.', { default: 10, min: 1, max: 1440 }),
    },
  ),
  change_hold: wholeNumber(
    'So many people who were turned away before may come into one session when something is changed: a campaign ' +
      'is linked, an event published, a session reopened. More are held; 0: no limit. A form that was live before ' +
      'its event was published brings fewer.',
    { default: 500, min: 0, max: 1_000_000 },
  ),
  backfill_limit: wholeNumber(
    'So many people may be registered by one `backfill`, unless its `--limit` says otherwise.',
    { default: 500, min: 1, max: 100_000 },
  ),
  recycle_bin: key<RecycleBinPolicy>({
    doc:
      'What to do when every prospect with the address of a registrant is in the recycle bin: `leave_alone`, ' +
      'which says so and writes nothing, or `create_new`.',
    format: 'choice',
    default: 'leave_alone',
    limits: { values: RECYCLE_BIN_POLICIES },
  }),
});

const logging = section('Logs go to standard output, one JSON object per line.', {
  level: key<LogLevel>({
    doc: 'The least important level that is written.',
    format: 'choice',
    default: 'info',
    limits: { values: LOG_LEVELS },
  }),
});

const retention = section('How long people are kept in the state.', {
  people_days: wholeNumber(
    'So many days after the end of a session its people are erased: submissions, registrations, attendance and ' +
      'what was sent about them. Numbers stay. Sessions on demand keep theirs, since they go on taking people. 0: ' +
      'for ever.',
    { default: 400, min: 0, max: 36_500 },
  ),
});

/** The whole configuration. Validation, defaults and documentation are all derived from this one object. */
export const SCHEMA = {
  livestorm,
  pardot,
  salesforce,
  flows,
  fields,
  links,
  lists,
  polling,
  bulk,
  safety,
  logging,
  retention,
  status,
  state_dir: key<string | null>({
    doc: 'Folder of the state file.',
    format: 'text',
    default: null,
    otherwise: '`$STATE_DIRECTORY` under systemd, else `data` in the working directory',
    example: '/var/lib/livestorm-pardot',
    limits: { pattern: /^[^\p{Cc}]{1,200}$/u, patternText: 'the path of a folder' },
  }),
};

/** The checked values under the names of the file; secrets are still references. */
export type RawConfig = ValuesOf<typeof SCHEMA>;
