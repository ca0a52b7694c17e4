import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Agent } from 'undici';
import { guardJsforce } from '../../src/clients/jsforce-guard.ts';
import { SalesforceClient } from '../../src/clients/salesforce.ts';
import type { SalesforceAuth } from '../../src/clients/salesforce-grant.ts';
import { createTokenSource } from '../../src/clients/salesforce-token.ts';
import { MINUTE, SECOND } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { AuthError, ParkedError, RefusedError, RetryableError } from '../../src/errors.ts';
import { createGovernor } from '../../src/governor/vendor-governor.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { type FaultRule, Faults } from '../../src/sandbox/kernel/faults.ts';
import { RequestLog } from '../../src/sandbox/kernel/request-log.ts';
import { VendorServer } from '../../src/sandbox/kernel/server.ts';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Salesforce } from '../../src/sandbox/salesforce/service.ts';
import type { SalesforceSwitches } from '../../src/sandbox/salesforce/switches.ts';
import { MemoryState } from '../support/memory-state.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { WRITE_FAULTS } from './write-faults.ts';

/** The client and the token source against the sandbox's Salesforce on a real socket. */
const START = Date.parse('2026-03-02T08:00:00Z');
const TIMEOUT_MS = 500;
const WANTED = {
  externalId: '3f0e1f8a-0000-4000-8000-000000000001',
  name: 'Launch 2026-03-05 14:00 UTC',
  startDate: '2026-03-05',
  description: 'Livestorm session',
};
const call: Call = { work: 'discovery', signal: new AbortController().signal };
const keys = newKeyPair();
const agent = new Agent();
const surprises: unknown[] = [];
const note = (error: unknown) => surprises.push(error);

before(() => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  guardJsforce(agent, TIMEOUT_MS);
  // The first call loads it, which may take as long as these tests let a call take.
  createRequire(import.meta.url)('jsforce/lib/core.js');
});
after(async () => {
  await agent.destroy();
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
  assert.deepEqual(surprises, []);
});

