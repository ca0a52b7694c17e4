import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LivestormSwitches } from '../../../src/sandbox/livestorm/switches.ts';
import { Caller, type Json, MINUTE } from './caller.ts';

const ADA = 'ada@example.org';
const BOB = 'bob@example.org';

/** Ada stays 50 of 100 minutes, Bob does not come; the session has just ended. */
function ended(switches: Partial<LivestormSwitches> = {}) {
  const api = new Caller(switches);
  const session = api.session(0);
  for (const email of [ADA, BOB]) api.world.registerOnPage(session, { email });
  api.world.startSession(session);
  api.world.join(session, ADA, { durationSeconds: 3000, messages: 2, questions: 1 });
  api.advance(100 * MINUTE);
  api.world.endSession(session);
  const endedAtMs = api.nowMs;
  const at = (minutes: number, email: string): Json => {
    api.nowMs = endedAtMs + minutes * MINUTE;
    return api.callNow('GET', `/sessions/${session}/people?filter[email]=${email}`).json.data[0].attributes;
  };
  return { api, session, at, endedAtMs };
}

function figures(person: Json): unknown[] {
  const { attended, attendance_duration, attendance_rate } = person.registrant_detail;
  return [attended, attendance_duration, attendance_rate, person.messages_count, person.questions_count];
}

const HIDDEN = [false, 0, null, 0, 0];
const FINAL = [true, 3000, 50, 2, 1];

describe('attendance', () => {
  it('appears 3 minutes after the end and is corrected once', () => {
    const { at } = ended();
    assert.deepEqual(figures(at(2.9, ADA)), HIDDEN);
    assert.deepEqual(figures(at(3, ADA)), [true, 2700, 45, 2, 1]);
    assert.deepEqual(figures(at(19.9, ADA)), [true, 2700, 45, 2, 1]);
    assert.deepEqual(figures(at(20, ADA)), FINAL);
    assert.deepEqual(figures(at(500, BOB)), HIDDEN);
  });

  it('moves the registration, not the session, when it appears and when it is corrected', () => {
    const { api, at, endedAtMs, session } = ended();
    const updated = (minutes: number) => at(minutes, ADA).registrant_detail.updated_at;
    assert.ok(updated(2) < endedAtMs / 1000);
    assert.equal(updated(5), endedAtMs / 1000 + 180);
    assert.equal(updated(30), endedAtMs / 1000 + 1200);
    assert.equal(api.get(`/sessions/${session}`).json.data.attributes.updated_at, endedAtMs / 1000);
  });

  it('takes other first figures, also none', () => {
    const { api, session, at } = ended();
    api.world.join(session, BOB, { durationSeconds: 600, firstShown: 'absent' });
    assert.deepEqual(figures(at(5, BOB)), HIDDEN);
    assert.deepEqual(figures(at(20, BOB)), [true, 600, 10, 0, 0]);
    api.world.join(session, ADA, { durationSeconds: 0, firstShown: { durationSeconds: 60, messages: 0 } });
    assert.deepEqual(figures(at(5, ADA)), [true, 60, 1, 0, 1]);
  });

  it('comes at another time, at once final, or never, when switched', () => {
    const late = ended({ attendanceLagMs: 30 * MINUTE });
    assert.deepEqual(figures(late.at(29, ADA)), HIDDEN);
    assert.deepEqual(figures(late.at(30, ADA)), FINAL);
    assert.deepEqual(figures(ended({ attendanceCorrectionMs: null }).at(3, ADA)), FINAL);
    assert.deepEqual(figures(ended({ attendanceLagMs: null }).at(10_000, ADA)), HIDDEN);
  });

  it('is what the filter and the count go by', () => {
    const { api, session, at } = ended();
    at(1, ADA);
    const attended = () => api.callNow('GET', `/sessions/${session}/people?filter[attended]=true`).json.data;
    const count = () => api.callNow('GET', `/sessions/${session}`).json.data.attributes.attendees_count;
    assert.deepEqual([attended().length, count()], [0, 0]);
    at(5, ADA);
    // Ada, the team member, the speaker and the anonymous person.
    assert.deepEqual([attended().length, count()], [4, 4]);
  });

  it('adds up several stays', () => {
    const { api, session, at } = ended();
    api.world.join(session, ADA, { durationSeconds: 600, messages: 1 });
    assert.deepEqual(figures(at(20, ADA)), [true, 3600, 60, 3, 1]);
    assert.deepEqual(api.registrants(session)[0]?.attendance, {
      durationSeconds: 3600,
      messages: 3,
      questions: 1,
    });
  });

  it('needs a session that started and a person who registered', () => {
    const api = new Caller();
    const session = api.session();
    assert.throws(() => api.world.join(session, ADA, { durationSeconds: 1 }), /has not started/);
    api.world.startSession(session);
    assert.throws(() => api.world.join(session, ADA, { durationSeconds: 1 }), /not registered/);
  });
});

describe('a replay view', () => {
  it('shows at once and moves no updated_at, unless switched', () => {
    const { api, session, at, endedAtMs } = ended();
    const before = at(60, BOB);
    assert.equal(before.replay_view_detail, null);
    assert.equal(before.registrant_detail.has_viewed_replay, false);
    api.world.watchReplay(session, BOB);
    const after = at(90, BOB);
    assert.deepEqual(after.replay_view_detail, { watched_at: endedAtMs / 1000 + 3600 });
    assert.equal(after.registrant_detail.has_viewed_replay, true);
    assert.equal(after.registrant_detail.updated_at, before.registrant_detail.updated_at);
    api.livestorm.switches.replayTouches = true;
    api.world.watchReplay(session, BOB);
    assert.equal(at(91, BOB).registrant_detail.updated_at, endedAtMs / 1000 + 5400);
    assert.equal(api.registrants(session)[1]?.replayWatchedAtMs, endedAtMs + 90 * MINUTE);
  });
});
