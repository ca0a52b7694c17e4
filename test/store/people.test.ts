import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import type { Store } from '../../src/store/store.ts';
import { aReading, aSession, link, past, START, temporaryStore } from '../support/builders.ts';

const PERSON = aReading({
  email: 'Ana@Example.com',
  registeredAtMs: START - HOUR,
  fields: { topics: ['a'] },
});

function know(store: Store, sessionId: string, email: string, prospectId: number, knownAtMs = START): void {
  const origin = 'submission' as const;
  store.sessionProspects.know({ sessionId, emailKey: email, email, prospectId, origin }, knownAtMs);
}

function register(store: Store, sessionId: string, email: string, prospectId: number | null): boolean {
  return store.registrations.request(
    {
      sessionId,
      emailKey: email,
      email,
      activityId: 1,
      prospectId,
      fields: { a: ['b'] },
      requestedAtMs: START,
    },
    START,
  );
}

test('a person is registered once per session; the end is told once', (t) => {
  const { store } = temporaryStore(t);
  link(store, aSession());
  assert.ok(register(store, 'session-1', 'ana@example.com', 501));
  assert.equal(register(store, 'session-1', 'ana@example.com', 502), false);
  const key = { sessionId: 'session-1', emailKey: 'ana@example.com' };
  store.registrations.conclude(key, { outcome: 'registered', personId: 'person-1' }, START + 1);
  store.registrations.conclude(key, { outcome: 'field_unknown', detail: 'without x' }, START + 2);
  const [kept] = store.registrations.ofSession('session-1');
  assert.deepEqual(
    [kept?.prospectId, kept?.fields, kept?.personId, kept?.outcome, kept?.detail, kept?.outcomeAtMs],
    [501, { a: ['b'] }, 'person-1', 'field_unknown', 'without x', START + 2],
  );
  assert.deepEqual(store.registrations.countsByOutcome('session-1'), [
    { outcome: 'field_unknown', count: 1 },
  ]);
  assert.equal(store.registrations.all().length, 1);
});

test('those whose request is parked say so, nobody else', (t) => {
  const { store } = temporaryStore(t);
  link(store, aSession());
  for (const email of ['a@example.com', 'b@example.com']) {
    register(store, 'session-1', email, 501);
    store.effects.want(
      {
        kind: 'livestorm_registration',
        naturalKey: email,
        sessionId: 'session-1',
        emailKey: email,
        payload: {},
      },
      START + Number(email.startsWith('b')),
    );
  }
  store.effects.parkDue('livestorm_registration', START, START + 9, {
    class: 'ParkedError',
    message: 'quota',
  });
  store.registrations.markParked('quota_parked', START);
  assert.deepEqual(
    store.registrations.all().map(({ outcome }) => outcome),
    ['quota_parked', null],
  );
});

test('a registrant is kept under the lower-case address, as last read', (t) => {
  const { store } = temporaryStore(t);
  link(store, aSession());
  store.registrants.observe('session-1', PERSON, START);
  assert.equal(store.registrants.isTeamMember('ana@example.com'), false);
  const changed = { ...PERSON, email: 'ana@example.com', role: 'team_member', isAnonymous: true } as const;
  store.registrants.observe('session-1', changed, START + 1);
  const [kept, ...others] = store.registrants.ofSession('session-1');
  assert.deepEqual(others, []);
  assert.partialDeepStrictEqual(kept, { ...changed, emailKey: 'ana@example.com' });
  assert.ok(store.registrants.isTeamMember('ana@example.com'));
});

