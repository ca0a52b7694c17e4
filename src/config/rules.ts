import { eachKey } from './key.ts';
import type { Problems } from './problems.ts';
import { type RawConfig, SCHEMA } from './schema.ts';

const SHARED_LOGIN_HOSTS = new Set(['login.salesforce.com', 'test.salesforce.com']);

/** What holds between keys: needed ones, unused ones, and Salesforce hosts (salesforce.md §1.1, §2.1). */
export function checkRules(raw: RawConfig, problems: Problems, warn: (message: string) => void): void {
  checkPresence(raw, problems, warn);
  checkHosts(raw, problems);
  checkFields(raw, problems);
  checkRetention(raw, problems);
  if (!problems.any) checkUse(raw, warn);
}

function checkPresence(raw: RawConfig, problems: Problems, warn: (message: string) => void): void {
  const auth = problems.concerns('salesforce.auth') ? null : raw.salesforce.auth;
  for (const { path, key } of eachKey(SCHEMA)) {
    const isNeeded =
      key.required === true || (key.required !== undefined && auth !== null && key.required.includes(auth));
    if (problems.isWritten(path)) {
      if (key.only && auth !== null && !key.only.includes(auth))
        warn(`${path} is not used with auth: ${auth}`);
    } else if (isNeeded) {
      const message = key.required === true ? 'is missing' : `is missing; auth: ${auth} needs it`;
      problems.add(path, message, `add a line like ${path.split('.').at(-1)}: ${key.example}`);
    }
  }
}

function checkHosts({ salesforce }: RawConfig, problems: Problems): void {
  const fix = 'write https://your-domain.my.salesforce.com';
  const urls = {
    'salesforce.login_url': salesforce.login_url,
    'salesforce.instance_url': salesforce.instance_url,
  };
  for (const [path, url] of Object.entries(urls)) {
    if (url === null || problems.concerns(path)) continue;
    if (new URL(url).hostname.endsWith('.lightning.force.com')) {
      problems.add(path, 'this is the address of the user interface, not of the API', fix);
    }
  }
  if (salesforce.auth !== 'client_credentials' || problems.concerns('salesforce.login_url')) return;
  if (SHARED_LOGIN_HOSTS.has(new URL(salesforce.login_url).hostname)) {
    problems.add('salesforce.login_url', 'client_credentials works on the My Domain address only', fix);
  }
}

/** A field has one writer, whatever the case of its name. */
function checkFields({ fields }: RawConfig, problems: Problems): void {
  if (problems.concerns('fields.prospect') || problems.concerns('fields.attendance')) return;
  const answers = new Set([...fields.prospect.keys()].map((name) => name.toLowerCase()));
  for (const name of fields.attendance.keys()) {
    if (!answers.has(name.toLowerCase())) continue;
    const fix = 'write attendance into another field, or write fields.prospect without this one';
    problems.add(`fields.attendance.${name}`, 'this prospect field is in fields.prospect, too', fix);
  }
}

/** Replays are read until 42 days after a session; nobody may be erased who is still read. */
const FEWEST_DAYS = 60;

function checkRetention({ retention }: RawConfig, problems: Problems): void {
  const path = 'retention.people_days';
  if (problems.concerns(path) || retention.people_days === 0 || retention.people_days >= FEWEST_DAYS) return;
  const message = 'people are read until six weeks after a session and cannot be erased before';
  problems.add(path, message, `write at least ${FEWEST_DAYS}, or 0 for ever`);
}

/** Not wrong, but probably not what is wanted. */
function checkUse({ flows, fields }: RawConfig, warn: (message: string) => void): void {
  if (!flows.custom_fields || flows.external_activities) return;
  const values = [...fields.attendance.values()];
  if (flows.attendance && !values.some((value) => !value.startsWith('replay_'))) {
    warn('flows.attendance is on, but fields.attendance names no field for it: nothing is written');
  }
  if (flows.replays && !values.some((value) => value.startsWith('replay_'))) {
    warn('flows.replays is on, but fields.attendance names no field for it: nothing is written');
  }
}
