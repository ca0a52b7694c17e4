import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse as readYaml } from 'yaml';
import { renderJsonSchema } from '../../src/cli/prepare/config-schema.ts';
import { configJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts';
import { eachKey } from '../../src/config/key.ts';
import { SCHEMA } from '../../src/config/schema.ts';
import { accepts } from '../support/json-schema.ts';
import { ENV, MINIMAL, parse } from './fixture.ts';

const FILE = new URL('../../config/schema.json', import.meta.url);
const root = configJsonSchema();
const shipped = (name: string): string =>
  readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8');
/** What an editor sees: YAML with types. */
const takes = (yaml: string): boolean => accepts(root, readYaml(yaml) as unknown);

function at(path: string): JsonSchema {
  return path
    .split('.')
    .reduce((schema, name) => (schema.properties as Record<string, JsonSchema>)[name] ?? {}, root);
}

describe('the JSON Schema', () => {
  it('is what config/schema.json holds (UPDATE_DOCS=1 writes it)', () => {
    if (process.env.UPDATE_DOCS === '1') writeFileSync(FILE, renderJsonSchema());
    assert.deepEqual(JSON.parse(readFileSync(FILE, 'utf8')), JSON.parse(renderJsonSchema()));
  });

  it('describes every key, closes every section, and names what is required', () => {
    for (const { path, key } of eachKey(SCHEMA)) {
      assert.match(String(at(path).description), /^[A-Z]/, path);
      assert.equal('default' in at(path), key.default !== null, path);
      const parent = path.includes('.') ? at(path.slice(0, path.lastIndexOf('.'))) : root;
      assert.equal(parent.additionalProperties, false, path);
    }
    assert.deepEqual(root.required, ['livestorm', 'pardot', 'salesforce']);
    assert.deepEqual(at('salesforce').required, ['client_id']);
  });

  it('takes the shipped configurations', () => {
    for (const name of ['example.yaml', 'sandbox.yaml']) assert.ok(takes(shipped(name)), name);
  });

  it('takes its own defaults', () => {
    for (const { path } of eachKey(SCHEMA)) {
      const schema = at(path);
      if ('default' in schema) assert.ok(accepts(schema, schema.default), path);
    }
  });
});

/** Lines below `MINIMAL`. */
const RIGHT = [
  'flows:',
  'flows: { attendance: false }',
  'links: { existing: [{ session: abc, pardot_campaign: 1234, list: "5678" }, { event: def, pardot_campaign: 2 }] }',
  'fields: { prospect: { company: company, jobTitle: { from: job_title, overwrite: always } } }',
  'safety: { denied_domains: [Example.com], lookback_minutes: 5 }',
  'links: { events: { exclude: ["Internal *", 2026] } }',
  'state_dir: ../data',
];

const WRONG = [
  'foo: bar',
  'flows: { attendence: true }',
  'flows: { attendance: perhaps }',
  'flows: true',
  'safety: { lookback_minutes: 4 }',
  'safety: { recycle_bin: empty }',
  'safety: { denied_domains: ["@example.com"] }',
  'polling: { sessions: often }',
  'links: { existing: [{ session: a, event: b, pardot_campaign: 1 }] }',
  'links: { existing: [{ session: a }] }',
  'links: { existing: [{ session: a, pardot_campaign: 70x1 }] }',
  'links: { events: { include: [""] } }',
  'fields: { registration: { Email: company } }',
  'fields: { registration: { company: "no name" } }',
  'fields: { attendance: { campaignId: attended } }',
  'fields: { attendance: { Attended__c: presence } }',
  'fields: { prospect: { company: { overwrite: always } } }',
  'fields: { prospect: { company: { from: a, overwrite: maybe } } }',
];

describe('the JSON Schema and check-config', () => {
  for (const line of RIGHT) {
    it(`both take "${line}"`, () => {
      assert.ok(takes(MINIMAL + line));
      parse(MINIMAL + line, { env: ENV });
    });
  }
  for (const line of WRONG) {
    it(`both refuse "${line}"`, () => {
      assert.ok(!takes(MINIMAL + line));
      assert.throws(() => parse(MINIMAL + line, { env: ENV }));
    });
  }

  const CHANGES: [boolean, string, string][] = [
    [false, '{ env: TOKEN }', 'livestorm-token-value'],
    [false, '{ env: TOKEN }', '{ env: TOKEN, file: token }'],
    [false, '0Uv000000000000AAA', '701000000000000AAA'],
    [false, '  client_id: key\n', ''],
    [false, '  username: u@example.com\n', ''],
    [false, 'client_id: key', 'client_id: key\n  auth: password'],
    [false, 'client_id: key', 'client_id: key\n  auth: client_credentials'],
    [false, 'client_id: key', 'client_id: key\n  login_url: http://login.example.com'],
    [false, 'client_id: key', 'client_id: key\n  instance_url: https://acme.my.salesforce.com/services'],
    [false, 'client_id: key', 'client_id: key\n  api_version: 55.0'],
    [true, 'client_id: key', 'client_id: key\n  api_version: 60.0'],
    [true, 'client_id: key', 'client_id: key\n  api_version: "60.0"'],
    [true, 'client_id: key', 'client_id: key\n  login_url: http://127.0.0.1:4103'],
    [true, 'client_id: key', 'client_id: key\n  auth: jwt'],
    [true, 'pardot:\n', 'pardot:\n  base_url: https://pi.demo.pardot.com\n'],
    [false, 'pardot:\n', 'pardot:\n  base_url: https://pi.pardot.com/api\n'],
  ];
  for (const [isRight, from, to] of CHANGES) {
    it(`both ${isRight ? 'take' : 'refuse'} ${JSON.stringify(to)} for ${JSON.stringify(from)}`, () => {
      const changed = MINIMAL.replace(from, to);
      assert.notEqual(changed, MINIMAL);
      assert.equal(takes(changed), isRight);
      if (isRight) parse(changed, { env: ENV });
      else assert.throws(() => parse(changed, { env: ENV }));
    });
  }
});