test('parts: all sessions of the prospects read since, newest first, attendees only', (t) => {
  const { store } = temporaryStore(t);
  const read = (id: string, email: string, prospectId: number | null, over: object, seenAtMs: number) => {
    store.registrants.observe(id, { ...PERSON, email, ...over }, seenAtMs);
    if (prospectId !== null) know(store, id, email, prospectId);
  };
  link(store, aSession({ id: 'old', ...past(START - 1) }), 70);
  link(store, aSession({ id: 'new', ...past(START) }), 71);
  link(store, aSession({ id: 'open' }), 72);
  link(store, aSession({ id: 'never', status: 'past_not_started' }), 73);
  for (const sessionId of ['old', 'new', 'never']) {
    store.attendance.recordPass({ sessionId, pass: 1, readAtMs: START, registrants: 1, changed: 1 });
  }
  read('old', 'ana@example.com', 501, {}, START);
  read('new', 'ana@example.com', 501, { replayKind: 'replay', replayWatchedAtMs: START }, START + 5);
  read('open', 'ana@example.com', 501, {}, START);
  read('never', 'ana@example.com', 501, {}, START);
  read('new', 'old-news@example.com', 502, {}, START);
  read('new', 'team@example.com', 503, { role: 'team_member' }, START + 5);
  read('new', 'guest@example.com', 504, { isGuestSpeaker: true }, START + 5);
  read('new', 'anonymous@example.com', 505, { isAnonymous: true }, START + 5);
  read('new', 'unknown@example.com', 506, { role: 'unknown' }, START + 5);
  read('new', 'no-prospect@example.com', null, {}, START + 5);
  read('new', 'gone@example.com', 507, {}, START + 5);
  store.registrants.observeGone('new', ['gone@example.com'], START + 5);
  read('new', 'came-for-the-recording@example.com', 508, { registeredAtMs: START + 1 }, START);
  const partsSince = (since: number) => store.attendance.parts(store.attendance.prospectsReadSince(since));
  const brief = (since: number) =>
    partsSince(since).map(
      ({ prospectId, sessionId, attendanceRead }) => `${prospectId} ${sessionId} ${attendanceRead}`,
    );
  const ana = ['501 never false', '501 open false', '501 new true', '501 old true'];
  assert.deepEqual(brief(START + 5), ana);
  assert.deepEqual(brief(START), [...ana, '502 new true', '508 new false']);
  assert.deepEqual(brief(START + 6), []);
  know(store, 'new', 'no-prospect@example.com', 509, START + 6);
  assert.deepEqual(brief(START + 6), ['509 new true'], 'their prospect is known since');
  read('new', 'absent@example.com', 510, { attended: false, durationSeconds: 0 }, START + 7);
  read('new', 'was-there@example.com', 510, { durationSeconds: 0 }, START + 7);
  read('new', 'there@example.com', 510, { durationSeconds: 60 }, START + 7);
  read('new', 'there-longest@example.com', 510, { durationSeconds: 61 }, START + 7);
  assert.deepEqual(
    partsSince(START + 7).map(({ emailKey }) => emailKey),
    ['there-longest@example.com', 'there@example.com', 'was-there@example.com', 'absent@example.com'],
    'a prospect with several addresses was there as long as the one who was there longest',
  );
  assert.partialDeepStrictEqual(partsSince(START + 5)[2], {
    emailKey: 'ana@example.com',
    sessionAtMs: START - 3_600_000,
    eventTitle: 'Spring webinar',
    attended: true,
    attendanceRate: 12.5,
    replayKind: 'replay',
    replayWatchedAtMs: START,
  });
});

test('an on-demand session has attendance only if it was held live before', (t) => {
  const { store } = temporaryStore(t);
  const cases: [string, number | null, boolean][] = [
    ['held', START, true],
    ['never-held', null, false],
  ];
  for (const [index, [id, endedAtMs, isRead]] of cases.entries()) {
    link(store, aSession({ id, status: 'on_demand', endedAtMs }), 70 + index);
    store.attendance.recordPass({ sessionId: id, pass: 1, readAtMs: START, registrants: 1, changed: 1 });
    store.registrants.observe(id, PERSON, START);
    know(store, id, 'ana@example.com', 501 + index);
    const part = store.attendance.parts([501 + index]).find(({ sessionId }) => sessionId === id);
    assert.equal(part?.attendanceRead, isRead, id);
    assert.equal([...store.people(id)][0]?.endedAtMs, endedAtMs, id);
  }
});

