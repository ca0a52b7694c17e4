import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PardotSwitches } from '../../../src/sandbox/pardot/switches.ts';
import { type Answer, BusinessUnit } from './business-unit.ts';

const HOUR_MS = 3_600_000;

function unitWithLists(count: number, switches: Partial<PardotSwitches> = {}) {
  const unit = new BusinessUnit(switches);
  const ids = Array.from({ length: count }, (_, i) => unit.world.createList({ name: `list ${i % 2}` }));
  return { unit, ids };
}

function follow(unit: BusinessUnit, query: Record<string, string | number>): Answer[] {
  const pages = [unit.call('lists', { query })];
  for (;;) {
    const token = pages.at(-1)?.json?.nextPageToken;
    if (typeof token !== 'string') return pages;
    pages.push(unit.call('lists', { query: { fields: 'id', nextPageToken: token } }));
  }
}

function idsOf(page: Answer): unknown[] {
  const values = (page.json?.values ?? []) as { id: number }[];
  return values.map((row) => row.id);
}

function tokenOf(page: Answer | undefined): string {
  const token = page?.json?.nextPageToken;
  assert.equal(typeof token, 'string');
  return String(token);
}

test('a chain hands out every row once; the last page has both keys, null', () => {
  const { unit, ids } = unitWithLists(5);
  const pages = follow(unit, { fields: 'id', limit: 2 });
  assert.deepEqual(pages.map(idsOf), [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  const last = pages.at(-1)?.json;
  assert.equal(last?.nextPageToken, null);
  assert.equal(last?.nextPageUrl, null);
});

test('a page that just holds the rest is the last one', () => {
  const { unit } = unitWithLists(4);
  assert.equal(follow(unit, { fields: 'id', limit: 2 }).length, 2);
});

test('the token is base64 of plain JSON in the recorded shape', () => {
  const { unit, ids } = unitWithLists(2, { userTimeZone: 'America/Los_Angeles' });
  const page = unit.call('lists', { query: { fields: 'id', limit: 1 } });
  assert.deepEqual(JSON.parse(Buffer.from(tokenOf(page), 'base64').toString()), {
    orderBy: '',
    filters: [],
    limit: 1,
    resumeValue: { id: ids[0] },
    page: 1,
    recCount: 1,
    expireTime: '2026-03-02T08:00:00-08:00',
    deleted: null,
  });
  assert.match(
    String(page.json?.nextPageUrl),
    /^https:\/\/pi\.pardot\.com\/api\/v5\/objects\/lists\?fields=id&/,
  );
});

test('the token carries filters, limit and order', () => {
  const { unit, ids } = unitWithLists(9);
  const pages = follow(unit, { fields: 'id', limit: 2, name: 'list 0', orderBy: 'id DESC' });
  const wanted = ids.filter((_, i) => i % 2 === 0).reverse();
  assert.deepEqual(pages.flatMap(idsOf), wanted);
  assert.equal(pages.length, 3);
});

test('equal times across a page edge neither repeat nor skip', () => {
  const { unit, ids } = unitWithLists(5, { timestampGrainMs: 60_000 });
  const pages = follow(unit, { fields: 'id', limit: 2, orderBy: 'createdAt DESC' });
  assert.deepEqual(pages.flatMap(idsOf), ids);
});

test('keyset: rows that come while paging are picked up, none repeats', () => {
  const { unit, ids } = unitWithLists(3);
  const first = unit.call('lists', { query: { fields: 'id', limit: 2 } });
  const added = unit.world.createList({ name: 'new' });
  const second = unit.call('lists', { query: { fields: 'id', nextPageToken: tokenOf(first) } });
  assert.deepEqual(idsOf(second), [ids[2], added]);
});

test('using a token twice gives the same page', () => {
  const { unit } = unitWithLists(3);
  const query = {
    fields: 'id',
    nextPageToken: tokenOf(unit.call('lists', { query: { fields: 'id', limit: 1 } })),
  };
  assert.equal(unit.call('lists', { query }).text, unit.call('lists', { query }).text);
});

test('a token lives four hours', () => {
  const { unit } = unitWithLists(2);
  const query = {
    fields: 'id',
    nextPageToken: tokenOf(unit.call('lists', { query: { fields: 'id', limit: 1 } })),
  };
  unit.advance(4 * HOUR_MS - 1_000);
  assert.equal(unit.call('lists', { query }).status, 200);
  unit.advance(1_000);
  assert.equal(unit.refusal('lists', { query }), '400/210');
});

test('garbage is no token', () => {
  const { unit } = unitWithLists(1);
  const wrong = {
    limit: 1,
    orderBy: '',
    filters: [7],
    resumeValue: {},
    page: 1,
    recCount: 1,
    expireTime: 'x',
  };
  for (const token of ['garbage', '', Buffer.from('{}').toString('base64'), btoa(JSON.stringify(wrong))])
    assert.equal(unit.refusal('lists', { query: { fields: 'id', nextPageToken: token } }), '400/211');
});

test('only fields may stand beside a token', () => {
  const { unit } = unitWithLists(2);
  const nextPageToken = tokenOf(unit.call('lists', { query: { fields: 'id', limit: 1 } }));
  for (const extra of ['limit', 'orderBy', 'idGreaterThan', 'deleted']) {
    const query = { fields: 'id', nextPageToken, [extra]: '1' };
    assert.equal(unit.refusal('lists', { query }), '400/5', extra);
  }
  assert.equal(unit.refusal('lists', { query: { nextPageToken } }), '400/13');
});

test('a chain breaks off at its cap, with a warning and without a token', () => {
  const { unit, ids } = unitWithLists(6, { chainCap: 4 });
  const pages = follow(unit, { fields: 'id', limit: 3 });
  assert.deepEqual(pages.map(idsOf), [ids.slice(0, 3), ids.slice(3, 4)]);
  assert.equal(pages[0]?.headers['pardot-warning'], undefined);
  assert.match(pages[1]?.headers['pardot-warning'] ?? '', /^203;Record count for nextPageToken/);
  assert.equal(pages[1]?.json?.nextPageToken, null);
});

test('a chain that ends exactly at the cap has no warning', () => {
  const { unit } = unitWithLists(4, { chainCap: 4 });
  const last = follow(unit, { fields: 'id', limit: 2 }).at(-1);
  assert.equal(last?.headers['pardot-warning'], undefined);
});
