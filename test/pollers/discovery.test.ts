import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import { discoveryIntervalMs, type LastLook, newsOf, sessionsToCheck } from '../../src/pollers/discovery.ts';
import type { KnownSession } from '../../src/store/sessions.ts';
import { aKnownSession, aSession, START } from '../support/builders.ts';

const OLD = { firstSeenAtMs: START - DAY };
const startsIn = (ms: number): Partial<KnownSession> => ({ ...OLD, estimatedStartedAtMs: START + ms });

const QUIET = { polledAtMs: START, changedAtMs: START - DAY, countedAtMs: START - DAY };

const interval = (sessions: KnownSession[], last: Partial<LastLook> = {}): number =>
  discoveryIntervalMs(sessions, { ...QUIET, ...last }, START) / MINUTE;

test('discovery is dense near a session and sparse far from all', () => {
  const cases: [string, number, Partial<KnownSession>][] = [
    ['live', 10, { ...startsIn(0), status: 'live' }],
    ['live, soon to end', 5, { ...startsIn(-50 * MINUTE), status: 'live' }],
    ['live beyond its planned end', 5, { ...startsIn(-9 * HOUR), status: 'live' }],
    ['starts soon', 10, startsIn(30 * MINUTE)],
    ['was to start a moment ago', 10, startsIn(-30 * MINUTE)],
    ['starts within a day', 15, startsIn(DAY)],
    ['has not started by its planned end', 15, startsIn(-HOUR)],
    ['should have ended an hour ago', 15, startsIn(-2 * HOUR)],
    ['should have ended long ago', 75, startsIn(-2 * HOUR - 1)],
    ['starts later', 75, startsIn(DAY + 1)],
    ['has no date', 75, { ...OLD, estimatedStartedAtMs: null }],
    ['is over', 75, { status: 'past' }],
    ['is canceled', 75, { status: 'canceled' }],
    ['is gone', 75, { status: 'live', goneAtMs: START }],
  ];
  for (const [name, minutes, over] of cases) assert.equal(interval([aKnownSession(over)]), minutes, name);
  assert.equal(interval([]), 75);
  const [far, near] = [aKnownSession(startsIn(9 * DAY)), aKnownSession(startsIn(MINUTE))];
  assert.equal(interval([far, near]), 10);
});

test('after a find the next looks follow soon, then after as long again as nothing was found', () => {
  const looksAfter = (find: 'changedAtMs' | 'countedAtMs'): number[] => {
    const looks: number[] = [];
    let sinceMs = 0;
    while (looks.length < 7) {
      sinceMs += interval([], { [find]: START - sinceMs }) * MINUTE;
      looks.push(sinceMs / MINUTE);
    }
    return looks;
  };
  assert.deepEqual(looksAfter('changedAtMs'), [5, 10, 20, 40, 80, 155, 230]);
  assert.deepEqual(looksAfter('countedAtMs'), [15, 30, 60, 120, 195, 270, 345]);
});

test('a session that is new, moved, published or canceled is a change; a count is only a count', () => {
  const known = [aKnownSession(), aKnownSession({ id: 'draft', status: 'draft' })];
  const cases: [string, boolean, boolean, ReturnType<typeof aSession>[]][] = [
    ['nothing', false, false, []],
    ['the same', false, false, [aSession({ updatedAtMs: START + 1 })]],
    ['one registrant more', false, true, [aSession({ registrantsCount: 1 })]],
    ['another start', true, false, [aSession({ estimatedStartedAtMs: START })]],
    ['published', true, false, [aSession({ id: 'draft' })]],
    ['started', false, false, [aSession({ status: 'live' })]],
    ['ended', false, false, [aSession({ status: 'past' })]],
    ['canceled', true, false, [aSession({ status: 'canceled' })]],
    ['a new session', true, true, [aSession(), aSession({ id: 'new' })]],
  ];
  for (const [name, isChanged, isCounted, readings] of cases)
    assert.deepEqual(newsOf(known, readings), { isChanged, isCounted }, name);
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
