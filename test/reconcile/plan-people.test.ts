import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import type { FieldValue, ProspectMatch } from '../../src/domain.ts';
import {
  attendees,
  chooseProspect,
  type Overwrite,
  planActivities,
  planMembership,
  planProspect,
  planRemoval,
  valuesFor,
} from '../../src/reconcile/plan-people.ts';
import type { PersonInSession } from '../../src/store/people.ts';
import { aProspect, START } from '../support/builders.ts';

const ENDED = START + HOUR;

/** Ana, prospect 501, registered for a session that has not taken place. */
function aPerson(over: Partial<PersonInSession> = {}): PersonInSession {
  return {
    sessionId: 'session-1',
    emailKey: 'ana@example.com',
    email: 'Ana@example.com',
    registeredAtMs: START,
    prospectId: 501,
    endedAtMs: null,
    passes: 0,
    lastPassAtMs: null,
    changedAtMs: START,
    attended: false,
    durationSeconds: 0,
    messages: 0,
    questions: 0,
    replayKind: null,
    replayWatchedAtMs: null,
    ...over,
  };
}

const THERE = { attended: true, durationSeconds: 1800, messages: 2, questions: 1 };
/** Read once after the end, and changed by that. */
const READ = {
  endedAtMs: ENDED,
  passes: 1,
  lastPassAtMs: ENDED + 5 * MINUTE,
  changedAtMs: ENDED + 5 * MINUTE,
};
/** Read again, and nothing new. */
const STABLE = { ...READ, passes: 2, lastPassAtMs: ENDED + 30 * MINUTE };

/** Type, value and minutes after the end of each activity. */
function told(over: Partial<PersonInSession>): string[] {
  return planActivities(aPerson(over), true, 0).map(
    ({ payload: { type, value, happenedAtMs } }) => `${type} ${value} ${(happenedAtMs - ENDED) / MINUTE}`,
  );
}

test('only whose prospect is not known yet needs one', () => {
  assert.equal(planProspect(aPerson()), null);
  assert.deepEqual(planProspect(aPerson({ prospectId: null })), {
    kind: 'prospect',
    naturalKey: 'session-1/ana@example.com',
    sessionId: 'session-1',
    emailKey: 'ana@example.com',
    payload: {},
  });
});

test('a known prospect goes on the list, once per list and prospect, and comes off it under the same key', () => {
  assert.equal(planMembership(aPerson({ prospectId: null }), 900), null);
  const membership = {
    naturalKey: '900/501',
    sessionId: 'session-1',
    emailKey: 'ana@example.com',
    prospectId: 501,
    payload: { listId: 900 },
  };
  assert.deepEqual(planMembership(aPerson(), 900), { kind: 'list_membership', ...membership });
  const { emailKey } = membership;
  assert.deepEqual(planRemoval({ emailKey, prospectId: 501 }, 'session-1', 900), {
    kind: 'list_removal',
    ...membership,
  });
});

test('activities are told of known prospects, each once per person, session and type', () => {
  assert.deepEqual(planActivities(aPerson({ prospectId: null, ...STABLE, ...THERE }), true, 0), []);
  assert.deepEqual(planActivities(aPerson(), true, 0), [
    {
      kind: 'external_activity',
      naturalKey: 'session-1/ana@example.com/Registered',
      sessionId: 'session-1',
      emailKey: 'ana@example.com',
      prospectId: 501,
      payload: { type: 'Registered', value: 'session-1', happenedAtMs: START },
    },
  ]);
  const all = planActivities(aPerson({ ...STABLE, ...THERE, replayKind: 'replay' }), true, 0);
  assert.deepEqual(
    planActivities(aPerson({ ...STABLE, ...THERE }), true, ENDED).map(({ payload }) => payload.type),
    ['Attended', 'AttendanceDuration', 'MessagesSent', 'QuestionsAsked'],
    'switching activities on is no backfill',
  );
  assert.equal(new Set(all.map(({ naturalKey }) => naturalKey)).size, 6);
  assert.deepEqual(
    planActivities(aPerson({ ...STABLE, ...THERE, replayKind: 'replay' }), false, 0).map(
      ({ payload }) => payload.type,
    ),
    ['Registered', 'WatchedReplay'],
  );
});

test('of a prospect with several addresses in a session the one who was there longest speaks for attendance', () => {
  const old = aPerson({ ...STABLE, emailKey: 'old@example.com' });
  const cases: [string, PersonInSession, PersonInSession | undefined][] = [
    ['absent as well: the first', aPerson(STABLE), old],
    ['there', aPerson({ ...STABLE, ...THERE, durationSeconds: 0 }), undefined],
    ['another prospect', aPerson({ ...STABLE, ...THERE, prospectId: 502 }), old],
    ['no prospect yet', aPerson({ ...STABLE, ...THERE, prospectId: null }), old],
    ['not read yet', aPerson({ registeredAtMs: 0, ...THERE }), old],
    ['for the recording', aPerson({ ...STABLE, registeredAtMs: ENDED + 1, ...THERE }), old],
  ];
  for (const [name, other, speaker = other] of cases) {
    assert.equal(attendees([old, other]).get(501)?.emailKey, speaker.emailKey, name);
  }
  const short = aPerson({ ...STABLE, ...THERE });
  const long = aPerson({ ...STABLE, ...THERE, durationSeconds: 1801 });
  for (const people of [
    [short, long],
    [long, short],
  ])
    assert.equal(attendees(people).get(501)?.durationSeconds, long.durationSeconds);
});

