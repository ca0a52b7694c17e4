import { fileURLToPath } from 'node:url';
import { eachKey, SALESFORCE_AUTH_METHODS } from '../../config/key.ts';
import { SCHEMA } from '../../config/schema.ts';
import type { SecretSource } from '../../config/secret-reference.ts';
import { renderConfigFile, type TemplateValue } from '../../config/template.ts';
import type { AttendanceValue } from '../../domain.ts';
import { ADDRESSES, type Answers } from './init-questions.ts';

/** Key of the configuration → where its secret is to be put. */
export type SecretPlan = ReadonlyMap<string, { readonly source: SecretSource; readonly name: string }>;

/** The names that the systemd unit uses, and those of variables. */
const SECRET_NAMES: Readonly<Record<string, { readonly file: string; readonly env: string }>> = {
  'livestorm.api_token': { file: 'livestorm-token', env: 'LIVESTORM_API_TOKEN' },
  'salesforce.private_key': { file: 'salesforce-private-key', env: 'SALESFORCE_PRIVATE_KEY' },
  'salesforce.client_secret': { file: 'salesforce-client-secret', env: 'SALESFORCE_CLIENT_SECRET' },
  'salesforce.refresh_token': { file: 'salesforce-refresh-token', env: 'SALESFORCE_REFRESH_TOKEN' },
};

const ATTENDANCE_FIELDS: ReadonlyMap<string, AttendanceValue> = new Map([
  ['Webinar_Attended__c', 'attended'],
  ['Webinar_Duration__c', 'duration_seconds'],
  ['Webinar_Rate__c', 'attendance_rate'],
  ['Webinar_Messages__c', 'messages'],
  ['Webinar_Questions__c', 'questions'],
  ['Webinar_Session__c', 'session_name'],
  ['Webinar_Started_At__c', 'session_started_at'],
  ['Webinar_Replay_Watched__c', 'replay_watched'],
  ['Webinar_Replay_At__c', 'replay_watched_at'],
]);

/** What most admins want to see, beyond what has to be there. */
const COMMON = [
  'livestorm.monthly_budget',
  'pardot.base_url',
  'pardot.daily_budget',
  'salesforce.login_url',
  'salesforce.instance_url',
  'flows',
  'fields.registration',
  'fields.prospect',
  'links.events.exclude',
  'safety.allowed_domains',
  'safety.denied_domains',
  'state_dir',
];

/** Every secret that the answers make necessary. */
export function planSecrets({ auth, secrets }: Answers): SecretPlan {
  const source = secrets as SecretSource;
  const needed = [...eachKey(SCHEMA)].filter(({ key }) => {
    if (key.format !== 'secret') return false;
    const methods = key.required === true ? SALESFORCE_AUTH_METHODS : (key.required ?? []);
    return methods.some((method) => method === auth);
  });
  return new Map(
    needed.map(({ path }) => {
      const names = SECRET_NAMES[path] ?? { file: path, env: path };
      return [path, { source, name: source === 'env' ? names.env : names.file }];
    }),
  );
}

/** The text of the configuration file. */
export function renderAnswers(answers: Answers): string {
  return renderConfigFile({ values: valuesOf(answers), shown: COMMON, head: HEAD });
}

/** In a checkout and in the built program alike. */
const SCHEMA_FILE = fileURLToPath(new URL('../../../config/schema.json', import.meta.url));

const HEAD = [
  `yaml-language-server: $schema=${SCHEMA_FILE}`,
  'Written by livestorm-pardot init. The line above lets editors complete and check this file.',
  'Every key is explained in docs/configuration.md. Secrets are never written here.',
];

function valuesOf(answers: Answers): Map<string, TemplateValue> {
  const { auth = '', org, username } = answers;
  const clientId = answers['client-id'] ?? '';
  const businessUnit = answers['business-unit'] ?? '';
  const values = new Map<string, TemplateValue>([
    ['pardot.business_unit_id', businessUnit],
    ['pardot.base_url', org === 'production' ? 'https://pi.pardot.com' : 'https://pi.demo.pardot.com'],
    ['salesforce.login_url', loginUrl(answers)],
    ['salesforce.auth', auth],
    ['salesforce.client_id', clientId],
    ...flowValues(answers),
  ]);
  if (auth === 'jwt' && username) values.set('salesforce.username', username);
  for (const [option, path] of Object.entries(ADDRESSES)) {
    const url = answers[option];
    if (url) values.set(path, url);
  }
  for (const [path, { source, name }] of planSecrets(answers)) values.set(path, new Map([[source, name]]));
  return values;
}

function loginUrl({ auth, org, 'my-domain': myDomain }: Answers): string {
  if (auth === 'client_credentials' && myDomain) return myDomain;
  return org === 'sandbox' ? 'https://test.salesforce.com' : 'https://login.salesforce.com';
}

/** Without any place to write to, attendance is not even read. */
function flowValues(answers: Answers): [string, TemplateValue][] {
  const customFields = answers['custom-fields'] === 'yes';
  const externalActivities = answers['external-activities'] === 'yes';
  const isTold = customFields || externalActivities;
  return [
    ['flows.attendance', isTold],
    ['flows.replays', isTold],
    ['flows.external_activities', externalActivities],
    ['flows.custom_fields', customFields],
    ...(customFields ? [['fields.attendance', ATTENDANCE_FIELDS] as [string, TemplateValue]] : []),
  ];
}
