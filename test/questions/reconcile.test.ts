import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../src/clock.ts';
import type { Outcome } from '../../src/domain.ts';
import {
  compareSides,
  type Expected,
  isUnexplained,
  type SessionSides,
} from '../../src/questions/reconcile.ts';
import type { Registration } from '../../src/store/registrations.ts';
import { aKnownSubmission, aRegistrant, START } from '../support/builders.ts';

const EMAIL = 'ana@example.com';
const NOW = START + HOUR;

function anExpected(over: Partial<Expected> = {}): Expected {
  return {
    activityId: 1001,
    createdAtMs: START,
    prospectId: 501,
    email: 'Ana@Example.com',
    known: aKnownSubmission({ sessionId: 'session-1' }),
    decision: { kind: 'end', outcome: 'session_ended' },
    ...over,
  };
}

function ended(outcome: Outcome | null): Registration {
  return {
    ...{
      sessionId: 'session-1',
      emailKey: EMAIL,
      email: EMAIL,
      activityId: 1001,
      prospectId: 501,
      fields: {},
    },
    ...{
      requestedAtMs: START,
      decidedAtMs: START,
      outcome,
      outcomeAtMs: START,
      detail: null,
      personId: null,
    },
  };
}

function compare(over: Partial<SessionSides>) {
  const sides = { registrants: [], registrationOf: () => undefined, lastReadOf: () => undefined };
  return compareSides({ expected: [anExpected()], ...sides, ...over }, NOW);
}

const gone = () => ({ goneAtMs: START + MINUTE }) as ReturnType<SessionSides['lastReadOf']>;

/** Reason → what both sides say. */
const MISSING: readonly (readonly [string, Partial<SessionSides>])[] = [
  ['on_its_way', { registrationOf: () => ended(null) }],
  ['quota_parked', { registrationOf: () => ended('quota_parked') }],
  ['team_member', { registrationOf: () => ended('team_member') }],
  ['moved', { registrationOf: () => ended('moved') }],
  ['dead', { registrationOf: () => ended('dead') }],
  ['unregistered', { registrationOf: () => ended('registered'), lastReadOf: gone }],
  ['lost', { registrationOf: () => ended('registered') }],
  ['on_its_way', {}],
  ['invalid_email', { expected: [anExpected({ known: aKnownSubmission({ outcome: 'invalid_email' }) })] }],
  ['never_read', { expected: [anExpected({ known: undefined })] }],
  ['too_new', { expected: [anExpected({ known: undefined, createdAtMs: NOW - MINUTE })] }],
  ['on_its_way', { expected: [anExpected({ known: undefined, decision: { kind: 'wait' }, email: null })] }],
  [
    'denied_domain',
    { expected: [anExpected({ known: undefined, decision: { kind: 'end', outcome: 'denied_domain' } })] },
  ],
];

for (const [reason, sides] of MISSING) {
  test(`missing: ${reason}, ${JSON.stringify(Object.keys(sides))}`, () => {
    const { missing, submitted, registered } = compare(sides);
    assert.deepEqual([missing.map((each) => each.reason), submitted, registered], [[reason], 1, 0]);
    assert.equal(missing.some(isUnexplained), ['lost', 'never_read'].includes(reason));
  });
}

test('whoever is there counts once, in any letter case; the others are told by kind', () => {
  const people = [
    aRegistrant({ email: 'ANA@example.com' }),
    aRegistrant({ email: 'host@example.com', role: 'team_member' }),
    aRegistrant({ email: 'speaker@example.com', isGuestSpeaker: true }),
    aRegistrant({ email: 'x@unknown.livestorm.co', isAnonymous: true }),
    aRegistrant({ email: 'direct@example.com' }),
    aRegistrant({ email: 'moved@example.com' }),
    aRegistrant({ email: 'earlier@example.com' }),
  ];
  const others: Readonly<Record<string, Registration>> = {
    'moved@example.com': ended('moved'),
    'earlier@example.com': ended('registered'),
  };
  const registrationOf = (key: string) => others[key];
  const expected = [anExpected(), anExpected({ activityId: 1002, email: EMAIL })];
  assert.deepEqual(compare({ expected, registrants: people, registrationOf }), {
    ...{ submitted: 1, registered: 1, missing: [], direct: 1, byService: 1 },
    ...{ teamMembers: 1, speakers: 1, anonymous: 1, movedButThere: 1 },
  });
});
