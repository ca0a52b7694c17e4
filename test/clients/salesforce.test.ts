import assert from 'node:assert/strict';
import { test } from 'node:test';
import nock from 'nock';
import { SalesforceClient, type SalesforceClientOptions } from '../../src/clients/salesforce.ts';
import type { Login, LoginSource } from '../../src/clients/token-source.ts';
import { MINUTE } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import {
  AuthError,
  ParkedError,
  RefusedError,
  RetryableError,
  UnreadableAnswerError,
} from '../../src/errors.ts';
import { createGovernor } from '../../src/governor/vendor-governor.ts';
import { MemoryState } from '../support/memory-state.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { strictJsforce } from './jsforce-nock.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const ORG = 'https://acme.my.salesforce.com';
const FIELD = 'Livestorm_Session_Id__c';
const SESSION = '3f0e1f8a-0000-4000-8000-000000000001';
const ID = '701Qy00000000AbIAI';
const WANTED = {
  externalId: SESSION,
  name: 'Launch 2026-03-05 14:00 UTC',
  startDate: '2026-03-05',
  description: 'Livestorm session',
};

strictJsforce();

/** Hands out token after token and keeps what was refused. */
class Tokens implements LoginSource {
  readonly refused: string[] = [];

  async login(): Promise<Login> {
    return { accessToken: `00D1!token${this.refused.length}`, instanceUrl: ORG };
  }

  async token(): Promise<string> {
    return (await this.login()).accessToken;
  }

  invalidate(token: string): void {
    this.refused.push(token);
  }
}

function setUp(options: Partial<SalesforceClientOptions> = {}) {
  const clock = new VirtualClock(START);
  const state = new MemoryState();
  const governor = createGovernor({ vendor: 'salesforce', clock, state, limits: { concurrency: 2 } });
  const tokens = new Tokens();
  const client = new SalesforceClient({
    tokens,
    governor,
    clock,
    apiVersion: '66.0',
    timeoutMs: 2_000,
    externalIdField: FIELD,
    ...options,
  });
  return { client, tokens, governor, state };
}

const call: Call = { work: 'discovery', signal: new AbortController().signal };

const query = (externalId = SESSION, token = '00D1!token0') =>
  nock(ORG, { reqheaders: { authorization: `Bearer ${token}` } })
    .get('/services/data/v66.0/query')
    .query({ q: `SELECT Id FROM Campaign WHERE ${FIELD} = '${externalId}' LIMIT 2` });

const found = (...ids: string[]) => ({
  totalSize: ids.length,
  done: true,
  records: ids.map((Id) => ({ Id })),
});

interface Description {
  createable?: boolean;
  externalId?: boolean;
  types?: object[];
}

const describe = ({
  createable = true,
  externalId = true,
  types = [{ value: 'Webinar', active: true }],
}: Description = {}) =>
  nock(ORG)
    .get('/services/data/v66.0/sobjects/Campaign/describe')
    .reply(200, {
      createable,
      fields: [
        { name: FIELD, createable: true, externalId },
        { name: 'Type', createable: true, picklistValues: types },
      ],
    });

const upsert = (body?: nock.RequestBodyMatcher) =>
  nock(ORG).patch(`/services/data/v66.0/sobjects/Campaign/${FIELD}/${SESSION}`, body);

const vendorError = (errorCode: string, message = 'no') => [{ errorCode, message }];
const created = { id: ID, success: true, errors: [], created: true };

test('an existing campaign is found and nothing is written', async () => {
  query().reply(200, found(ID));
  assert.deepEqual(await setUp().client.ensureCampaign(WANTED, call), { id: ID, created: false });
});

test('a missing campaign is created active, of type Webinar, with its external id in the path alone', async () => {
  query().reply(200, found());
  describe();
  upsert({
    Name: 'Launch 2026-03-05 14:00 UTC',
    IsActive: true,
    Type: 'Webinar',
    StartDate: '2026-03-05',
    Description: 'Livestorm session',
  }).reply(201, created);
  assert.deepEqual(await setUp().client.ensureCampaign(WANTED, call), { id: ID, created: true });
});

