import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/domain.ts';
import { type MoveCandidate, type MoveSessions, planMove } from '../../src/repair/plan-move.ts';
import type { NewRegistration, Registration } from '../../src/store/registrations.ts';
import { START } from '../support/builders.ts';

const SESSIONS: MoveSessions = {
  form: 'form:1',
  fromId: 'wrong',
  toId: 'right',
  fromState: 'open',
  fromListId: 10,
  toListId: 20,
};
const WANTED: NewRegistration = {
  sessionId: 'right',
  emailKey: 'ada@example.org',
  email: 'Ada@example.org',
  activityId: 1,
  prospectId: 5,
  fields: {},
  requestedAtMs: START,
};

function ended(sessionId: string, outcome: Outcome | null): Registration {
  return {
    ...WANTED,
    sessionId,
    decidedAtMs: START,
    outcome,
    outcomeAtMs: START,
    detail: null,
    personId: 'p',
  };
}

function aCandidate(over: Partial<MoveCandidate> = {}): MoveCandidate {
  return {
    emailKey: WANTED.emailKey,
    decision: { kind: 'register', registration: WANTED, disagrees: false },
    from: ended('wrong', 'registered'),
    fromEffect: 'done',
    fromAttempts: 1,
    hasAttended: false,
    isTeamMember: false,
    hasOtherForm: false,
    isElsewhereInEvent: false,
    isListNeeded: false,
    to: undefined,
    ...over,
  };
}

/** Title → what is known, the sessions, and [to be registered, what becomes of the wrong one, prospect off its list]. */
const MOVED: Readonly<
  Record<string, readonly [Partial<MoveCandidate>, Partial<MoveSessions>, readonly unknown[]]>
> = {
  'registered in the wrong one': [{}, {}, [true, 'unregister', 5]],
  'in the right one already': [{ to: ended('right', 'registered') }, {}, [false, 'unregister', 5]],
  'on the way to the right one': [{ to: ended('right', null) }, {}, [false, 'unregister', 5]],
  'failed in the right one before': [{ to: ended('right', 'dead') }, {}, [true, 'unregister', 5]],
  'came through another form, too': [{ hasOtherForm: true }, {}, [true, 'stays', null]],
  'was there before the form': [{ from: ended('wrong', 'already_registered') }, {}, [true, 'stays', null]],
  'is in another session of the event': [{ isElsewhereInEvent: true }, {}, [true, 'by_hand', 5]],
  'the prospect is needed on the list': [{ isListNeeded: true }, {}, [true, 'unregister', null]],
  'both sessions have the same list': [{}, { toListId: 10 }, [true, 'unregister', null]],
  'the wrong one is over': [{}, { fromState: 'over' }, [true, 'over', 5]],
  'the wrong one is over, and they came': [
    { hasAttended: true },
    { fromState: 'over' },
    [true, 'stays', null],
  ],
  'held back': [{ from: ended('wrong', 'held'), fromEffect: null }, {}, [true, 'not_there', null]],
  'given up': [{ from: ended('wrong', 'dead'), fromEffect: 'dead' }, {}, [true, 'not_there', null]],
  'never tried': [
    { from: ended('wrong', null), fromEffect: 'pending', fromAttempts: 0 },
    {},
    [true, 'not_there', null],
  ],
  'the wrong one was closed': [
    { from: undefined, fromEffect: null },
    { fromState: 'over' },
    [true, 'not_there', null],
  ],
};

for (const [title, [over, sessions, expected]] of Object.entries(MOVED)) {
  test(`moved: ${title}`, () => {
    const { people, leftAlone } = planMove([aCandidate(over)], { ...SESSIONS, ...sessions });
    assert.deepEqual(leftAlone, []);
    assert.deepEqual(
      people.map(({ register, leaving, prospectOffList }) => [register !== null, leaving, prospectOffList]),
      [expected],
    );
  });
}

const LEFT: Readonly<Record<string, readonly [Partial<MoveCandidate>, Partial<MoveSessions>]>> = {
  on_its_way: [{ from: ended('wrong', null), fromEffect: 'unknown' }, {}],
  team_member: [{ isTeamMember: true }, {}],
  discarded: [{ from: ended('wrong', 'discarded'), fromEffect: null }, {}],
  held: [{ to: ended('right', 'held') }, {}],
  session_live: [{}, { fromState: 'live' }],
  // Would leave the one session and not come into the other.
  invalid_email: [{ decision: { kind: 'end', outcome: 'invalid_email' }, to: ended('right', 'dead') }, {}],
  denied_domain: [{ decision: { kind: 'end', outcome: 'denied_domain' } }, {}],
  prospect_missing: [{ decision: { kind: 'wait' } }, {}],
};

for (const [because, [over, sessions]] of Object.entries(LEFT)) {
  test(`left alone: ${because}`, () => {
    const plan = planMove([aCandidate(over)], { ...SESSIONS, ...sessions });
    assert.deepEqual(plan.people, []);
    assert.deepEqual(plan.leftAlone, [{ emailKey: WANTED.emailKey, because }]);
  });
}

test('whoever was moved before is in no plan', () => {
  const moved = aCandidate({ from: ended('wrong', 'moved'), to: ended('right', 'registered') });
  const plan = planMove([moved], SESSIONS);
  assert.deepEqual([plan.people, plan.leftAlone], [[], []]);
});

test('whom an admin discarded in the right session stays in the wrong one', () => {
  const plan = planMove([aCandidate({ to: ended('right', 'discarded') })], SESSIONS);
  assert.deepEqual([plan.people, plan.leftAlone[0]?.because], [[], 'discarded']);
});

test('the hash stays as long as the same would be done, and changes with anything of it', () => {
  const hash = (over: Partial<MoveCandidate> = {}, sessions: Partial<MoveSessions> = {}): string =>
    planMove([aCandidate(over)], { ...SESSIONS, ...sessions }).hash;
  assert.equal(hash(), hash({ fromAttempts: 2 }));
  const others = [
    hash(),
    hash({ emailKey: 'bea@example.org' }),
    hash({ to: ended('right', 'registered') }),
    hash({ isElsewhereInEvent: true }),
    hash({ from: ended('wrong', 'held'), fromEffect: null }),
    hash({ from: ended('wrong', 'dead'), fromEffect: 'dead' }),
    hash({ isListNeeded: true }),
    hash({}, { toId: 'third' }),
    planMove([], SESSIONS).hash,
  ];
  assert.equal(new Set(others).size, others.length);
});
