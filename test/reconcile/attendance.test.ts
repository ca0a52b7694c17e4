import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PardotClient } from '../../src/clients/pardot.ts';
import type { PardotImportsClient } from '../../src/clients/pardot-imports.ts';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { RefusedError, RetryableError } from '../../src/errors.ts';
import { attendanceReconciler } from '../../src/reconcile/attendance.ts';
import {
  aReading,
  aRun,
  aSession,
  fake,
  link,
  past,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const AT = { vendor: 'pardot', operation: 'PATCH /prospects/{id}' } as const;

/** Ana, prospect 501, was registered in session-1, which is over and read. Her messages are the content that changes. */
function setUp(t: TestContext) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const errors: Error[] = [];
  const written: string[] = [];
  const pardot = fake<PardotClient>({
    updateProspect: async (id, values) => {
      written.push(`${id} ${values.Messages__c}`);
      const error = errors.shift();
      if (error) throw error;
    },
  });
  const read = (messages: number, sessionId = 'session-1') =>
    store.registrants.observe(sessionId, aReading({ messages }), clock.now());
  const takePart = (sessionId: string, endedAtMs: number, campaignId: number) => {
    link(store, aSession({ id: sessionId, ...past(endedAtMs) }), campaignId);
    store.attendance.recordPass({ sessionId, pass: 1, readAtMs: START, registrants: 1, changed: 1 });
    store.sessionProspects.know(
      {
        ...{ sessionId, emailKey: 'ana@example.com', email: 'ana@example.com' },
        ...{ prospectId: 501, origin: 'submission' },
      },
      START,
    );
  };
  takePart('session-1', START, 70);
  const rules = { mapping: new Map([['Messages__c', 'messages']] as const), attendance: true, replays: true };
  const imports = { pardotImports: fake<PardotImportsClient>({}), importFrom: 0 };
  const parts = { pardot, store, clock, log: recordingLog().log, rules, ...imports };
  const reconcile = attendanceReconciler(parts);
  const states = () => store.effects.all('prospect_fields').map(({ state }) => state);
  return { clock, store, errors, written, read, takePart, states, run: () => reconcile(aRun()) };
}

test('a change is written once; going back to an earlier content is a change too', async (t) => {
  const { read, run, written } = setUp(t);
  for (const messages of [1, 1, 2, 1, 1]) {
    read(messages);
    await run();
    await run();
  }
  assert.deepEqual(written, ['501 1', '501 2', '501 1']);
});

test('an older session that is read later changes nothing', async (t) => {
  const { clock, read, run, written, takePart } = setUp(t);
  takePart('session-0', START - HOUR, 71);
  read(5);
  await run();
  await clock.advance(HOUR);
  read(9, 'session-0');
  await run();
  assert.deepEqual(written, ['501 5']);
});

test('newer content waits until an older write can no longer arrive', async (t) => {
  const lost = new RetryableError('no answer', { ...AT, applied: 'unknown' });
  const cases: [string, (setup: ReturnType<typeof setUp>) => Promise<void>][] = [
    [
      'a lost answer',
      async ({ errors, run }) => {
        errors.push(lost);
        await run();
      },
    ],
    [
      'a crash on the way',
      async ({ store, clock, errors, run }) => {
        errors.push(new RetryableError('soon', { ...AT, applied: 'not_applied' }));
        await run();
        store.effects.markSending(store.effects.all('prospect_fields')[0]?.id ?? 0, clock.now());
      },
    ],
  ];
  for (const [name, interrupt] of cases) {
    const setup = setUp(t);
    const { clock, read, run, written, states } = setup;
    read(1);
    await interrupt(setup);
    read(2);
    await run();
    assert.deepEqual(states(), ['skipped', 'pending'], name);
    await clock.advance(150 * SECOND);
    await run();
    await clock.advance(HOUR);
    await run();
    assert.deepEqual(written, ['501 1', '501 2'], name);
    assert.deepEqual(states(), ['skipped', 'done'], name);
  }
});

test('a prospect that is gone is skipped with its reason and left alone', async (t) => {
  for (const problem of [{ status: 404 }, { status: 400, code: 219 }]) {
    const { store, errors, read, run, written } = setUp(t);
    errors.push(new RefusedError('gone', { ...AT, ...problem }));
    read(1);
    await run();
    await run();
    const [effect] = store.effects.all('prospect_fields');
    assert.partialDeepStrictEqual(effect, { state: 'skipped', reason: 'prospect_deleted' });
    assert.deepEqual([written, store.attendance.writtenTo(501)], [['501 1'], {}]);
  }
});

test('a clock that is set back loses no reading', async (t) => {
  const { clock, read, run, written } = setUp(t);
  read(1);
  await run();
  clock.jump(-5 * MINUTE);
  read(2);
  await clock.advance(10 * SECOND);
  await run();
  assert.deepEqual(written, ['501 1', '501 2']);
});

test('a write that waits is dropped when the newest reading says again what stands there', async (t) => {
  const { clock, read, run, written, errors, states } = setUp(t);
  read(1);
  await run();
  const trouble = { ...AT, applied: 'not_applied', notBeforeMs: START + HOUR } as const;
  errors.push(new RetryableError('locked', trouble));
  read(2);
  await run();
  read(1);
  await run();
  await clock.advance(3 * HOUR);
  await run();
  assert.deepEqual(written, ['501 1', '501 2']);
  assert.deepEqual(states(), ['done', 'skipped']);
});

test('a write that may have been applied is followed by what stood there before, if that is right again', async (t) => {
  const { clock, read, run, written, errors } = setUp(t);
  read(1);
  await run();
  errors.push(new RetryableError('timeout', { ...AT, applied: 'unknown' }));
  read(2);
  await run();
  read(1);
  await run();
  await clock.advance(3 * MINUTE);
  await run();
  await run();
  assert.deepEqual(written, ['501 1', '501 2', '501 1']);
});
