import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fetch } from 'undici';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { Rehearsal, START_MS } from './rehearsal.ts';

test('each vendor answers on an address of its own', async () => {
  await using rehearsal = await Rehearsal.start();
  const { urls, credentials } = rehearsal.sandbox;
  assert.equal(new Set(Object.values(urls).map((url) => new URL(url).origin)).size, 4);
  const ping = await fetch(`${urls.livestorm}/ping`, {
    headers: { authorization: credentials.livestorm.apiToken },
  });
  assert.equal(ping.status, 200);
  assert.equal((await fetch(`${urls.salesforce}/services/data/`)).status, 200);
  assert.equal((await rehearsal.get('/')).status, 200);
  assert.equal(rehearsal.sandbox.log.total('livestorm'), 1);
  assert.equal(rehearsal.sandbox.log.total('salesforce'), 1);
});

test('Pardot takes Salesforce’s tokens and refuses them once Salesforce ended the session', async () => {
  await using rehearsal = await Rehearsal.start();
  assert.ok(Array.isArray((await rehearsal.pardot('/objects/campaigns?fields=id')).values));
  rehearsal.sandbox.salesforce.world.revokeSessions();
  assert.equal((await rehearsal.pardot('/objects/campaigns?fields=id')).code, 184);
});

test('a Salesforce campaign appears in Pardot some minutes later', async () => {
  await using rehearsal = await Rehearsal.start();
  const { salesforce, pardot } = rehearsal.sandbox;
  const id = salesforce.world.createCampaign({ name: 'Launch' });
  const mirrored = () => pardot.world.campaigns().some((campaign) => campaign.salesforceId === id);
  assert.equal(mirrored(), false);
  rehearsal.pass(10);
  assert.equal(mirrored(), true);
});

test('a connector finds everything prepared, or on request nothing', async () => {
  for (const bare of [false, true]) {
    await using rehearsal = await Rehearsal.start({ bare });
    const { salesforce, pardot } = rehearsal.sandbox;
    const [extension] = salesforce.world.marketingExtensions();
    assert.equal(extension === undefined, bare);
    assert.equal(salesforce.switches.externalIdFieldExists, !bare);
    rehearsal.pass(1);
    const { values } = await rehearsal.pardot('/objects/custom-fields?fields=id');
    assert.equal((values as unknown[]).length === 0, bare);
    if (!extension) continue;
    assert.deepEqual(extension.assignedBusinessUnitIds, [pardot.businessUnitId]);
    assert.equal(extension.types.filter(({ isActive }) => isActive).length, 8);
  }
});

test('the same seed gives the same ids, another seed others', async () => {
  const bornWith = async (seed: number): Promise<string> => {
    await using rehearsal = await Rehearsal.start({ seed });
    return rehearsal.sandbox.livestorm.world.createEvent({ title: 'x' }).id;
  };
  assert.equal(await bornWith(7), await bornWith(7));
  assert.notEqual(await bornWith(7), await bornWith(8));
});

test('an armed fault hits the vendor it names, and switches given at the start count', async () => {
  await using rehearsal = await Rehearsal.start({ switches: { salesforce: { dailyLimit: 0 } } });
  const { faults, urls } = rehearsal.sandbox;
  faults.arm({ vendor: 'salesforce', kind: 'html_503', times: 1 });
  assert.equal((await fetch(`${urls.salesforce}/services/data/`)).status, 503);
  const headers = { authorization: `Bearer ${await rehearsal.token()}` };
  assert.equal((await fetch(`${urls.salesforce}/services/data/v66.0/limits`, { headers })).status, 403);
});

test('a port that is taken fails the start and leaves nothing listening', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const { port } = blocker.address() as AddressInfo;
  await assert.rejects(Sandbox.start({ ports: { pages: port } }), { code: 'EADDRINUSE' });
  blocker.close();
});

test('without a clock of its own the sandbox runs in real time', async () => {
  await using sandbox = await Sandbox.start();
  assert.ok(sandbox.clock.now() > START_MS - 365 * 86_400_000);
});

test('the written configuration names the sandbox, and only its owner may read it', async () => {
  await using rehearsal = await Rehearsal.start();
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  try {
    await writeFile(join(dir, 'livestorm-token'), 'old', { mode: 0o644 });
    const path = await rehearsal.sandbox.writeConfig(dir);
    const config = parse(await readFile(path, 'utf8'));
    const { urls, credentials } = rehearsal.sandbox;
    assert.equal(path, join(dir, 'config.yaml'));
    assert.equal(config.livestorm.base_url, urls.livestorm);
    assert.equal(config.pardot.base_url, urls.pardot);
    assert.equal(config.pardot.business_unit_id, credentials.pardot.businessUnitId);
    assert.equal(config.salesforce.login_url, urls.salesforce);
    assert.equal(config.salesforce.client_id, credentials.salesforce.clientId);
    assert.equal(config.state_dir, join(dir, 'state'));
    const token = join(dir, config.livestorm.api_token.file);
    const key = join(dir, config.salesforce.private_key.file);
    assert.equal(await readFile(token, 'utf8'), credentials.livestorm.apiToken);
    assert.equal(await readFile(key, 'utf8'), credentials.salesforce.privateKeyPem);
    const loaded = await loadConfig(path, {});
    assert.equal(loaded.livestorm.baseUrl, urls.livestorm);
    assert.ok(Object.values(loaded.flows).every((on) => on));
    assert.deepEqual(loaded.fields.prospect.get('jobTitle'), { from: 'job_title', overwrite: 'when_empty' });
    for (const file of [path, token, key]) assert.equal((await stat(file)).mode & 0o777, 0o600, file);
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('every field that the configuration writes attendance into exists in Pardot', async () => {
  await using rehearsal = await Rehearsal.start({
    switches: { pardot: { readLagMs: { min: 0, max: 0 } } },
  });
  const config = parse(rehearsal.sandbox.configYaml());
  const answer = await rehearsal.pardot('/objects/custom-fields?fields=apiFieldId');
  const known = (answer.values as { apiFieldId: string }[]).map((field) => field.apiFieldId);
  const named = Object.keys(config.fields.attendance);
  assert.ok(named.length > 5);
  assert.deepEqual(
    named.filter((name) => !known.includes(name)),
    [],
  );
  assert.deepEqual(config.livestorm.api_token, { env: 'LIVESTORM_API_TOKEN' });
});
