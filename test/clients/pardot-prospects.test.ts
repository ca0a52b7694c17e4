import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import nock from 'nock';
import { PardotClient } from '../../src/clients/pardot.ts';
import type { Call } from '../../src/domain.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock } from '../support/strict-nock.ts';
import { api, HOST, OBJECTS, pardotOptions, values } from './pardot-api.ts';

const call: Call = { work: 'discovery', signal: new AbortController().signal };
let client: PardotClient;

beforeEach(() => {
  client = new PardotClient(pardotOptions(new OpenGovernor('pardot')));
});

strictNock();

const PROSPECT = { id: 1, email: 'Ada@Example.org', isDeleted: false };

function prospectQuery(fields: string, idList: string) {
  return api()
    .get(`${OBJECTS}/prospects`)
    .query({ fields: `id,email,isDeleted${fields}`, deleted: 'all', limit: '1000', idList });
}

test('prospects by idList with deleted=all; foreign rows are left out, absent ones are absent', async () => {
  prospectQuery(',company,score,size__c', '1,2,3').reply(
    200,
    values([
      { ...PROSPECT, company: 'ACME', score: 12, size__c: null },
      { ...PROSPECT, id: 2, email: null, isDeleted: true, company: '' },
      { ...PROSPECT, id: 99 },
    ]),
  );
  assert.deepEqual(await client.prospects([1, 2, 3, 2], ['company', 'score', 'size__c'], call), [
    { ...PROSPECT, fields: { company: 'ACME', score: '12' } },
    { id: 2, email: null, isDeleted: true, fields: {} },
  ]);
  assert.deepEqual(await client.prospects([], ['company'], call), []);
});

test('ids go in parts of at most 200 and URLs below 4 KB', async () => {
  const lengths: number[] = [];
  const counts: number[] = [];
  nock(HOST)
    .persist()
    .get(`${OBJECTS}/prospects`)
    .query(true)
    .reply((request: Request) => {
      const url = new URL(request.url);
      const ids = (url.searchParams.get('idList') ?? '').split(',').map(Number);
      lengths.push(url.href.length);
      counts.push(ids.length);
      return [200, values(ids.map((id) => ({ ...PROSPECT, id })))];
    });
  const short = Array.from({ length: 450 }, (_, index) => index + 1);
  assert.equal((await client.prospects(short, [], call)).length, 450);
  assert.deepEqual(counts, [200, 200, 50]);
  const long = Array.from({ length: 450 }, (_, index) => 9_000_000_000_000 + 7 * index);
  const fields = Array.from({ length: 40 }, (_, index) => `a_rather_long_custom_field_${index}__c`);
  assert.equal((await client.prospects(long, fields, call)).length, 450);
  assert.ok(Math.max(...lengths) < 4096, `${Math.max(...lengths)}`);
  nock.cleanAll();
});

test('fields that Query refuses are read prospect by prospect, and remembered', async () => {
  prospectQuery(',company,topics__c,size__c', '1,2,3').reply(400, {
    code: 224,
    message: 'The following fields can not be queried: topics__c',
  });
  const rows = [1, 2, 3].map((id) => ({
    ...PROSPECT,
    id,
    isDeleted: id === 2,
    company: 'ACME',
    size__c: '9',
  }));
  prospectQuery(',company,size__c', '1,2,3').reply(200, values(rows));
  const single = (id: number) => api().get(`${OBJECTS}/prospects/${id}`).query({ fields: 'id,topics__c' });
  single(1).reply(200, { id: 1, topics__c: ['a', 'b'] });
  single(3).reply(
    404,
    { code: 109, message: 'The requested record was not found.' },
    { 'Pardot-Warning': '201;Record In Recycle Bin' },
  );
  const fields = ['company', 'topics__c', 'size__c'];
  const prospects = await client.prospects([1, 2, 3], fields, call);
  assert.deepEqual(
    prospects.map((prospect) => [prospect.id, prospect.isDeleted, prospect.fields]),
    [
      [1, false, { company: 'ACME', size__c: '9', topics__c: ['a', 'b'] }],
      [2, true, { company: 'ACME', size__c: '9' }],
      [3, true, { company: 'ACME', size__c: '9' }],
    ],
  );
  prospectQuery(',company,size__c', '1').reply(200, values(rows.slice(0, 1)));
  single(1).reply(200, { id: 1, topics__c: [] });
  assert.deepEqual((await client.prospects([1], fields, call))[0]?.fields, { company: 'ACME', size__c: '9' });
});

test('a refusal that names no field, or no code, suspects every custom field', async () => {
  prospectQuery(',size__c', '1').reply(400, { message: 'Bad request' });
  prospectQuery('', '1').reply(200, values([PROSPECT]));
  api().get(`${OBJECTS}/prospects/1`).query({ fields: 'id,size__c' }).reply(200, { id: 1, size__c: 'L' });
  assert.deepEqual((await client.prospects([1], ['size__c'], call))[0]?.fields, { size__c: 'L' });
});

test('a standard field that is refused is a refusal', async () => {
  prospectQuery(',nonsense', '1').reply(400, {
    code: 180,
    message: 'The following fields are invalid: nonsense',
  });
  await assert.rejects(client.prospects([1], ['nonsense'], call), { name: 'RefusedError', code: 180 });
});
