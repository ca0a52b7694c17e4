import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import {
  endOf,
  hasEnded,
  nextAttendancePassAtMs,
  nextReplayReadAtMs,
  nextRetryAtMs,
} from '../../src/pollers/attendance-schedule.ts';
import type { AttendancePass } from '../../src/store/attendance.ts';
import { aKnownSession, START as END } from '../support/builders.ts';

function passes(...reads: [afterMs: number, changed: number][]): AttendancePass[] {
  return reads.map(([afterMs, changed], index) => ({
    sessionId: 'session-1',
    pass: index + 1,
    readAtMs: END + afterMs,
    registrants: 9,
    changed,
  }));
}

test('attendance is read until readings are stable, a week at most', () => {
  const usual: [number, number][] = [
    [5 * MINUTE, 9],
    [25 * MINUTE, 1],
    [3 * HOUR, 0],
  ];
  const cases: [string, AttendancePass[], number | null][] = [
    ['first', [], 5 * MINUTE],
    ['second', passes(...usual.slice(0, 1)), 25 * MINUTE],
    ['third, as something changed', passes(...usual.slice(0, 2)), 3 * HOUR],
    ['third, as nothing changed', passes([5 * MINUTE, 9], [25 * MINUTE, 0]), DAY],
    ['fourth', passes(...usual), DAY],
    ['stable', passes(...usual, [DAY, 0]), null],
    ['still changing', passes(...usual, [DAY, 1]), 2 * DAY],
    ['changing for a week', passes(...usual, [6 * DAY + 1, 1]), null],
    ['after a standstill of two days', passes([2 * DAY, 9]), 3 * DAY],
    ['after a standstill of an hour', passes([HOUR, 9]), 3 * HOUR],
    ['alone and late, its people read by another job just before', passes([2 * DAY, 0]), 3 * DAY],
  ];
  for (const [name, done, afterMs] of cases) {
    assert.equal(nextAttendancePassAtMs(END, done), afterMs === null ? null : END + afterMs, name);
  }
});

test('replays are read ever more rarely, six weeks at most', () => {
  const cases: [number, number | null][] = [
    [0, 2],
    [2, 3],
    [2.5, 3],
    [4, 5],
    [30, 42],
    [42, null],
  ];
  for (const [lastDay, nextDay] of cases) {
    const next = nextReplayReadAtMs(END, END + lastDay * DAY);
    assert.equal(next, nextDay === null ? null : END + nextDay * DAY, String(lastDay));
  }
});

test('a failed reading is repeated soon near the end, later four times a day', () => {
  const cases: [number, number][] = [
    [5 * MINUTE, 2 * MINUTE],
    [8 * HOUR, HOUR],
    [90 * DAY, 6 * HOUR],
  ];
  for (const [failedAfterMs, waitMs] of cases) {
    assert.equal(nextRetryAtMs(END, END + failedAfterMs), END + failedAfterMs + waitMs);
  }
});

test('only a session that took place has ended', () => {
  const ended = (['past', 'past_not_started', 'canceled', 'live'] as const).filter((status) =>
    hasEnded(aKnownSession({ status })),
  );
  assert.deepEqual(ended, ['past']);
  assert.equal(hasEnded(aKnownSession({ status: 'past', goneAtMs: END })), false);
  assert.equal(endOf(aKnownSession({ endedAtMs: END + 5 })), END + 5);
  assert.equal(endOf(aKnownSession({ updatedAtMs: END + 6 })), END + 6);
});