test('describe is asked once; without the picklist value the type is left to the org', async () => {
  const { client } = setUp({ recordTypeId: '012000000000001AAA' });
  const body = {
    Name: WANTED.name,
    IsActive: true,
    Description: WANTED.description,
    RecordTypeId: '012000000000001AAA',
  };
  describe({ types: [{ value: 'Webinar', active: false }, { value: 'Other' }] });
  for (let i = 0; i < 2; i++) {
    query().reply(200, found());
    upsert(body).reply(201, created);
    assert.ok((await client.ensureCampaign({ ...WANTED, startDate: null }, call)).created);
  }
});

test('external ids are encoded in the path and quoted in the query', async () => {
  const externalId = "a/b c?d'e";
  query("a/b c?d\\'e").reply(200, found());
  describe();
  nock(ORG)
    .patch((path) => path === `/services/data/v66.0/sobjects/Campaign/${FIELD}/a%2Fb%20c%3Fd'e`)
    .reply(201, created);
  assert.ok((await setUp().client.ensureCampaign({ ...WANTED, externalId }, call)).created);
});

test('when somebody else was quicker, theirs is the campaign', async () => {
  query().reply(200, found());
  describe();
  upsert().reply(400, vendorError('DUPLICATE_VALUE', `duplicate value found: ${FIELD} duplicates ${ID}`));
  query().reply(200, found(ID));
  assert.deepEqual(await setUp().client.ensureCampaign(WANTED, call), { id: ID, created: false });
});

test('a duplicate in another unique field stays a refusal', async () => {
  query().reply(200, found());
  describe();
  upsert().reply(400, vendorError('DUPLICATE_VALUE'));
  query().reply(200, found());
  await assert.rejects(setUp().client.ensureCampaign(WANTED, call), RefusedError);
});

const refusedWithHint = (hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RefusedError);
  assert.match(error.hint ?? '', hint);
  return true;
};

test('several campaigns with one session id: nobody guesses', async () => {
  query().reply(200, found(ID, '701Qy00000000AcIAI'));
  await assert.rejects(setUp().client.ensureCampaign(WANTED, call), refusedWithHint(/Unique/));
  query().reply(200, found());
  describe();
  upsert().reply(300, [
    '/services/data/v66.0/sobjects/Campaign/a',
    '/services/data/v66.0/sobjects/Campaign/b',
  ]);
  await assert.rejects(setUp().client.ensureCampaign(WANTED, call), refusedWithHint(/Unique/));
});

test('missing permissions and fields are told before anything is written', async () => {
  query().reply(200, found());
  describe({ createable: false });
  await assert.rejects(setUp().client.ensureCampaign(WANTED, call), refusedWithHint(/Marketing User/));
  query().reply(200, found());
  describe({ externalId: false });
  await assert.rejects(setUp().client.ensureCampaign(WANTED, call), refusedWithHint(/External ID/));
  query().reply(400, vendorError('INVALID_FIELD', `No such column '${FIELD}'`));
  await assert.rejects(setUp().client.ensureCampaign(WANTED, call), refusedWithHint(/field-level security/));
});

test('the limit header reaches the governor, with refusals too', async () => {
  query().reply(403, vendorError('API_CURRENTLY_DISABLED'), {
    'sforce-limit-info': 'api-usage=18/100; api-bursts=1/7',
  });
  const { client, state, governor } = setUp();
  await assert.rejects(client.ensureCampaign(WANTED, call), AuthError);
  governor.unpark('auth');
  const saved = state.load('salesforce');
  assert.deepEqual([saved?.limit, saved?.remaining], [100, 82]);
  assert.equal(saved?.calls.discovery, 1);
});

