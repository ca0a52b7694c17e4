import { ATTENDANCE_VALUES, type AttendanceValue } from '../domain.ts';
import type { SecretReference } from './collections.ts';
import { key, section, type ValuesOf } from './key.ts';
import { salesforce } from './salesforce-keys.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

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
  monthly_budget: key<number>({
    doc: 'Calls per 30 days that this connector may spend. Livestorm grants a workspace 10,000 for everything.',
    format: 'whole_number',
    default: 10_000,
    limits: { min: 1, max: 10_000_000 },
  }),
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
  daily_budget: key<number>({
    doc: 'Calls per day that this connector may spend of the allowance it shares with other integrations.',
    format: 'whole_number',
    default: 25_000,
    limits: { min: 1, max: 10_000_000 },
  }),
  concurrency: key<number>({
    doc: 'Calls at the same time. Account Engagement allows 5 to all integrations together.',
    format: 'whole_number',
    default: 2,
    limits: { min: 1, max: 4 },
  }),
});

const flows = section('What is carried from where to where.', {
  form_registrations: key<boolean>({
    doc: 'Whoever submits a Pardot form of a linked campaign is registered in the Livestorm session.',
    format: 'on_or_off',
    default: true,
  }),
  registrants: key<boolean>({
    doc: 'Livestorm registrants become prospects. Not available in this version.',
    format: 'on_or_off',
    default: false,
    limits: { unavailable: true },
  }),
  attendance: key<boolean>({
    doc: 'Who attended, for how long and how actively is written to the prospect after the session.',
    format: 'on_or_off',
    default: true,
  }),
  replays: key<boolean>({
    doc: 'Who watched the replay, or the event on demand, is written to the prospect.',
    format: 'on_or_off',
    default: true,
  }),
  external_activities: key<boolean>({
    doc: 'Attendance and replays are recorded as external activities. Not available in this version.',
    format: 'on_or_off',
    default: false,
    limits: { unavailable: true },
  }),
  custom_fields: key<boolean>({
    doc: 'Attendance and replays are written into the prospect fields named in `fields.attendance`.',
    format: 'on_or_off',
    default: true,
  }),
});

const fields = section('Which field goes where. A map given here replaces the default map as a whole.', {
  registration: key<ReadonlyMap<string, string>>({
    doc:
      'Livestorm field id → prospect field (API name) for registrations. The e-mail is always sent. ' +
      'Fields that an event does not have are left out for that event.',
    format: 'registration_fields',
    default: new Map([
      ['first_name', 'firstName'],
      ['last_name', 'lastName'],
    ]),
  }),
  attendance: key<ReadonlyMap<string, AttendanceValue>>({
    doc:
      'Prospect field (API name) → what is written into it: ' +
      `${ATTENDANCE_VALUES.map((value) => `\`${value}\``).join(', ')}. ` +
      'Fields of the type that appends values instead of overwriting them are unsuitable.',
    format: 'attendance_fields',
    default: new Map(),
  }),
});

const links = section('Which Livestorm events are connected.', {
  events: section('Filters on the title or id of the event; `*` stands for any text.', {
    include: key<readonly string[]>({
      doc: 'Only these events are connected.',
      format: 'globs',
      default: [],
      otherwise: 'all events',
    }),
    exclude: key<readonly string[]>({
      doc: 'These events are not connected, even when they are included.',
      format: 'globs',
      default: [],
    }),
  }),
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
    campaigns: cron('The Pardot mirrors of new Salesforce campaigns.', '30 * * * * *'),
    ended_sessions: cron('People of sessions that have ended.', '15 * * * * *'),
    replays: cron('Replay and on-demand views.', '0 17 * * * *'),
  },
);

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
  lookback_minutes: key<number>({
    doc: 'How far each poll reads back, because submissions become visible late and out of order.',
    format: 'whole_number',
    default: 15,
    limits: { min: 5, max: 120 },
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

/** The whole configuration. Validation, defaults and documentation are all derived from this one object. */
export const SCHEMA = {
  livestorm,
  pardot,
  salesforce,
  flows,
  fields,
  links,
  polling,
  safety,
  logging,
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
