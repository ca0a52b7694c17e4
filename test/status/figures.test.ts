import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { seldom } from '../../src/status/overview.ts';
import { slotsOf } from '../../src/status/pages/chart.ts';
import { duration, number } from '../../src/status/words.ts';
import { aReading } from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { listed, NOW, stage, submitted, webinar } from './stage.ts';

test('the funnel of a session counts who submitted, is registered, attended, and was written', (t) => {
  const { store } = stage(t);
  webinar(store, 's-1', 'Over', NOW - DAY);
  webinar(store, 's-2', 'Next', NOW + DAY, 71);
  for (const name of ['ana', 'ben', 'eva']) submitted(store, 's-1', `${name}@example.com`, NOW - 2 * DAY);
  submitted(store, 's-1', 'zoe@example.com', NOW - 2 * DAY, null);
  listed(store, 's-1', 'ana@example.com', true);
  listed(store, 's-1', 'ben@example.com', false, true);
  listed(store, 's-1', 'direct@example.com', true, false);
  const guests = [
    aReading({ email: 'host@example.com', role: 'team_member', attended: true }),
    aReading({ email: 'speaker@example.com', isGuestSpeaker: true, attended: true }),
    aReading({ email: 'nobody@unknown.livestorm.co', isAnonymous: true, attended: true }),
  ];
  for (const guest of guests) store.registrants.observe('s-1', guest, NOW);
  assert.deepEqual(store.figures.funnels(10), [
    { sessionId: 's-2', submitted: 0, registered: 0, attended: 0, written: 0 },
    { sessionId: 's-1', submitted: 4, registered: 3, attended: 2, written: 2 },
  ]);
  assert.equal(store.figures.funnels(1).length, 1);
  store.aged.begin('s-1', NOW);
  while (store.aged.eraseSome('s-1', 10) > 0);
  const [, erased] = store.figures.funnels(10);
  assert.deepEqual(erased, { sessionId: 's-1', submitted: 4, registered: 3, attended: 2, written: null });
});

test('hours hold who submitted in them, with the middle and the slowest registration', (t) => {
  const { store } = stage(t);
  webinar(store, 's-1', 'Webinar');
  const at = NOW - (NOW % HOUR) - HOUR;
  [40, 60, 100].forEach((seconds, index) => {
    submitted(store, 's-1', `p${index}@example.com`, at + index * MINUTE, seconds * SECOND);
  });
  submitted(store, 's-1', 'waits@example.com', at, null);
  const slots = slotsOf(store.figures.arrivals(NOW - DAY), HOUR, 24, NOW);
  assert.equal(slots.length, 24);
  assert.deepEqual(slots[22], {
    ...{ startsAtMs: at, submitted: 4, registered: 3 },
    ...{ medianMs: 60 * SECOND, slowestMs: 100 * SECOND },
  });
  assert.deepEqual(slots[23]?.submitted, 0);
});

test('looking on takes at most a hundredth of the time, however large the state is', async () => {
  const clock = new VirtualClock(NOW, { autoAdvance: false });
  let reads = 0;
  const read = seldom(() => ++reads, {
    ...wrap(clock),
    monotonic: () => clock.monotonic() + (reads > 0 ? 300 * reads : 0),
  });
  assert.equal(read(), 1);
  await clock.advance(29 * SECOND);
  assert.equal(read(), 1, 'it took 300 ms');
  await clock.advance(2 * SECOND);
  assert.equal(read(), 2);
});

function wrap(clock: VirtualClock) {
  return {
    now: () => clock.now(),
    sleep: (ms: number) => clock.sleep(ms),
    deadline: (ms: number) => clock.deadline(ms),
    random: () => clock.random(),
  };
}

test('times and numbers are told as people say them', () => {
  const told = [0, 45 * SECOND, 3 * MINUTE, 2 * HOUR + 5 * MINUTE, HOUR, 4 * DAY].map(duration);
  assert.deepEqual(told, ['0 s', '45 s', '3 min', '2 h 5 min', '1 h', '4 d']);
  assert.deepEqual([0, 999, 1000, 1234567].map(number), ['0', '999', '1,000', '1,234,567']);
});