test('the people of a session: whoever takes part, with their prospect, and whom we registered but have not read', (t) => {
  const { store } = temporaryStore(t);
  link(store, aSession(past(START)), 70);
  link(store, aSession({ id: 'session-2' }), 71);
  const observe = (email: string, over: object = {}) =>
    store.registrants.observe('session-1', { ...PERSON, email, ...over }, START + 1);
  observe('Ana@example.com', { messages: 2, replayKind: 'replay', replayWatchedAtMs: START });
  observe('bob@example.com', { attended: false });
  observe('team@example.com', { role: 'team_member' });
  observe('unknown@example.com', { role: 'unknown' });
  observe('guest@example.com', { isGuestSpeaker: true });
  observe('anonymous@example.com', { isAnonymous: true });
  observe('gone@example.com');
  store.registrants.observeGone('session-1', ['gone@example.com'], START + 2);
  const known = ['ana', 'team', 'gone', 'ours'].map((name) => `${name}@example.com`);
  for (const [index, email] of known.entries()) know(store, 'session-1', email, 501 + index, START + 3);
  observe('under-way@example.com');
  register(store, 'session-1', 'under-way@example.com', 505);
  for (const pass of [1, 2]) {
    const readAtMs = START + 10 * pass;
    store.attendance.recordPass({ sessionId: 'session-1', pass, readAtMs, registrants: 1, changed: 0 });
  }
  const people = [...store.people('session-1')];
  const read = { endedAtMs: START, passes: 2, lastPassAtMs: START + 20, changedAtMs: START + 1 };
  const unread = { endedAtMs: null, passes: 0, lastPassAtMs: null, changedAtMs: START + 3 };
  assert.partialDeepStrictEqual(people, [
    { ...read, emailKey: 'ana@example.com', email: 'Ana@example.com', prospectId: 501, attended: true },
    { ...read, emailKey: 'bob@example.com', prospectId: null, attended: false, replayKind: null },
    { ...unread, emailKey: 'ours@example.com', prospectId: 504, registeredAtMs: START + 3, attended: false },
  ]);
  assert.partialDeepStrictEqual(people[0], { messages: 2, replayKind: 'replay', replayWatchedAtMs: START });
  assert.equal(people.length, 3);
  assert.deepEqual([...store.people('session-2')], []);
  const underWay = { sessionId: 'session-1', emailKey: 'under-way@example.com' };
  store.registrations.conclude(underWay, { outcome: 'dead' }, START);
  assert.equal([...store.people('session-1')].length, 4, 'theirs ended without a prospect');
  assert.deepEqual(store.unregistered('session-1'), [{ emailKey: 'gone@example.com', prospectId: 503 }]);
});

test('unregistered is who is in no session with the list any more, under whatever address', (t) => {
  const { store } = temporaryStore(t);
  const leave = (id: string, email: string, prospectId: number) => {
    store.registrants.observe(id, { ...PERSON, email }, START);
    know(store, id, email, prospectId);
    store.registrants.observeGone(id, [email], START + 1);
  };
  for (const [id, campaignId, listId] of [
    ['session-1', 70, 900],
    ['session-2', 71, 900],
    ['session-3', 72, 901],
  ] as const) {
    link(store, aSession({ id }), campaignId);
    store.links.listed(id, listId, START);
  }
  leave('session-1', 'gone@example.com', 501);
  leave('session-1', 'readdressed@example.com', 502);
  know(store, 'session-1', 'moved@example.com', 502);
  leave('session-1', 'same-list@example.com', 503);
  know(store, 'session-2', 'same-list@example.com', 503);
  leave('session-1', 'gone-from-both@example.com', 504);
  leave('session-2', 'gone-from-both@example.com', 504);
  leave('session-1', 'other-list@example.com', 505);
  know(store, 'session-3', 'other-list@example.com', 505);
  leave('session-1', 'moved-by-admin@example.com', 506);
  know(store, 'session-2', 'moved-by-admin@example.com', 506);
  register(store, 'session-2', 'moved-by-admin@example.com', 506);
  store.moves.move('session-2', 'moved-by-admin@example.com', 'to session-3', START + 1);
  assert.deepEqual(
    store.unregistered('session-1').map(({ prospectId }) => prospectId),
    [504, 501, 506, 505],
  );
});

