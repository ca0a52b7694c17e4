import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import { discoveryIntervalMs, sessionsToCheck } from '../../src/pollers/discovery.ts';
import type { KnownSession } from '../../src/store/sessions.ts';
import { aKnownSession, START } from '../support/builders.ts';

const OLD = { firstSeenAtMs: START - DAY };
const startsIn = (ms: number): Partial<KnownSession> => ({ ...OLD, estimatedStartedAtMs: START + ms });

const interval = (sessions: KnownSession[], activatedAtMs = START - DAY): number =>
  discoveryIntervalMs(sessions, activatedAtMs, START);

test('discovery is dense near a session and sparse far from all', () => {
  const cases: [string, number, Partial<KnownSession>][] = [
    ['live', 5, { ...OLD, status: 'live' }],
    ['seen for the first time just now', 5, { firstSeenAtMs: START - 29 * MINUTE }],
    ['starts soon', 5, startsIn(30 * MINUTE)],
    ['was to start a moment ago', 5, startsIn(-30 * MINUTE)],
    ['starts this week', 15, startsIn(7 * DAY)],
    ['starts later', 60, startsIn(7 * DAY + 1)],
    ['should have started long ago', 60, startsIn(-31 * MINUTE)],
    ['has no date', 60, { ...OLD, estimatedStartedAtMs: null }],
    ['is over', 60, { status: 'past' }],
    ['is canceled', 60, { status: 'canceled' }],
    ['is gone', 60, { status: 'live', goneAtMs: START }],
  ];
  for (const [name, minutes, over] of cases) {
    assert.equal(interval([aKnownSession(over)]), minutes * MINUTE, name);
  }
  assert.equal(interval([]), HOUR);
  assert.equal(interval([], START - DAY + 1), 5 * MINUTE, 'on the first day somebody is trying it out');
  const [far, near] = [aKnownSession(startsIn(9 * DAY)), aKnownSession(startsIn(MINUTE))];
  assert.equal(interval([far, near]), 5 * MINUTE);
});

test('a session past its planned end is asked for one by one, ever less often', () => {
  /** Minutes since the planned end, minutes since it was last seen, whether it is asked for. */
  const cases: [number, number, boolean][] = [
    [9, 60, false],
    [10, 9, false],
    [10, 10, true],
    [59, 10, true],
    [61, 59, false],
    [61, 60, true],
    [13 * 60, 23 * 60, false],
    [13 * 60, 24 * 60, true],
  ];
  for (const [overdue, unseen, isAsked] of cases) {
    const session = aKnownSession({
      estimatedStartedAtMs: START - HOUR - overdue * MINUTE,
      seenAtMs: START - unseen * MINUTE,
    });
    assert.equal(sessionsToCheck([session], START).length, Number(isAsked), `${overdue} ${unseen}`);
  }
});

test('the planned end counts from the real start; only open sessions are asked for', () => {
  const overdue = { estimatedStartedAtMs: START - 3 * HOUR, seenAtMs: START - DAY };
  const cases: [string, number, Partial<KnownSession>][] = [
    ['overdue', 1, overdue],
    ['started late', 0, { ...overdue, status: 'live', startedAtMs: START - 30 * MINUTE }],
    ['no duration known: an hour', 1, { ...overdue, event: null }],
    ['no date: from its creation', 1, { estimatedStartedAtMs: null, createdAtMs: START - DAY, seenAtMs: 0 }],
    ['over', 0, { ...overdue, status: 'past' }],
    ['on demand: they have a list of their own', 0, { ...OLD, status: 'on_demand', seenAtMs: START - DAY }],
    ['gone', 0, { ...overdue, goneAtMs: START }],
  ];
  for (const [name, count, over] of cases) {
    assert.equal(sessionsToCheck([aKnownSession(over)], START).length, count, name);
  }
});
