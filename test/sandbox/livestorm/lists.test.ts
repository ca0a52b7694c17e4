import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LivestormSwitches } from '../../../src/sandbox/livestorm/switches.ts';
import { Caller, ids, MINUTE } from './caller.ts';

function withPeople(count: number, switches: Partial<LivestormSwitches> = {}): { api: Caller; list: string } {
  const api = new Caller({ extraPeople: false, ...switches });
  const session = api.session();
  for (let i = 0; i < count; i++) api.world.registerOnPage(session, { email: `p${i}@example.org` });
  return { api, list: `/sessions/${session}/people` };
}

function walk(api: Caller, list: string, pages: number): string[] {
  return Array.from({ length: pages }, (_, page) =>
    ids(api.get(`${list}?page[number]=${page}&page[size]=50`)),
  ).flat();
}

describe('pages', () => {
  it('count from 0 and hold 20 by default', () => {
    const { api, list } = withPeople(25);
    assert.deepEqual(api.get(list).json.meta, {
      current_page: 0,
      previous_page: null,
      next_page: 1,
      record_count: 25,
      page_count: 2,
      items_per_page: 20,
    });
    const last = api.get(`${list}?page%5Bnumber%5D=1`);
    assert.equal(last.json.data.length, 5);
    assert.equal(last.json.meta.previous_page, 0);
    assert.equal(last.json.meta.next_page, null);
  });

  it('past the end are refused, page 0 of an empty list is not', () => {
    const { api, list } = withPeople(20);
    assert.equal(api.get(`${list}?page[number]=1`).status, 400);
    const empty = api.get(`${list}?filter[email]=nobody@example.org`);
    assert.deepEqual([empty.status, empty.json.data, empty.json.meta.page_count], [200, [], 0]);
    assert.equal(api.get(`${list}?filter[email]=nobody@example.org&page[number]=1`).status, 400);
    api.livestorm.switches.emptyPageCount = 1;
    const counted = api.get(`${list}?filter[email]=nobody@example.org`);
    assert.deepEqual([counted.json.meta.page_count, counted.json.meta.next_page], [1, null]);
  });

  it('are clamped to 50, or refused when switched', () => {
    const { api, list } = withPeople(60);
    const clamped = api.get(`${list}?page[size]=100`);
    assert.equal(clamped.json.data.length, 50);
    assert.equal(clamped.json.meta.items_per_page, 50);
    api.livestorm.switches.oversizePage = 'refuse';
    assert.equal(api.get(`${list}?page[size]=100`).status, 400);
    assert.equal(api.get(`${list}?page[size]=50`).status, 200);
  });

  it('with nonsensical numbers are refused', () => {
    const { api, list } = withPeople(1);
    for (const query of ['page[number]=-1', 'page[number]=x', 'page[size]=0', 'page[size]=1.5']) {
      assert.equal(api.get(`${list}?${query}`).status, 400, query);
    }
  });

  it('tell only counts in the older edition', () => {
    const { api, list } = withPeople(3, { pagingMeta: 'old' });
    assert.deepEqual(api.get(list).json.meta, { record_count: 3, page_count: 1, items_per_page: 20 });
  });

  it('are empty with sparse fieldsets', () => {
    const { api, list } = withPeople(3);
    assert.deepEqual(api.get(`${list}?fields[people]=email`).json.data, []);
  });
});

describe('order', () => {
  it('is a new one for each walk and holds within it', () => {
    const { api, list } = withPeople(120);
    const first = walk(api, list, 3);
    const second = walk(api, list, 3);
    assert.equal(new Set(first).size, 120);
    assert.equal(new Set(second).size, 120);
    assert.notDeepEqual(first, second);
  });

  it('takes newcomers at the end of a walk, and drifts when somebody leaves', () => {
    const { api, list } = withPeople(60);
    const session = list.split('/')[2] ?? '';
    const first = ids(api.get(`${list}?page[size]=50`));
    api.world.registerOnPage(session, { email: 'late@example.org' });
    assert.equal(ids(api.get(`${list}?page[size]=50&page[number]=1`)).length, 11);
    const seen = api.world.people(session).find((person) => person.personId === first[0]);
    api.world.unregister(session, seen?.email ?? '');
    assert.equal(ids(api.get(`${list}?page[size]=50&page[number]=1`)).length, 10);
  });

  it('is new with every request when switched, so that pages overlap', () => {
    const { api, list } = withPeople(120, { order: 'per_request' });
    assert.ok(new Set(walk(api, list, 3)).size < 120);
  });

  it('is that of creation when stable', () => {
    const { api, list } = withPeople(30, { order: 'stable' });
    const emails = api
      .get(list)
      .json.data.map((row: { attributes: { email: string } }) => row.attributes.email);
    assert.deepEqual(emails.slice(0, 3), ['p0@example.org', 'p1@example.org', 'p2@example.org']);
  });

  it('is the same again with the same seed', () => {
    const [a, b] = [withPeople(30), withPeople(30)];
    assert.deepEqual(ids(a.api.get(a.list)), ids(b.api.get(b.list)));
  });
});

describe('filters', () => {
  it('on times take Unix seconds and ISO 8601, bounds included', () => {
    const { api, list } = withPeople(1);
    const at = api.nowMs - (api.nowMs % 1000);
    api.advance(MINUTE);
    api.world.registerOnPage(list.split('/')[2] ?? '', { email: 'later@example.org' });
    const count = (query: string) => api.get(`${list}?${query}`).json.data.length;
    assert.equal(count(`filter[created_since]=${at / 1000}`), 2);
    assert.equal(count(`filter[created_since]=${at / 1000 + 1}`), 1);
    assert.equal(count(`filter[created_until]=${new Date(at).toISOString()}`), 1);
    api.livestorm.switches.timeFilters = 'exclusive';
    assert.equal(count(`filter[created_since]=${at / 1000}`), 1);
    api.livestorm.switches.peopleTimeFilters = 'ignored';
    assert.equal(count(`filter[created_since]=${at / 1000 + 10_000}`), 2);
    api.livestorm.switches.peopleTimeFilters = 'registration';
    assert.equal(api.get(`${list}?filter[created_since]=yesterday`).status, 400);
  });

  it('may mean the person instead of the registration', () => {
    const api = new Caller();
    const [first, second] = [api.session(), api.session()];
    api.world.registerOnPage(first, { email: 'ada@example.org' });
    api.advance(MINUTE);
    api.world.registerOnPage(second, { email: 'ada@example.org' });
    const target = `/sessions/${second}/people?filter[email]=ada@example.org&filter[created_since]=${api.nowMs / 1000}`;
    assert.equal(api.get(target).json.data.length, 1);
    api.livestorm.switches.peopleTimeFilters = 'person';
    assert.equal(api.get(target).json.data.length, 0);
  });

  it('unknown ones are ignored, or refused when switched', () => {
    const { api, list } = withPeople(2);
    assert.equal(api.get(`${list}?filter[replay]=true`).json.data.length, 2);
    api.livestorm.switches.unknownFilters = 'refuse';
    assert.equal(api.get(`${list}?filter[replay]=true`).status, 400);
    assert.equal(api.get(`${list}?filter[role]=participant`).status, 200);
  });
});