test('who was there is told after the first reading, the rest when a reading found nothing new', () => {
  const registered = 'Registered session-1 -60';
  const attended = 'Attended session-1 0';
  const numbers = ['AttendanceDuration 1800 0', 'MessagesSent 2 0', 'QuestionsAsked 1 0'];
  const cases: [string, Partial<PersonInSession>, string[]][] = [
    ['before the end', THERE, []],
    ['ended, not read yet', { ...THERE, endedAtMs: ENDED }, []],
    ['read, but never took place', { ...STABLE, ...THERE, endedAtMs: null }, []],
    ['read once', { ...READ, ...THERE }, [attended]],
    ['read once, known before', { ...READ, ...THERE, changedAtMs: START }, [attended]],
    ['changed by the last reading', { ...STABLE, ...THERE, changedAtMs: STABLE.lastPassAtMs }, [attended]],
    ['changed since', { ...STABLE, ...THERE, changedAtMs: STABLE.lastPassAtMs + 1 }, [attended]],
    ['stable', { ...STABLE, ...THERE }, [attended, ...numbers]],
    ['stable, said nothing', { ...STABLE, attended: true }, [attended, 'AttendanceDuration 0 0']],
    ['absent, read once', READ, []],
    ['absent, changed by the last reading', { ...STABLE, changedAtMs: STABLE.lastPassAtMs }, []],
    ['absent, stable', STABLE, ['NotAttended session-1 0']],
  ];
  for (const [name, over, expected] of cases) assert.deepEqual(told(over), [registered, ...expected], name);
});

test('who registered after the end came for the recording', () => {
  const atTheEnd = { ...STABLE, registeredAtMs: ENDED };
  assert.deepEqual(told(atTheEnd), ['Registered session-1 0', 'NotAttended session-1 0']);
  const late = { ...STABLE, registeredAtMs: ENDED + MINUTE, replayKind: 'on_demand' } as const;
  assert.deepEqual(told({ ...late, replayWatchedAtMs: ENDED + 9 * MINUTE }), [
    'Registered session-1 1',
    'WatchedOnDemand session-1 9',
  ]);
});

test('a view is told as what it was, at the time it happened or was seen first', () => {
  const watched = { changedAtMs: ENDED + 7 * MINUTE };
  const cases: [Partial<PersonInSession>, string][] = [
    [{ replayKind: 'replay', replayWatchedAtMs: ENDED + MINUTE }, 'WatchedReplay session-1 1'],
    [{ replayKind: 'on_demand', replayWatchedAtMs: ENDED + MINUTE }, 'WatchedOnDemand session-1 1'],
    [{ replayKind: 'replay' }, 'WatchedReplay session-1 7'],
  ];
  for (const [over, expected] of cases) assert.equal(told({ ...watched, ...over }).at(-1), expected);
});

function aMatch(id: number, lastActivityAtMs: number | null, isDeleted = false): ProspectMatch {
  return { ...aProspect({ id, isDeleted }), lastActivityAtMs };
}

test('of several prospects the one with the most recent activity, never last, the highest id of equals', () => {
  const cases: [string, ProspectMatch[], number][] = [
    ['one', [aMatch(1, null)], 1],
    ['the most recent', [aMatch(1, START), aMatch(2, START + DAY), aMatch(3, START - DAY)], 2],
    ['never is last', [aMatch(1, START - DAY), aMatch(9, null)], 1],
    ['a tie', [aMatch(4, START), aMatch(5, START), aMatch(3, START)], 5],
    ['all never', [aMatch(4, null), aMatch(5, null)], 5],
    ['a deleted one does not count', [aMatch(1, START), aMatch(2, START + DAY, true)], 1],
  ];
  for (const [name, matches, id] of cases) {
    for (const order of [matches, matches.toReversed()]) {
      const choice = chooseProspect(order, 'leave_alone');
      assert.equal(choice.kind === 'update' && choice.prospect.id, id, name);
    }
  }
});

test('without a prospect one is made; one in the recycle bin is left alone unless told otherwise', () => {
  const binned = [aMatch(1, START, true)];
  assert.deepEqual(chooseProspect([], 'leave_alone'), { kind: 'create' });
  assert.deepEqual(chooseProspect(binned, 'leave_alone'), { kind: 'leave_alone' });
  assert.deepEqual(chooseProspect(binned, 'create_new'), { kind: 'create' });
});

test('what stands is replaced as the policy says; a new prospect gets everything that was filled in', () => {
  const standing: [string, Readonly<Record<string, FieldValue>> | undefined][] = [
    ['absent', {}],
    ['empty', { company: '' }],
    ['an empty list', { company: [] }],
    ['the same', { company: 'Acme' }],
    ['other', { company: 'Bolt' }],
    ['a new prospect', undefined],
  ];
  const written: Record<Overwrite, boolean[]> = {
    always: [true, true, true, false, true, true],
    when_empty: [true, true, true, false, false, true],
    never: [false, false, false, false, false, true],
  };
  for (const overwrite of ['always', 'when_empty', 'never'] as const) {
    const rules = {
      fields: new Map([['company', { from: 'organisation', overwrite }]]),
      recycleBin: 'leave_alone',
    } as const;
    for (const [index, [name, before]] of standing.entries()) {
      const expected = written[overwrite][index] ? { company: 'Acme' } : {};
      assert.deepEqual(valuesFor({ organisation: 'Acme' }, before, rules), expected, `${overwrite}: ${name}`);
    }
    assert.deepEqual(valuesFor({ other: 'x' }, undefined, rules), {}, 'nothing was filled in');
    assert.deepEqual(valuesFor({ other: 'x' }, { company: 'Bolt' }, rules), {}, 'nothing is emptied');
  }
});
