import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ImportReading, PardotImportsClient } from '../../src/clients/pardot-imports.ts';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import { RefusedError } from '../../src/errors.ts';
import { fieldsImport } from '../../src/reconcile/fields-import.ts';
import { importReconciler } from '../../src/reconcile/imports.ts';
import { aRun, fake, recordingLog, START, temporaryStore } from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** Field writes of three prospects, due, and a Pardot that notes what it is asked. */
function setUp(t: TestContext, options: { importFrom?: number; dryRun?: boolean } = {}) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const asked: string[] = [];
  const reading: { -readonly [Key in keyof ImportReading]: ImportReading[Key] } = {
    ...{ status: 'waiting', isExpired: false, createdAtMs: START, errorCount: null },
  };
  const failures = new Map<string, Error>();
  const note = (what: string): void => {
    asked.push(what);
    const error = failures.get(what.split(' ')[0] ?? '');
    if (error) throw error;
  };
  let id = 0;
  const pardotImports = fake<PardotImportsClient>({
    create: async () => {
      note('create');
      return { id: ++id };
    },
    upload: async (importId, _columns, rows) =>
      note(`upload ${importId} ${Array.from(rows, ([match]) => match).join()}`),
    submit: async (importId) => note(`submit ${importId}`),
    read: async (importId) => {
      note(`read ${importId}`);
      return reading;
    },
    errorRows: async () => {
      note('errors');
      return [{ match: '502', message: 'bad' }];
    },
  });
  for (const prospectId of [501, 502, 503]) {
    const person = { sessionId: 'session-1', emailKey: `p${prospectId}@example.org`, prospectId };
    const payload = { values: { Attended__c: 'true' } };
    store.effects.want({ kind: 'prospect_fields', naturalKey: `${prospectId}`, ...person, payload }, START);
  }
  const parts = { store, clock, log: recordingLog().log, pardotImports, importFrom: 3, ...options };
  const reconcile = importReconciler(parts, fieldsImport(parts));
  const singles = () =>
    store.effects
      .all('prospect_fields')
      .map(({ state, carriedBy }) => `${state}${carriedBy ? ' carried' : ''}`);
  return { clock, store, asked, reading, failures, singles, run: () => reconcile(aRun()) };
}

const RELEASED = ['pending', 'pending', 'pending'];

test('what was applied is done and recorded, what was refused is sent singly', async (t) => {
  const { clock, store, asked, reading, singles, run } = setUp(t);
  await run();
  assert.deepEqual(asked, ['create', 'upload 1 501,502,503', 'submit 1']);
  assert.deepEqual(singles(), ['pending carried', 'pending carried', 'pending carried']);
  Object.assign(reading, { status: 'complete', errorCount: 1 });
  await clock.advance(MINUTE);
  await run();
  assert.deepEqual(asked.slice(3), ['read 1', 'errors']);
  assert.deepEqual(singles(), ['done', 'pending', 'done']);
  assert.deepEqual(store.attendance.writtenTo(501), { Attended__c: 'true' });
  assert.deepEqual(store.attendance.writtenTo(502), {});
  assert.equal(store.effects.get('prospect_fields', '502')?.problem?.message, 'bad');
});

test('below the threshold, without one, and in a dry run nothing is sent', async (t) => {
  for (const options of [{ importFrom: 4 }, { importFrom: 0 }, { dryRun: true }]) {
    const { asked, run } = setUp(t, options);
    await run();
    assert.deepEqual(asked, []);
  }
});

test('a crash while a batch is on its way: another import takes over', async (t) => {
  const { store, asked, run } = setUp(t);
  await run();
  const [effect] = store.effects.all('fields_import');
  store.effects.goOn(effect?.id ?? 0, { step: 'upload', importId: 1 }, START);
  store.effects.markSending(effect?.id ?? 0, START);
  await run();
  assert.deepEqual(asked.slice(3), ['create', 'upload 2 501,502,503', 'submit 2']);
});

test('a crash after the batch: the same import is submitted', async (t) => {
  const { store, asked, run } = setUp(t);
  await run();
  const [effect] = store.effects.all('fields_import');
  store.effects.goOn(effect?.id ?? 0, { step: 'submit', importId: 1 }, START);
  store.effects.markSending(effect?.id ?? 0, START);
  await run();
  assert.deepEqual(asked.slice(3), ['submit 1']);
});

test('that it cannot be submitted again is no failure: its status is read', async (t) => {
  const { clock, asked, failures, singles, run } = setUp(t);
  const at = { vendor: 'pardot', operation: 'PATCH /imports/{id}', status: 400, code: 155 } as const;
  failures.set('submit', new RefusedError('not Open', at));
  await run();
  await clock.advance(MINUTE);
  await run();
  assert.deepEqual(asked.slice(2), ['submit 1', 'read 1']);
  assert.ok(singles().every((state) => state === 'pending carried'));
});

test('an import that stays open is submitted again, one that expired is made again', async (t) => {
  const { clock, asked, reading, run } = setUp(t);
  await run();
  reading.status = 'open';
  for (let minute = 0; minute < 5; minute++) {
    await clock.advance(MINUTE);
    await run();
  }
  assert.ok(asked.slice(3).includes('submit 1'));
  reading.isExpired = true;
  await clock.advance(5 * MINUTE);
  await run();
  assert.ok(asked.includes('upload 2 501,502,503'));
});

test('it is asked for less and less often, and after a day single calls take over', async (t) => {
  const { clock, asked, singles, run } = setUp(t);
  await run();
  for (let atMs = 0; atMs < HOUR; atMs += 10_000) {
    await clock.advance(10_000);
    await run();
  }
  assert.ok(asked.length < 20, String(asked.length));
  await clock.advance(DAY);
  await run();
  assert.deepEqual(singles(), RELEASED);
});

test('an import that nobody can bring to an end gives its people back', async (t) => {
  const { clock, store, failures, singles, run } = setUp(t);
  failures.set('create', new Error('a bug'));
  for (let hour = 0; hour < 100; hour++) {
    await run();
    await clock.advance(HOUR);
  }
  assert.equal(store.effects.all('fields_import')[0]?.state, 'dead');
  assert.deepEqual(singles(), RELEASED);
});
