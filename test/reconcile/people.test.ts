import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../src/clock.ts';
import type { PeopleParts } from '../../src/reconcile/people.ts';
import { aReading, aSession, link, START } from '../support/builders.ts';
import { ANA, NOTHING, setUp } from './people-reconciler.ts';

test('registrants become prospects and go on the list in one run, each exactly once', async (t) => {
  const { clock, observe, run, taken } = setUp(t);
  observe('ana@example.com');
  observe('bob@example.com');
  observe('team@example.com', { role: 'team_member' });
  assert.deepEqual(await run(), { ...NOTHING, prospects: 2, memberships: 2 });
  assert.deepEqual(taken(), [
    'create ana@example.com',
    'create bob@example.com',
    'add 900/801',
    'add 900/802',
  ]);
  for (let again = 0; again < 3; again++) {
    observe('ana@example.com', { messages: again });
    await clock.advance(MINUTE);
    assert.deepEqual(await run(), NOTHING);
  }
  assert.deepEqual(taken(), []);
});

test('whom we registered ourselves gets no prospect of ours, but the list and the activities', async (t) => {
  const { clock, store, observe, know, run, taken } = setUp(t, { flows: { externalActivities: true } });
  know('Ana@Example.com', 501);
  await clock.advance(MINUTE);
  await run();
  const told = 'Livestorm Registered Ana@Example.com session-1 0';
  assert.deepEqual(taken(), ['add 900/501', told]);
  observe('ana@example.com', { registeredAtMs: START + MINUTE });
  await clock.advance(MINUTE);
  assert.deepEqual(await run(), NOTHING, 'they come back through the people list');
  assert.deepEqual(store.effects.all('prospect'), []);
});

test('somebody whose registration by us is still on its way is waited for', async (t) => {
  const { clock, store, observe, know, run, taken } = setUp(t);
  const key = { sessionId: 'session-1', emailKey: ANA };
  const request = { ...key, email: ANA, activityId: 1, prospectId: 501, fields: {}, requestedAtMs: START };
  store.registrations.request(request, START);
  observe(ANA);
  assert.deepEqual(await run(), NOTHING);
  await clock.advance(MINUTE);
  store.registrations.conclude(key, { outcome: 'registered' }, clock.now());
  know(ANA, 501);
  await run();
  assert.deepEqual(taken(), ['add 900/501']);
});

test('each flow can be off: registrants make prospects, activities are told, and everybody known is listed', async (t) => {
  const cases: [PeopleParts['flows'], string[]][] = [
    [{ registrants: false, externalActivities: false }, ['add 900/501']],
    [
      { registrants: true, externalActivities: false },
      ['create bob@example.com', 'add 900/501', 'add 900/801'],
    ],
    [
      { registrants: false, externalActivities: true },
      ['add 900/501', 'Livestorm Registered ana@example.com session-1 0'],
    ],
  ];
  for (const [flows, expected] of cases) {
    const { observe, know, run, taken } = setUp(t, { flows });
    know(ANA, 501);
    observe('bob@example.com');
    await run();
    assert.deepEqual(taken(), expected);
  }
});

test('nothing is planned before the campaign is mirrored, no membership before there is a list', async (t) => {
  const { clock, store, run, taken } = setUp(t);
  link(store, aSession({ id: 'session-2' }), null);
  store.registrants.observe('session-2', aReading(), START);
  assert.deepEqual(await run(), NOTHING);
  await clock.advance(MINUTE);
  store.links.mirrored('session-2', 71, clock.now());
  await run();
  assert.deepEqual(taken(), ['create ana@example.com']);
  await clock.advance(MINUTE);
  store.links.listed('session-2', 901, clock.now());
  await run();
  assert.deepEqual(taken(), ['add 901/801']);
});

test('a reading older than the last planning is not overlooked after the clock was set back', async (t) => {
  const { clock, observe, run, taken } = setUp(t);
  await clock.advance(HOUR);
  await run();
  clock.jump(-HOUR);
  observe(ANA);
  await run();
  assert.deepEqual(taken(), ['create ana@example.com', 'add 900/801']);
});
