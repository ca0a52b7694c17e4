import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Parks } from '../../src/governor/parks.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const START = Date.parse('2026-03-02T08:00:00Z');

test('an earlier time never shortens a park', async () => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const parks = new Parks(clock);
  parks.add('rate', START + 60_000);
  parks.add('rate', START + 1_000);
  assert.deepEqual(parks.longest(), { reason: 'rate', leftMs: 60_000 });
  await clock.advance(59_999);
  assert.deepEqual(parks.longest(), { reason: 'rate', leftMs: 1 });
  await clock.advance(1);
  assert.equal(parks.longest(), undefined);
});

test('each reason ends for itself', () => {
  const parks = new Parks(new VirtualClock(START));
  parks.add('auth', START + 60_000);
  parks.add('rate', START + 10_000);
  assert.equal(parks.longest()?.reason, 'auth');
  parks.end('auth');
  assert.deepEqual(parks.longest(), { reason: 'rate', leftMs: 10_000 });
  assert.equal(
    parks.longest((reason) => reason !== 'rate'),
    undefined,
  );
});

test('a change of the wall clock neither shortens nor stretches a park', async () => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const parks = new Parks(clock);
  parks.add('rate', START + 10_000);
  clock.jump(3_600_000);
  assert.equal(parks.longest()?.leftMs, 10_000);
  clock.jump(-86_400_000);
  await clock.advance(10_000);
  assert.equal(parks.longest(), undefined);
});