for (const [header, figures] of [
  ['per-app-api-usage=250/250(appName=x)', [null, null]],
  ['per-app-api-usage=250/250(appName=x); api-usage=18/100', [100, 82]],
  ['api-usage=18/100; per-app-api-usage=250/250(appName=x)', [100, 82]],
  ['api-bursts=7/7,api-usage=18/100', [100, 82]],
] as const) {
  test(`calls left in the org, of the limit header ${header}`, async () => {
    query().reply(200, found(ID), { 'sforce-limit-info': header });
    const { client, state } = setUp();
    await client.ensureCampaign(WANTED, call);
    const saved = state.load('salesforce');
    assert.deepEqual([saved?.limit, saved?.remaining], figures);
  });
}

test('used-up API calls park the vendor', async () => {
  query().reply(403, vendorError('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'));
  const { client } = setUp();
  for (let i = 0; i < 2; i++) {
    await assert.rejects(client.ensureCampaign(WANTED, call), (error: unknown) => {
      assert.ok(error instanceof ParkedError);
      assert.deepEqual([error.reason, error.untilMs], ['quota', START + 15 * MINUTE]);
      return true;
    });
  }
});

test('an expired session is replaced once', async () => {
  query().reply(401, vendorError('INVALID_SESSION_ID', 'Session expired or invalid'));
  query(SESSION, '00D1!token1').reply(200, found(ID));
  const { client, tokens } = setUp();
  assert.equal((await client.ensureCampaign(WANTED, call)).id, ID);
  assert.deepEqual(tokens.refused, ['00D1!token0']);
});

test('a fresh token that is refused as well needs a person; no token is in the error', async () => {
  const said = 'Session 00D000000000001!AR.x expired';
  query().reply(401, vendorError('INVALID_SESSION_ID', said));
  query(SESSION, '00D1!token1').reply(401, vendorError('INVALID_SESSION_ID', said));
  const { client, tokens } = setUp();
  await assert.rejects(client.ensureCampaign(WANTED, call), (error: unknown) => {
    assert.ok(error instanceof AuthError);
    assert.ok(error.hint);
    assert.doesNotMatch(`${error.message} ${error.stack} ${JSON.stringify(error)}`, /00D\w*!/);
    assert.equal(error.cause, undefined);
    return true;
  });
  assert.equal(tokens.refused.length, 2);
});

test('a lock is retryable and not applied; a 503 is unknown', async () => {
  const { client } = setUp();
  const applied = async () => {
    const error = await client.ensureCampaign(WANTED, call).catch((failure: unknown) => failure);
    assert.ok(error instanceof RetryableError);
    return error.applied;
  };
  query().reply(200, found());
  describe();
  upsert().reply(500, vendorError('UNABLE_TO_LOCK_ROW'));
  assert.equal(await applied(), 'not_applied');
  query().reply(200, found());
  upsert().reply(503, '<html>maintenance</html>', { 'content-type': 'text/html' });
  assert.equal(await applied(), 'unknown');
});

for (const [status, body, contentType] of [
  [403, '<html>blocked</html>', 'text/html'],
  [404, '<html>URL no longer exists</html>', 'text/html; charset=utf-8'],
  [404, 'default backend - 404', 'text/plain'],
] as const) {
  test(`${status} "${body}" is no word of Salesforce's: unknown, and no end of the campaign`, async () => {
    query().reply(200, found());
    describe();
    upsert().reply(status, body, { 'content-type': contentType });
    await assert.rejects(setUp().client.ensureCampaign(WANTED, call), {
      name: 'RetryableError',
      applied: 'unknown',
      status,
    });
  });
}

test('a success that cannot be read is done: only the id is lost', async () => {
  query().reply(200, found());
  describe();
  upsert().reply(201, '');
  await assert.rejects(setUp().client.ensureCampaign(WANTED, call), (error: unknown) => {
    assert.ok(error instanceof UnreadableAnswerError);
    assert.equal(error.applied, 'done');
    return true;
  });
});
