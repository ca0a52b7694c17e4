import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import { ATTENDANCE_VALUES, type AttendanceValue } from '../../src/domain.ts';
import { type AttendanceRules, planProspectFields } from '../../src/reconcile/plan-attendance.ts';
import type { ProspectPart, WrittenFields } from '../../src/store/attendance.ts';
import { aPart, START } from '../support/builders.ts';

/** Every value goes to the field of its own name. */
const mapping = new Map<string, AttendanceValue>(ATTENDANCE_VALUES.map((value) => [value, value]));
const RULES: AttendanceRules = { mapping, attendance: true, replays: true };

function values(
  parts: ProspectPart[],
  written: WrittenFields = {},
  rules: Partial<AttendanceRules> = {},
): WrittenFields | undefined {
  return planProspectFields(parts, written, { ...RULES, ...rules })?.payload.values;
}

const OF_SESSION = {
  attended: 'true',
  duration_seconds: '1800',
  attendance_rate: '50',
  messages: '2',
  questions: '1',
  session_name: 'Spring webinar',
  session_started_at: '2026-03-02T08:00:00Z',
  session_id: 'session-1',
};
const REPLAY = { replayKind: 'replay', replayWatchedAtMs: START + HOUR } as const;
const OF_REPLAY = {
  replay_watched: 'replay',
  replay_watched_at: '2026-03-02T09:00:00Z',
  replay_session_name: 'Spring webinar',
};

test('attendance and replay each fill their own fields', () => {
  assert.deepEqual(values([aPart()]), OF_SESSION);
  assert.deepEqual(values([aPart(REPLAY)]), { ...OF_SESSION, ...OF_REPLAY });
  assert.deepEqual(values([aPart({ ...REPLAY, attendanceRead: false })]), OF_REPLAY);
  assert.deepEqual(values([aPart(REPLAY)], {}, { attendance: false }), OF_REPLAY);
  assert.deepEqual(values([aPart(REPLAY)], {}, { replays: false }), OF_SESSION);
  const onDemand = aPart({ replayKind: 'on_demand', replayWatchedAtMs: null, attendanceRead: false });
  assert.deepEqual(values([onDemand]), {
    replay_watched: 'on_demand',
    replay_session_name: 'Spring webinar',
  });
});

test('nothing read, nothing mapped, nothing written', () => {
  assert.equal(values([]), undefined);
  assert.equal(values([aPart({ attendanceRead: false })]), undefined);
  assert.equal(values([aPart()], {}, { mapping: new Map() }), undefined);
  assert.equal(values([aPart()], {}, { attendance: false }), undefined);
});

test('the newest session that was read wins; an older one never comes through', () => {
  const [older, newer] = [aPart(), aPart({ sessionId: 'session-2', attended: false, durationSeconds: 0 })];
  const unread = aPart({ sessionId: 'session-3', attendanceRead: false });
  assert.equal(values([newer, older])?.session_id, 'session-2');
  assert.equal(values([unread, newer, older])?.attended, 'false');
  assert.equal(
    values([newer, { ...older, ...REPLAY }])?.replay_watched,
    'replay',
    'whichever session it was',
  );
  const kept = values([newer]);
  assert.equal(values([newer, { ...older, messages: 99 }], kept), undefined);
});

test('unchanged values are not written again, lost ones are cleared', () => {
  assert.equal(values([aPart()], OF_SESSION), undefined);
  assert.deepEqual(values([aPart({ messages: 3 })], OF_SESSION), { messages: '3' });
  assert.deepEqual(values([aPart({ attendanceRate: null })], OF_SESSION), { attendance_rate: null });
  const { attendance_rate: _, ...withoutRate } = OF_SESSION;
  assert.equal(values([aPart({ attendanceRate: null })], withoutRate), undefined);
});

test('the key tells prospect, session and content', () => {
  const key = (part: ProspectPart, rules = RULES) => planProspectFields([part], {}, rules)?.naturalKey;
  const reversed = { ...RULES, mapping: new Map([...mapping].reverse()) };
  assert.match(key(aPart()) ?? '', /^501\/session-1\/[0-9a-f]{16}$/);
  assert.equal(key(aPart(), reversed), key(aPart()), 'the order of the mapping does not matter');
  const others = [aPart({ messages: 3 }), aPart({ prospectId: 502 }), aPart({ sessionId: 'session-2' })];
  assert.equal(new Set([key(aPart()), ...others.map((part) => key(part))]).size, 4);
});