async function startOrg(
  options: { switches?: Partial<SalesforceSwitches>; auth?: (org: Salesforce) => SalesforceAuth } = {},
) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const faults = new Faults();
  const log = new RequestLog();
  const loginUrl = () => server.url;
  const org = new Salesforce({
    clock,
    random: new Random(1),
    keys,
    loginUrl,
    switches: options.switches ?? {},
  });
  const server = new VendorServer(org, { clock, faults, log, latencyMs: () => 0 });
  await server.listen(0);
  const governor = createGovernor({
    vendor: 'salesforce',
    clock,
    state: new MemoryState(),
    limits: { concurrency: 4 },
  });
  const auth = options.auth?.(org) ?? jwt(org, server.url);
  const shared = { clock, governor, apiVersion: '66.0', timeoutMs: TIMEOUT_MS };
  const tokens = createTokenSource({ ...shared, auth, loginUrl: server.url });
  const client = new SalesforceClient({ ...shared, tokens, externalIdField: org.switches.externalIdField });
  return {
    ...{ clock, org, log, tokens, client },
    fault: (kind: FaultRule['kind'], match: RegExp) =>
      faults.arm({ vendor: 'salesforce', kind, match, times: 1 }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function jwt({ credentials }: Salesforce, audience: string): SalesforceAuth {
  const { clientId, username, privateKeyPem } = credentials;
  return { kind: 'jwt', clientId, username, privateKey: privateKeyPem, audience };
}

test('creates once, finds afterwards, and leaves a renamed campaign alone', async () => {
  await using world = await startOrg();
  const first = await world.client.ensureCampaign(WANTED, call);
  assert.match(first.id, /^701\w{15}$/);
  assert.ok(first.created);
  world.org.world.rename(first.id, 'renamed by an admin');
  assert.deepEqual(await world.client.ensureCampaign(WANTED, call), { id: first.id, created: false });
  const [campaign, ...others] = world.org.world.campaigns();
  assert.equal(others.length, 0);
  assert.equal(campaign?.name, 'renamed by an admin');
  assert.equal(campaign?.isActive, true);
  assert.equal(campaign?.startDate, '2026-03-05');
  assert.equal(world.org.world.tokenRequests, 1);
});

for (const kind of ['client_credentials', 'refresh_token'] as const) {
  test(`works with ${kind}`, async () => {
    await using world = await startOrg({
      switches: { rotateRefreshTokens: true },
      auth: ({ credentials: { clientId, clientSecret, refreshToken } }) =>
        kind === 'refresh_token'
          ? { kind, clientId, clientSecret, refreshToken }
          : { kind, clientId, clientSecret },
    });
    assert.ok((await world.client.ensureCampaign(WANTED, call)).created);
    world.org.world.revokeSessions();
    assert.equal((await world.client.ensureCampaign(WANTED, call)).created, false);
    assert.equal(world.org.world.tokenRequests, 2);
  });
}

test('many callers with an expired session share one new token', async () => {
  await using world = await startOrg();
  const { id } = await world.client.ensureCampaign(WANTED, call);
  world.org.world.revokeSessions();
  const all = await Promise.all(Array.from({ length: 6 }, () => world.client.ensureCampaign(WANTED, call)));
  assert.ok(all.every((found) => found.id === id));
  assert.equal(world.org.world.tokenRequests, 2);
});

test('a persistent 401 ends: three token requests in ten minutes, one API call for each', async () => {
  await using world = await startOrg({ switches: { persistentlyUnauthorized: true } });
  await assert.rejects(world.client.ensureCampaign(WANTED, call), AuthError);
  for (let second = 0; second < 590; second += 10) {
    await assert.rejects(world.client.ensureCampaign(WANTED, call));
    await world.clock.advance(10 * SECOND);
  }
  assert.equal(world.org.world.tokenRequests, 3);
  assert.equal(world.log.total('salesforce'), 6);
  await world.clock.advance(MINUTE);
  world.org.switches.persistentlyUnauthorized = false;
  assert.ok((await world.client.ensureCampaign(WANTED, call)).created);
});

for (const [kind, applied, tookPlace] of WRITE_FAULTS) {
  test(`${kind} while creating: the outcome is ${applied}, and a repetition makes exactly one`, async () => {
    await using world = await startOrg();
    world.fault(kind, /^PATCH .*Campaign/);
    await assert.rejects(world.client.ensureCampaign(WANTED, call), (error: unknown) => {
      assert.ok(error instanceof RetryableError);
      assert.equal(error.applied, applied);
      return true;
    });
    assert.equal(world.org.world.campaigns().length, tookPlace ? 1 : 0);
    const { created } = await world.client.ensureCampaign(WANTED, call);
    assert.equal(created, !tookPlace);
    assert.equal(world.org.world.campaigns().length, 1);
  });

  test(`${kind} while logging in ends and heals`, async () => {
    await using world = await startOrg();
    world.fault(kind, /oauth2\/token/);
    await assert.rejects(world.tokens.token(call), kind === 'redirect' ? AuthError : RetryableError);
    await world.clock.advance(200 * SECOND);
    assert.ok(await world.tokens.token(call));
  });
}

test('locks are retried by whoever called', async () => {
  for (const lockRowStatus of [400, 500] as const) {
    await using world = await startOrg({ switches: { lockRowTimes: 1, lockRowStatus } });
    await assert.rejects(world.client.ensureCampaign(WANTED, call), (error: unknown) => {
      assert.ok(error instanceof RetryableError);
      assert.equal(error.applied, 'not_applied');
      return true;
    });
    assert.ok((await world.client.ensureCampaign(WANTED, call)).created);
  }
});

const refusals: [name: string, switches: Partial<SalesforceSwitches>, hint: RegExp][] = [
  ['no right to create', { campaignCreateable: false }, /Marketing User/],
  ['a required custom field', { requiredCustomFields: ['Region__c'] }, /required/],
];
for (const [name, switches, hint] of refusals) {
  test(`${name} is refused with a hint`, async () => {
    await using world = await startOrg({ switches });
    await assert.rejects(world.client.ensureCampaign(WANTED, call), (error: unknown) => {
      assert.ok(error instanceof RefusedError);
      assert.match(error.hint ?? '', hint);
      return true;
    });
    assert.equal(world.org.world.campaigns().length, 0);
  });
}

test('a missing external id field is told by name', async () => {
  await using world = await startOrg();
  world.org.switches.externalIdField = 'Other__c';
  await assert.rejects(world.client.ensureCampaign(WANTED, call), (error: unknown) => {
    assert.ok(error instanceof RefusedError);
    assert.match(error.message, /Livestorm_Session_Id__c/);
    assert.match(error.hint ?? '', /field-level security/);
    return true;
  });
});

test('when the day is used up the vendor is left alone, while tokens may still be asked for', async () => {
  await using world = await startOrg({ switches: { dailyLimit: 0 } });
  await assert.rejects(world.client.ensureCampaign(WANTED, call), ParkedError);
  const requests = world.log.total('salesforce');
  await assert.rejects(world.client.ensureCampaign(WANTED, call), ParkedError);
  assert.equal(world.log.total('salesforce'), requests);
  world.tokens.invalidate(await world.tokens.token(call));
  assert.ok(await world.tokens.token(call));
});

test('a wrong key is refused in words', async () => {
  await using world = await startOrg({
    auth: (org) => ({ ...jwt(org, 'https://login.salesforce.com'), privateKey: newKeyPair().privateKeyPem }),
  });
  await assert.rejects(world.tokens.token(call), (error: unknown) => {
    assert.ok(error instanceof AuthError);
    assert.ok(error.hint);
    return true;
  });
});
