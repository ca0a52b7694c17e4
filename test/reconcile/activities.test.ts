import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { ActivityTrace } from '../../src/domain.ts';
import { aProspect, past, START } from '../support/builders.ts';
import { ANA, lost, refused, setUp } from './people-reconciler.ts';

const TOOK_PLACE = { session: past(START), flows: { externalActivities: true } };

test('what happened is told once per person and session, each at its time', async (t) => {
  const { clock, store, observe, know, run, taken } = setUp(t, TOOK_PLACE);
  know(ANA, 501);
  const there = { attended: true, durationSeconds: 1800, messages: 2, questions: 1 };
  const watched = { replayKind: 'replay', replayWatchedAtMs: START + HOUR } as const;
  observe(ANA, { registeredAtMs: START, ...there });
  const pass = async (number: number) => {
    await clock.advance(10 * MINUTE);
    const readAtMs = clock.now();
    store.attendance.recordPass({
      sessionId: 'session-1',
      pass: number,
      readAtMs,
      registrants: 1,
      changed: 0,
    });
    await run();
    return taken().filter((call) => call.startsWith('Livestorm'));
  };
  const told = (type: string, value: string, s: number) => `Livestorm ${type} ${ANA} ${value} ${s}`;
  assert.deepEqual(await pass(1), [told('Registered', 'session-1', 0), told('Attended', 'session-1', 0)]);
  assert.deepEqual(await pass(2), [
    told('AttendanceDuration', '1800', 0),
    told('MessagesSent', '2', 0),
    told('QuestionsAsked', '1', 0),
  ]);
  observe(ANA, { registeredAtMs: START - HOUR, ...there, messages: 9, ...watched });
  assert.deepEqual(
    await pass(3),
    [told('WatchedReplay', 'session-1', 3600)],
    'what was told stays as it was',
  );
  assert.deepEqual(await pass(4), []);
});

test('an activity whose answer was lost is looked for once reads can show it, and told again only if absent', async (t) => {
  const ours: ActivityTrace = {
    extension: 'Livestorm',
    type: 'Registered',
    email: 'ANA@example.com',
    value: 'session-1',
    happenedAtMs: START,
    prospectId: 501,
  };
  /** What is there by then, and how often it is told in the end. */
  const cases: [string, ActivityTrace[], number][] = [
    ['it had arrived', [{ ...ours, type: 'Attended' }, ours], 1],
    ['dated in whole seconds', [{ ...ours, happenedAtMs: START + 999 }], 1],
    ['nothing', [], 2],
    ['shown under the new address of the prospect', [{ ...ours, email: 'moved@example.com' }], 1],
    ['shown with a merged or another prospect of the address', [{ ...ours, prospectId: 502 }], 1],
    ['shown with a prospect that is gone', [{ ...ours, prospectId: null }], 1],
    ['of somebody else', [{ ...ours, email: 'bob@example.com', prospectId: 502 }], 2],
    ['of nobody that is known', [{ ...ours, email: '', prospectId: null }], 2],
    ['of another type', [{ ...ours, type: 'Attended' }], 2],
    ['of another session', [{ ...ours, value: 'session-2' }], 2],
    ['of another time', [{ ...ours, happenedAtMs: START + SECOND }], 2],
  ];
  for (const [name, there, times] of cases) {
    const { clock, errors, traces, know, run, taken, activity } = setUp(t, {
      flows: { externalActivities: true },
    });
    know(ANA, 501);
    errors.tell.push(lost);
    await run();
    taken();
    traces.push(...there);
    await clock.advance(149 * SECOND);
    await run();
    assert.deepEqual(taken(), [], `${name}: nothing can be concluded yet`);
    await clock.advance(SECOND);
    await run();
    const [look, ...again] = taken();
    assert.equal(look, 'look -1440m..1440m', name);
    assert.equal(1 + again.length, times, name);
    assert.equal(activity('Registered')?.state, 'done', name);
  }
});

test('as long as it cannot be looked for nothing is told', async (t) => {
  const { clock, errors, know, run, taken, activity } = setUp(t, { flows: { externalActivities: true } });
  know(ANA, 501);
  errors.tell.push(lost);
  await run();
  taken();
  errors.look.push(lost, refused(400, 211));
  for (let look = 0; look < 2; look++) {
    await clock.advance(150 * SECOND);
    await run();
    assert.deepEqual(taken(), ['look -1440m..1440m']);
    assert.equal(activity('Registered')?.state, 'unknown');
  }
  await clock.advance(150 * SECOND);
  await run();
  assert.equal(taken().length, 2);
  assert.equal(activity('Registered')?.state, 'done');
});

