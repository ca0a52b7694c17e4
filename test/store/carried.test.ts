import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECOND } from '../../src/clock.ts';
import { PAGE_ROWS } from '../../src/store/pages.ts';
import { START, temporaryStore } from '../support/builders.ts';

const PROBLEM = { class: 'Import', message: 'the row was refused' };
const NONE: ReadonlySet<number> = new Set();

/** Three prospects of session-1, one of them in session-2 too, and an import. */
function setUp(t: Parameters<typeof temporaryStore>[0]) {
  const { store } = temporaryStore(t);
  const { effects, carried } = store;
  const want = (sessionId: string, emailKey: string): number => {
    const naturalKey = `${sessionId}/${emailKey}`;
    effects.want({ kind: 'prospect', naturalKey, sessionId, emailKey, payload: {} }, START);
    return effects.get('prospect', naturalKey)?.id ?? 0;
  };
  const [ana, ben, cem] = ['ana', 'ben', 'cem'].map((name) => want('session-1', name)) as [
    number,
    number,
    number,
  ];
  const other = want('session-2', 'ana');
  effects.want({ kind: 'prospect_import', naturalKey: 'import', sessionId: 'session-1', payload: {} }, START);
  const importId = effects.get('prospect_import', 'import')?.id ?? 0;
  const due = () => effects.nextDue('prospect', START + SECOND, NONE)?.id;
  return { store, effects, carried, ana, ben, cem, other, importId, due };
}

test('only what was never tried is taken along, from enough on', (t) => {
  const { effects, carried, ana, ben } = setUp(t);
  assert.deepEqual(effects.sessionsToBegin('prospect', START, 3), ['session-1']);
  assert.deepEqual(effects.sessionsToBegin('prospect', START, 1), ['session-1', 'session-2']);
  assert.deepEqual(effects.sessionsToBegin('prospect', START - 1, 1), []);
  effects.postpone({ id: ana, attempts: 1 }, 'pending', START, PROBLEM);
  effects.postpone({ id: ben, attempts: 0 }, 'parked', START, PROBLEM);
  assert.deepEqual(effects.sessionsToBegin('prospect', START, 3), []);
  assert.deepEqual(
    Array.from(carried.due('prospect', 'session-1', START), ({ emailKey }) => emailKey),
    ['ben', 'cem'],
  );
});

test('what is carried is not sent singly, nor anything else of the kind for that person', (t) => {
  const { effects, carried, ana, ben, cem, other, importId, due } = setUp(t);
  for (const id of [ana, ben]) carried.carry(importId, id);
  assert.equal(due(), cem);
  effects.finish(cem, 'done', START);
  assert.equal(due(), undefined, 'of another session either');
  assert.deepEqual([...carried.due('prospect', 'session-2', START)], []);
  assert.deepEqual(
    Array.from(carried.of(importId), ({ id }) => id),
    [ana, ben],
  );
  carried.done(ana, START);
  assert.equal(due(), other);
  assert.deepEqual(
    [effects.get('prospect', 'session-1/ana')?.state, carried.listOf(importId).length],
    ['done', 1],
  );
});

test('nobody leaves a list who may just be put on it; other work goes on', (t) => {
  const { effects, carried, ana, importId } = setUp(t);
  const person = { sessionId: 'session-1', emailKey: 'ana', payload: {} };
  for (const kind of ['list_removal', 'external_activity'] as const) {
    effects.want({ kind, naturalKey: 'ana', ...person }, START);
  }
  carried.carry(importId, ana);
  assert.equal(effects.nextDue('list_removal', START, NONE), undefined);
  assert.equal(effects.nextDue('external_activity', START, NONE)?.emailKey, 'ana');
  carried.done(ana, START);
  assert.equal(effects.nextDue('list_removal', START, NONE)?.emailKey, 'ana');
});

test('nothing older may be written later: a prospect with another address waits for the import as well', (t) => {
  const { effects, carried, importId } = setUp(t);
  const want = (sessionId: string, emailKey: string): number => {
    const naturalKey = `501/${sessionId}`;
    const wanted = { naturalKey, sessionId, emailKey, prospectId: 501, payload: {} };
    effects.want({ kind: 'prospect_fields', ...wanted }, START);
    return effects.get('prospect_fields', naturalKey)?.id ?? 0;
  };
  const older = want('session-1', 'ana');
  carried.carry(importId, older);
  const newer = want('session-2', 'ana-by-her-other-address');
  const due = () => effects.nextDue('prospect_fields', START, NONE)?.id;
  assert.deepEqual([due(), [...carried.due('prospect_fields', 'session-2', START)]], [undefined, []]);
  carried.done(older, START);
  assert.equal(due(), newer);
});

test('released effects are due singly, and in no import again', (t) => {
  const { effects, carried, ana, importId } = setUp(t);
  carried.carry(importId, ana);
  carried.release(ana, START + SECOND, PROBLEM);
  const { state, attempts, nextAttemptAtMs, problem, carriedBy } =
    effects.get('prospect', 'session-1/ana') ?? {};
  assert.deepEqual(
    { state, attempts, nextAttemptAtMs, problem, carriedBy },
    { state: 'pending', attempts: 1, nextAttemptAtMs: START + SECOND, problem: PROBLEM, carriedBy: null },
  );
  assert.deepEqual(
    Array.from(carried.due('prospect', 'session-1', START + SECOND), ({ emailKey }) => emailKey),
    ['ben', 'cem'],
  );
});

test('what was superseded on the way stays carried until the import has ended, and stays ended', (t) => {
  const { effects, carried, ana, ben, importId } = setUp(t);
  for (const id of [ana, ben]) {
    carried.carry(importId, id);
    effects.finish(id, 'skipped', START);
  }
  assert.equal(carried.listOf(importId).length, 2);
  carried.done(ana, START + SECOND);
  carried.release(ben, START + SECOND, PROBLEM);
  for (const key of ['session-1/ana', 'session-1/ben']) {
    const effect = effects.get('prospect', key);
    assert.deepEqual([effect?.state, effect?.carriedBy, effect?.finishedAtMs], ['skipped', null, START]);
  }
});

test('many are given page by page, also while each ends', (t) => {
  const { store, effects, carried, importId } = setUp(t);
  const count = 2 * PAGE_ROWS;
  store.transaction(() => {
    for (let index = 0; index < count; index++) {
      const person = { sessionId: 'session-3', emailKey: `p${index}`, prospectId: index, payload: { index } };
      effects.want({ kind: 'prospect_fields', naturalKey: `p${index}`, ...person }, START);
    }
  });
  const due = Array.from(carried.due('prospect_fields', 'session-3', START), ({ id }) => id);
  assert.deepEqual([due.length, due], [count, due.toSorted((a, b) => a - b)]);
  store.transaction(() => {
    for (const id of due) carried.carry(importId, id);
  });
  assert.deepEqual(
    carried.listOf(importId).map(({ emailKey, prospectId }) => [emailKey, prospectId]),
    due.map((_, index) => [`p${index}`, index]),
  );
  let seen = 0;
  for (const { id, payload } of carried.of(importId)) {
    assert.deepEqual(payload, { index: seen++ });
    carried.done(id, START);
  }
  assert.deepEqual([seen, carried.listOf(importId)], [count, []]);
});
