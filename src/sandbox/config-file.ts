import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ATTENDANCE_FIELDS } from './attendance-fields.ts';

/** Names beside the written configuration. */
const TOKEN_FILE = 'livestorm-token';
export const PRIVATE_KEY_FILE = 'salesforce-key.pem';

/** Where clients find the vendors. */
export interface SandboxUrls {
  /** With `/v1`. */
  readonly livestorm: string;
  readonly pardot: string;
  /** Login host, My Domain and instance in one. */
  readonly salesforce: string;
  /** The control page. */
  readonly pages: string;
}

/** What clients prove themselves with. */
export interface SandboxCredentials {
  readonly livestorm: { readonly apiToken: string };
  readonly pardot: { readonly businessUnitId: string };
  readonly salesforce: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly username: string;
    readonly refreshToken: string;
    /** PKCS #8. */
    readonly privateKeyPem: string;
  };
}

export interface Connection {
  readonly urls: SandboxUrls;
  readonly credentials: SandboxCredentials;
  /** API name of the external id field on Campaign. */
  readonly externalIdField: string;
}

/** YAML for the two secrets and the state folder. */
interface Places {
  readonly apiToken: string;
  readonly privateKey: string;
  readonly stateDir: string;
}

/** A configuration of the daemon for this sandbox; its secrets come from two environment variables. */
export function configYaml(connection: Connection): string {
  return render(connection, {
    apiToken: '{ env: LIVESTORM_API_TOKEN }',
    privateKey: '{ env: SALESFORCE_PRIVATE_KEY }',
    stateDir: './state',
  });
}

/** Writes `config.yaml` with its secrets beside it, readable by their owner only. Returns its absolute path. */
export async function writeConfig(connection: Connection, dir: string): Promise<string> {
  const folder = resolve(dir);
  const path = join(folder, 'config.yaml');
  const stateDir = join(folder, 'state');
  const { livestorm, salesforce } = connection.credentials;
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await writePrivate(join(folder, TOKEN_FILE), livestorm.apiToken);
  await writePrivate(join(folder, PRIVATE_KEY_FILE), salesforce.privateKeyPem);
  const yaml = render(connection, {
    apiToken: `{ file: ${TOKEN_FILE} }`,
    privateKey: `{ file: ${PRIVATE_KEY_FILE} }`,
    stateDir,
  });
  await writePrivate(path, yaml);
  return path;
}

/** The mode counts for a file that was there before, too. */
async function writePrivate(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await chmod(path, 0o600);
}

function render({ urls, credentials, externalIdField }: Connection, places: Places): string {
  const { pardot, salesforce } = credentials;
  const attendance = ATTENDANCE_FIELDS.map((field) => `    ${field.fieldId}__c: ${field.source}`);
  return `# A configuration of the daemon for the sandbox that wrote it.
livestorm:
  base_url: ${urls.livestorm}
  api_token: ${places.apiToken}
  monthly_budget: 10000
pardot:
  base_url: ${urls.pardot}
  business_unit_id: ${pardot.businessUnitId}
  daily_budget: 25000
salesforce:
  login_url: ${urls.salesforce}
  auth: jwt
  client_id: ${salesforce.clientId}
  username: ${salesforce.username}
  private_key: ${places.privateKey}
  api_version: "66.0"
  campaign_external_id_field: ${externalIdField}
flows:
  form_registrations: true
  registrants: true
  attendance: true
  replays: true
  external_activities: true
  custom_fields: true
fields:
  registration:
    first_name: firstName
    last_name: lastName
    company: company
    job_title: jobTitle
  prospect:
    firstName: first_name
    lastName: last_name
    company: company
    jobTitle: job_title
  attendance:
${attendance.join('\n')}
state_dir: ${JSON.stringify(places.stateDir)}
`;
}
