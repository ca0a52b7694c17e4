import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import nock from 'nock';
import { PardotImportsClient } from '../../src/clients/pardot-imports.ts';
import type { Call } from '../../src/domain.ts';
import {
  AuthError,
  ParkedError,
  RefusedError,
  RetryableError,
  UnreadableAnswerError,
} from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock, wireParts } from '../support/strict-nock.ts';

const HOST = 'https://pi.pardot.test';
const API = '/api/v5/imports';
const NOW = Date.parse('2026-03-02T08:00:00Z');
const UNIT = '0Uv000000000001AAA';
const COLUMNS = [
  { name: 'matchEmail', overwrite: true },
  { name: 'firstName', overwrite: false },
];

let governor: OpenGovernor;
let client: PardotImportsClient;
let call: Call;

beforeEach(() => {
  governor = new OpenGovernor('pardot');
  client = new PardotImportsClient({
    http: wireParts(NOW),
    baseUrl: HOST,
    businessUnitId: UNIT,
    tokens: { token: async () => 'token-1', invalidate: () => undefined },
    governor,
  });
  call = { work: 'discovery', signal: new AbortController().signal };
});

strictNock();

function api(reqheaders: Record<string, string | RegExp> = {}): nock.Scope {
  const always = { authorization: 'Bearer token-1', 'pardot-business-unit-id': UNIT };
  return nock(HOST, { reqheaders: { ...always, ...(reqheaders as Record<string, string>) } });
}

const body = (key: string) => ({
  operation: 'Upsert',
  object: 'Prospect',
  createOnNoMatch: true,
  restoreDeleted: false,
  fields: [
    { [key]: 'matchEmail', overwrite: true, nullOverwrite: false },
    { [key]: 'firstName', overwrite: false, nullOverwrite: false },
  ],
});
const creation = (key: string) =>
  api({ 'content-type': 'application/json' }).post(API, body(key)).query({ fields: 'id' });
const create = () => client.create({ columns: COLUMNS, createOnNoMatch: true }, call);

test('creates an open import that revives nobody and empties nothing', async () => {
  creation('field').reply(201, { id: 7 });
  assert.deepEqual(await create(), { id: 7 });
});

test('an import that may not be read was created all the same', async () => {
  creation('field').reply(204);
  assert.deepEqual(await create(), { id: null });
});

for (const code of [153, 154, 165, 197]) {
  test(`how an option names its column is learned from refusal ${code}`, async () => {
    creation('field').reply(400, { code, message: 'A property is invalid' });
    creation('name').times(2).reply(201, { id: 7 });
    await create();
    await create();
  });
}

test('refused in both spellings is refused', async () => {
  for (const key of ['field', 'name'])
    creation(key).reply(400, { code: 154, message: 'A property is invalid' });
  await assert.rejects(create(), (error: unknown) => error instanceof RefusedError && error.code === 154);
  assert.deepEqual(governor.parks, []);
});

test('an ability that is missing refuses this request and parks nothing; refused credentials do', async () => {
  creation('field').reply(405, { code: 46, message: 'User lacks permission' });
  await assert.rejects(create(), (error: unknown) => error instanceof RefusedError && error.code === 46);
  assert.deepEqual(governor.parks, []);
  creation('field').reply(403, { code: 201, message: 'The business unit was not found' });
  await assert.rejects(create(), AuthError);
  assert.equal(governor.parks.length, 1);
});

test('an answer without an id means that it was created', async () => {
  creation('field').reply(201, { status: 'Open' });
  await assert.rejects(
    create(),
    (error: unknown) => error instanceof UnreadableAnswerError && error.applied === 'done',
  );
});

const ROWS = [
  ['ana@example.org', 'A"na'],
  ['ben@example.org', 'Bén'],
];
const CSV = 'matchEmail,firstName\r\nana@example.org,"A""na"\r\nben@example.org,Bén\r\n';

/** Whether the body is a form with this one file. */
function isForm(part: string) {
  return (text: string): boolean => {
    const [, boundary] = /^--(\S+)\r\n/.exec(text) ?? [];
    const head = `Content-Disposition: form-data; name="${part}"; filename="prospects.csv"\r\nContent-Type: text/csv`;
    return text === `--${boundary}\r\n${head}\r\n\r\n${CSV}\r\n--${boundary}--\r\n`;
  };
}

const batch = (part: string) =>
  api({ 'content-type': /^multipart\/form-data; boundary=----[0-9a-f]{64}$/ }).post(
    `${API}/7/batches`,
    isForm(part),
  );

for (const status of [200, 201, 204]) {
  test(`uploads a batch as a form, answered with ${status}`, async () => {
    batch('file').reply(status);
    await client.upload(7, { columns: COLUMNS }, ROWS, call);
  });
}

