import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ExplainedValue, explainConfig } from '../../src/config/explain.ts';
import { eachKey } from '../../src/config/key.ts';
import { SCHEMA } from '../../src/config/schema.ts';
import type { SecretPlaces } from '../../src/config/secrets.ts';
import { ENV, errorOf, MINIMAL } from './fixture.ts';

function noFile(): never {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
}

function explain(text: string, places: Partial<SecretPlaces> = {}) {
  const { values, warnings } = explainConfig(text, { env: ENV, readSecretFile: noFile, ...places });
  const of = (path: string): ExplainedValue | undefined => values.find((value) => value.path === path);
  return { values, warnings, of };
}

describe('config explain', () => {
  it('names every value that counts, once, with its place in the file or as default', () => {
    const { values, of } = explain(`${MINIMAL}flows:\n  attendance: FALSE\n`);
    assert.deepEqual(of('flows.attendance')?.value, false);
    assert.deepEqual(of('flows.attendance')?.source, { kind: 'file', line: 10, column: 3 });
    assert.deepEqual(of('flows.replays'), {
      path: 'flows.replays',
      value: true,
      source: { kind: 'default' },
    });
    const told = values.map(({ path }) => path);
    assert.equal(new Set(told).size, told.length);
    for (const { path, key } of eachKey(SCHEMA)) {
      const isUsed = !key.only || key.only.includes('jwt');
      assert.equal(
        told.some((other) => other === path || other.startsWith(`${path}.`)),
        isUsed,
        path,
      );
    }
  });

  it('says what a missing value means', () => {
    assert.match(explain(MINIMAL).of('salesforce.instance_url')?.meaning ?? '', /comes with the token/);
  });

  it('tells the entries of a map apart', () => {
    const { of } = explain(`${MINIMAL}fields:
  registration: { company: company }
  prospect: { company: { from: size, overwrite: never }, jobTitle: job_title }
links: { existing: [{ session: a, pardot_campaign: 1 }] }
`);
    assert.equal(of('fields.registration.company')?.value, 'company');
    assert.equal(of('fields.registration.first_name'), undefined);
    assert.deepEqual(of('fields.prospect.company')?.value, { from: 'size', overwrite: 'never' });
    assert.deepEqual(of('fields.prospect.jobTitle')?.value, { from: 'job_title', overwrite: 'when_empty' });
    assert.deepEqual(of('fields.prospect.jobTitle')?.source, { kind: 'file', line: 11, column: 58 });
    assert.deepEqual(of('links.existing[0]')?.value, { session: 'a', pardot_campaign: '1' });
  });

  it('masks secrets, and says where they are and whether they can be used from here', () => {
    const text = MINIMAL.replace('{ env: KEY }', '{ file: keys/salesforce.pem }');
    const { values, of } = explain(text, { file: '/etc/connector/config.yaml' });
    assert.deepEqual(of('livestorm.api_token')?.secret, { kind: 'env', name: 'TOKEN', problem: null });
    assert.deepEqual(of('salesforce.private_key')?.secret, {
      kind: 'file',
      name: '/etc/connector/keys/salesforce.pem',
      problem: "the secret's file does not exist",
    });
    assert.equal(of('livestorm.api_token')?.value, '[secret]');
    assert.doesNotMatch(JSON.stringify(values), /livestorm-token-value|PRIVATE KEY/);
    const { of: elsewhere } = explain(MINIMAL.replace('{ env: TOKEN }', '{ credential: token }'));
    assert.match(elsewhere('livestorm.api_token')?.secret?.problem ?? '', /no systemd credentials/);
  });

  it('says when the folder of the state comes from systemd', () => {
    const env = { ...ENV, STATE_DIRECTORY: '/var/lib/connector' };
    const { of } = explain(MINIMAL, { env });
    assert.equal(of('state_dir')?.value, '/var/lib/connector');
    assert.deepEqual(of('state_dir')?.source, { kind: 'env', name: 'STATE_DIRECTORY' });
    const { of: written } = explain(`${MINIMAL}state_dir: state\n`, { env, file: '/etc/c.yaml' });
    assert.equal(written('state_dir')?.value, '/etc/state');
    assert.equal(written('state_dir')?.source.kind, 'file');
  });

  it('refuses a file that is wrong, with all problems', () => {
    const { problems } = errorOf(() => explain('flows: { attendance: perhaps }\nfoo: bar\n'));
    assert.ok(problems.length >= 2);
  });
});