test('an address that nobody knows is too new at first, and then gone', async (t) => {
  for (const code of [4, 14, 92]) {
    const { clock, errors, know, run, taken, activity } = setUp(t, { flows: { externalActivities: true } });
    know(ANA, 501);
    errors.tell.push(refused(400, code), refused(400, code));
    await run();
    assert.equal(activity('Registered')?.state, 'pending', String(code));
    await clock.advance(10 * MINUTE);
    await run();
    const { state, reason } = activity('Registered') ?? {};
    assert.deepEqual([state, reason], ['skipped', 'prospect_deleted'], String(code));
    assert.equal(taken().filter((call) => call.startsWith('Livestorm')).length, 2);
  }
  const { errors, know, run, activity } = setUp(t, { flows: { externalActivities: true } });
  know(ANA, 501);
  errors.tell.push(refused(400, 219));
  await run();
  assert.partialDeepStrictEqual(activity('Registered'), { state: 'skipped', reason: 'prospect_deleted' });
});

test('a prospect in the session under two addresses is told each thing once, also while that is uncertain', async (t) => {
  for (const first of [undefined, lost]) {
    const { clock, errors, know, run, taken, activity } = setUp(t, { flows: { externalActivities: true } });
    know('old@example.com', 501);
    if (first) errors.tell.push(first);
    await run();
    const told = taken().filter((call) => call.startsWith('Livestorm'));
    assert.deepEqual(told, ['Livestorm Registered old@example.com session-1 0']);
    await clock.advance(MINUTE);
    know('moved@example.com', 501);
    know('somebody-else@example.com', 502);
    await run();
    assert.deepEqual(taken(), ['add 900/502', 'Livestorm Registered somebody-else@example.com session-1 60']);
    assert.equal(activity('Registered', 'moved@example.com')?.state, 'skipped');
  }
});

test('what was given up under one address is told under the other', async (t) => {
  const { clock, errors, know, run, taken } = setUp(t, { flows: { externalActivities: true } });
  know('old@example.com', 501);
  errors.tell.push(refused(400, 51));
  await run();
  taken();
  await clock.advance(MINUTE);
  know('moved@example.com', 501);
  await run();
  assert.deepEqual(taken(), ['Livestorm Registered moved@example.com session-1 60']);
});

test('of a prospect who was there under one of two addresses nobody is told that they were absent', async (t) => {
  const { clock, store, observe, know, run, taken } = setUp(t, TOOK_PLACE);
  const there = { attended: true, durationSeconds: 1800 };
  for (const [email, reading] of [
    ['absent@example.com', {}],
    ['there@example.com', there],
  ] as const) {
    know(email, 501);
    observe(email, { registeredAtMs: START, ...reading });
  }
  for (const pass of [1, 2]) {
    await clock.advance(10 * MINUTE);
    const readAtMs = clock.now();
    store.attendance.recordPass({ sessionId: 'session-1', pass, readAtMs, registrants: 2, changed: 0 });
    await run();
  }
  const told = taken().filter((call) => call.startsWith('Livestorm'));
  assert.deepEqual(told, [
    'Livestorm Registered absent@example.com session-1 0',
    'Livestorm Attended there@example.com session-1 0',
    'Livestorm AttendanceDuration there@example.com 1800 0',
  ]);
});

test('an address that the prospect has no more is replaced by the one it has, which is kept nowhere', async (t) => {
  const { clock, store, errors, prospects, know, run, taken, activity } = setUp(t, {
    flows: { externalActivities: true },
  });
  know(ANA, 501);
  prospects.push(aProspect({ id: 501, email: 'moved@example.com' }));
  errors.tell.push(refused(400, 4), refused(400, 4), lost);
  await run();
  taken();
  await clock.advance(10 * MINUTE);
  await run();
  const told = 'Livestorm Registered moved@example.com session-1 0';
  assert.deepEqual(taken(), [`Livestorm Registered ${ANA} session-1 0`, 'read 501', told]);
  await clock.advance(150 * SECOND);
  await run();
  assert.deepEqual(
    taken(),
    ['look -1430m..1450m', 'read 501', told],
    'looked for, and told again when absent',
  );
  assert.equal(activity('Registered')?.state, 'done');
  assert.doesNotMatch(JSON.stringify(store.effects.all('external_activity')), /moved@/);
});

test('an address that the prospect has and Pardot does not know is tried again, and then for an admin', async (t) => {
  const { clock, errors, prospects, know, run, taken, activity } = setUp(t, {
    flows: { externalActivities: true },
  });
  know(ANA, 501);
  prospects.push(aProspect({ id: 501, email: ANA }));
  await clock.advance(10 * MINUTE);
  errors.tell.push(...Array.from({ length: 20 }, () => refused(400, 92)));
  for (let round = 0; round < 20 && activity('Registered')?.state !== 'dead'; round++) {
    await run();
    await clock.advance(15 * MINUTE);
  }
  assert.equal(activity('Registered')?.state, 'dead');
  assert.equal(taken().filter((call) => call.startsWith('Livestorm')).length, 9);
});

test('nothing is told of a prospect in the recycle bin, whoever has its address', async (t) => {
  const { clock, errors, prospects, know, run, activity } = setUp(t, { flows: { externalActivities: true } });
  know(ANA, 501);
  prospects.push(aProspect({ id: 501, email: 'moved@example.com', isDeleted: true }));
  await clock.advance(10 * MINUTE);
  errors.tell.push(refused(400, 92));
  await run();
  assert.partialDeepStrictEqual(activity('Registered'), { state: 'skipped', reason: 'prospect_deleted' });
});
