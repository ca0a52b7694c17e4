import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { LivestormClient } from '../../src/clients/livestorm.ts';
import type { Call } from '../../src/domain.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock } from '../support/strict-nock.ts';
import { api, livestormOptions, meta, PEOPLE, personRow, refusal, SESSION } from './livestorm-api.ts';

const call: Call = { work: 'discovery', signal: new AbortController().signal };
let client: LivestormClient;

beforeEach(() => {
  client = new LivestormClient(livestormOptions(new OpenGovernor('livestorm')));
});

strictNock();

/** The pages of one reading, each with the people whom it lists; null: answered 400. */
function reading(pages: readonly (readonly string[] | null)[], records: number): void {
  for (const [number, ids] of pages.entries()) {
    const answer = api()
      .get(PEOPLE)
      .query({ 'page[number]': String(number), 'page[size]': '50' });
    if (ids === null) answer.reply(400, refusal(400, 'no such page'));
    else
      answer.reply(200, { data: ids.map((id) => personRow(id)), meta: meta(number, pages.length, records) });
  }
}

test('a list that drifts while it is paged is read once more', async () => {
  reading([['a', 'b'], ['b']], 3);
  reading([['a', 'b'], ['c']], 3);
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.deepEqual(registrants.map(({ personId }) => personId).sort(), ['a', 'b', 'c']);
  assert.equal(complete, true);
});

test('two drifting readings that together hold everybody are complete', async () => {
  reading([['a', 'b'], ['b']], 3);
  reading([['c', 'b'], ['c']], 3);
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.deepEqual(registrants.map(({ personId }) => personId).sort(), ['a', 'b', 'c']);
  assert.equal(complete, true);
});

test('a list that drifts twice is handed out as incomplete', async () => {
  reading([['a'], ['a']], 3);
  reading([['b'], ['b']], 3);
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.equal(registrants.length, 2);
  assert.equal(complete, false);
});

test('400 on a later page is the end of a list that has shrunk, and makes it be read again', async () => {
  reading([['a'], null], 2);
  reading([['a']], 1);
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.deepEqual([registrants.length, complete], [1, true]);
});

test('400 on the first page is a refusal', async () => {
  reading([null], 0);
  await assert.rejects(client.listRegistrants(SESSION, call), { name: 'RefusedError', status: 400 });
});

test('a next_page that does not go forward is no endless loop', async () => {
  api()
    .get(PEOPLE)
    .query(true)
    .reply(200, { data: [personRow('a')], meta: { ...meta(0, 2, 2), next_page: 0 } });
  await assert.rejects(client.listRegistrants(SESSION, call), { field: 'meta.next_page' });
});