test('every change that people may need something for is dated', (t) => {
  const { store } = temporaryStore(t);
  const at = () => store.peopleChangedAtMs('session-1') - START;
  assert.equal(store.peopleChangedAtMs('session-1'), 0);
  link(store, aSession());
  const changes: [string, () => void][] = [
    ['mirrored', () => store.links.mirrored('session-1', 70, START + 1)],
    ['listed', () => store.links.listed('session-1', 900, START + 2)],
    ['read', () => store.registrants.observe('session-1', PERSON, START + 3)],
    ['prospect', () => know(store, 'session-1', 'ana@example.com', 501, START + 4)],
    [
      'pass',
      () =>
        store.attendance.recordPass({
          ...{ sessionId: 'session-1', pass: 1, readAtMs: START + 5, registrants: 1, changed: 1 },
        }),
    ],
    ['gone', () => store.registrants.observeGone('session-1', ['ana@example.com'], START + 6)],
    [
      'registration',
      () => {
        register(store, 'session-1', 'bob@example.com', 502);
        const key = { sessionId: 'session-1', emailKey: 'bob@example.com' };
        store.registrations.conclude(key, { outcome: 'dead' }, START + 7);
      },
    ],
  ];
  for (const [index, [name, change]] of changes.entries()) {
    change();
    assert.equal(at(), index + 1, name);
  }
  store.registrants.observeGone('session-1', ['ana@example.com'], START + 9);
  assert.equal(at(), 7, 'they stay gone since they were missed first');
});

test('the first answer to who somebody is stays; the prospect made last for an address is known', (t) => {
  const { store } = temporaryStore(t);
  for (const [index, id] of ['session-1', 'session-2', 'session-3'].entries()) {
    link(store, aSession({ id }), 70 + index);
  }
  const ana = { emailKey: 'ana@example.com', email: 'Ana@example.com' };
  const { sessionProspects } = store;
  assert.equal(sessionProspects.createdFor('ana@example.com'), undefined);
  sessionProspects.know({ ...ana, sessionId: 'session-1', prospectId: 501, origin: 'found' }, START);
  assert.equal(sessionProspects.createdFor('ana@example.com'), undefined);
  sessionProspects.know({ ...ana, sessionId: 'session-1', prospectId: 502, origin: 'created' }, START + 1);
  sessionProspects.know({ ...ana, sessionId: 'session-2', prospectId: 503, origin: 'created' }, START + 1);
  sessionProspects.know({ ...ana, sessionId: 'session-3', prospectId: 504, origin: 'created' }, START + 2);
  assert.deepEqual(sessionProspects.get('session-1', 'ana@example.com'), {
    ...{ ...ana, sessionId: 'session-1', prospectId: 501, origin: 'found', knownAtMs: START },
  });
  assert.equal(sessionProspects.createdFor('ana@example.com')?.prospectId, 504);
  assert.deepEqual(
    sessionProspects.ofSession('session-2').map(({ prospectId }) => prospectId),
    [503],
  );
});

test('what was written adds up field by field; a cleared field counts as never written', (t) => {
  const { attendance } = temporaryStore(t).store;
  assert.deepEqual(attendance.writtenTo(501), {});
  attendance.recordWritten(501, 'session-1', { A__c: '1', B__c: '2' }, START);
  attendance.recordWritten(501, 'session-2', { B__c: null, C__c: '3' }, START);
  assert.deepEqual(attendance.writtenTo(501), { A__c: '1', C__c: '3' });
  assert.deepEqual(attendance.writtenTo(502), {});
});