test('how the part of the file is called is learned from the refusal', async () => {
  batch('file').reply(400, { code: 162, message: 'No file was uploaded' });
  batch('importFile').times(2).reply(204);
  await client.upload(7, { columns: COLUMNS }, ROWS, call);
  await client.upload(7, { columns: COLUMNS }, ROWS, call);
});

test('a batch is not sent twice when nobody knows whether it arrived', async () => {
  batch('file').replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
  await assert.rejects(
    client.upload(7, { columns: COLUMNS }, ROWS, call),
    (error: unknown) => error instanceof RetryableError && error.applied === 'unknown',
  );
});

test('submits', async () => {
  api().patch(`${API}/7`, { status: 'Ready' }).query({ fields: 'id' }).reply(200, { id: 7 });
  await client.submit(7, call);
});

for (const [spelt, status] of [
  ['Open', 'open'],
  ['Ready', 'waiting'],
  ['Waiting', 'waiting'],
  ['Processing', 'waiting'],
  ['Canceling', 'waiting'],
  ['Something new', 'waiting'],
  ['Complete', 'complete'],
  ['COMPLETE', 'complete'],
  ['Failed', 'failed'],
  ['Canceled', 'failed'],
] as const) {
  test(`reads the status ${spelt}`, async () => {
    const createdAt = '2026-03-02T00:00:00-08:00';
    const row = { id: 7, status: spelt, isExpired: 'false', createdAt, errorCount: null };
    api().get(`${API}/7`).query({ fields: 'id,status,isExpired,createdAt,errorCount' }).reply(200, row);
    const expected = { status, isExpired: false, createdAtMs: NOW, errorCount: null };
    assert.deepEqual(await client.read(7, call), expected);
  });
}

const errorsOf = (text: string) =>
  api({ accept: 'text/csv' }).get(`${API}/7/errors`).reply(200, text, { 'content-type': 'text/csv' });

test('reads the rows that were refused by their match column, whatever the order, addresses removed', async () => {
  errorsOf('firstName,MatchEmail,whatever\r\n"A,na",ana@example.org,"Invalid address ana@example.org"\r\n');
  assert.deepEqual(await client.errorRows(7, 'matchEmail', call), [
    { match: 'ana@example.org', message: 'Invalid address [address]' },
  ]);
});

for (const [what, text] of [
  ['without the match column', 'row,error\r\n1,bad\r\n'],
  ['with broken quoting', 'matchEmail,error\r\n"ana,bad\r\n'],
  ['that is empty', ''],
] as const) {
  test(`an error file ${what} cannot be read`, async () => {
    errorsOf(text);
    await assert.rejects(client.errorRows(7, 'matchEmail', call), UnreadableAnswerError);
  });
}

test('members are read page by page; those who are wanted, there and on this list are kept', async () => {
  const row = (id: number, email: string, more: Record<string, unknown> = {}) => ({
    id,
    listId: 80,
    prospectId: 500 + id,
    isDeleted: false,
    prospect: { email, createdAt: '2026-03-02T08:00:00+00:00', isDeleted: false },
    ...more,
  });
  const page = (afterId: number, values: unknown[]) =>
    api()
      .get('/api/v5/objects/list-memberships')
      .query(
        (query) => query.listId === '80' && query.idGreaterThan === String(afterId) && query.limit === '1000',
      )
      .reply(200, { nextPageToken: values.length === 1000 ? 'token' : null, nextPageUrl: null, values });
  page(0, [
    row(1, 'ANA@example.org'),
    row(2, 'ben@example.org', { isDeleted: true }),
    row(3, 'ben@example.org', { listId: 81 }),
    row(4, 'ben@example.org', { prospect: { email: 'ben@example.org', isDeleted: 'true' } }),
    row(5, 'ben@example.org', { prospect: null }),
    ...Array.from({ length: 995 }, (_, index) => row(6 + index, `other${index}@example.org`)),
  ]);
  page(1000, [row(1001, 'ben@example.org', { prospect: { email: 'ben@example.org' } })]);
  assert.deepEqual(await client.membersOf(80, new Set(['ana@example.org', 'ben@example.org']), call), [
    { prospectId: 501, email: 'ANA@example.org', createdAtMs: NOW },
    { prospectId: 1501, email: 'ben@example.org', createdAtMs: null },
  ]);
});

test('the daily limit parks like everywhere', async () => {
  creation('field').reply(400, { code: 122, message: 'Daily API rate limit met' });
  await assert.rejects(create(), ParkedError);
  assert.equal(governor.parks[0]?.reason, 'quota');
});
