import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { eachKey, type Keys } from '../../src/config/key.ts';
import { SCHEMA } from '../../src/config/schema.ts';
import { ENV, PRIVATE_KEY, parse } from './fixture.ts';

function secrets(path: string): string {
  if (path.includes('key')) return PRIVATE_KEY;
  return path.endsWith('-url') ? 'https://hooks.example.com/secret' : 'a-secret-of-some-length';
}

const readShipped = (name: string): Promise<string> =>
  readFile(new URL(`../../config/${name}`, import.meta.url), 'utf8');

/** Makes every optional line (`# key: value`) a real one. */
function withOptionalLines(text: string): string {
  return text.replace(/^( *)# ([a-z_]+: (?:\{.*\}|\[.*\]|\S+))$/gm, '$1$2');
}

describe('config/example.yaml', () => {
  const from = { env: ENV, credentialsDirectory: '/credentials', readSecretFile: secrets };

  it('is a valid configuration without warnings', async () => {
    assert.deepEqual(parse(await readShipped('example.yaml'), from).warnings, []);
  });

  it('stays valid with its optional lines switched on', async () => {
    const config = parse(withOptionalLines(await readShipped('example.yaml')), from);
    assert.deepEqual(config.warnings, [
      'salesforce.client_secret is not used with auth: jwt',
      'salesforce.refresh_token is not used with auth: jwt',
    ]);
    assert.equal(config.stateDir, '/var/lib/livestorm-pardot');
    assert.equal(config.links.existing.length, 1);
  });

  it('shows every key of the schema, each under a comment', async () => {
    const shown = new Set<string>();
    const parents: string[] = [];
    for (const line of withOptionalLines(await readShipped('example.yaml')).split('\n')) {
      const [, indent = '', name] = /^( *)([A-Za-z_]+):/.exec(line) ?? [];
      if (name === undefined) continue;
      parents.splice(indent.length / 2, Infinity, name);
      shown.add(parents.join('.'));
    }
    const missing = [...eachKey(SCHEMA)].filter(({ path }) => !shown.has(path));
    assert.deepEqual(missing, []);
  });

  it('shows the defaults, where it differs only to give an example', async () => {
    const example = parse(await readShipped('example.yaml'), from);
    const { pardot, salesforce, flows, lists, polling, bulk, safety } = example;
    assert.equal(pardot.concurrency, SCHEMA.pardot.keys.concurrency.default);
    assert.equal(salesforce.apiVersion, SCHEMA.salesforce.keys.api_version.default);
    assert.equal(safety.recycleBin, SCHEMA.safety.keys.recycle_bin.default);
    const defaultsOf = (keys: Keys): unknown[] => [...eachKey(keys)].map(({ key }) => key.default);
    assert.deepEqual(Object.values(flows), defaultsOf(SCHEMA.flows.keys));
    assert.deepEqual(Object.values(lists), defaultsOf(SCHEMA.lists.keys));
    assert.deepEqual(Object.values(polling), defaultsOf(SCHEMA.polling.keys));
    assert.deepEqual(Object.values(bulk), defaultsOf(SCHEMA.bulk.keys));
  });
});

describe('config/sandbox.yaml', () => {
  it('is valid, and points to this machine and its own folder only', async () => {
    const read: string[] = [];
    const config = parse(await readShipped('sandbox.yaml'), {
      file: '/app/config/sandbox.yaml',
      env: {},
      readSecretFile: (path) => {
        read.push(path);
        return secrets(path);
      },
    });
    assert.equal(config.livestorm.baseUrl, 'http://127.0.0.1:4101/v1');
    assert.equal(config.pardot.baseUrl, 'http://127.0.0.1:4102');
    assert.equal(config.salesforce.loginUrl, 'http://127.0.0.1:4103');
    assert.equal(config.stateDir, '/app/data/sandbox/state');
    assert.ok(Object.values(config.flows).every((on) => on));
    assert.deepEqual(read, ['/app/data/sandbox/livestorm-token', '/app/data/sandbox/salesforce-key.pem']);
    assert.deepEqual(config.warnings, []);
  });
});
