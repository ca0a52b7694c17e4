import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LivestormClient, RegistrationAnswer } from '../../src/clients/livestorm.ts';
import { DAY, HOUR, SECOND } from '../../src/clock.ts';
import type { FieldValue, Registrant, Session } from '../../src/domain.ts';
import { ParkedError, RefusedError, RetryableError } from '../../src/errors.ts';
import { registrationsReconciler } from '../../src/reconcile/registrations.ts';
import {
  aField,
  anEvent,
  aProspect,
  aReading,
  aRegistrant,
  aRun,
  aSession,
  aSubmission,
  fake,
  link,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

type Answer = RegistrationAnswer | Error;

const AT = { vendor: 'livestorm', operation: 'POST /sessions/{id}/people' } as const;
const REGISTERED = { result: 'registered', personId: 'person-1', role: 'participant' } as const;
const unknownField = (fieldId: string | null) => ({ result: 'unknown_field', fieldId }) as const;
const refused = new RefusedError('no', { ...AT, status: 422 });

interface Vendor {
  /** To `register`, one after the other. */
  answers: Answer[];
  people?: Registrant[];
  session?: Session | null;
}

/** Session-1 on campaign 70, whose form has company and topics; Ana submits with company, topics and phone. */
function setUp(t: TestContext, vendor: Vendor, submissions = [aSubmission()]) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const { log, lines } = recordingLog();
  link(store, aSession());
  store.sessions.observeEvent(anEvent({ fields: [aField(), aField({ id: 'topics' })] }), START);
  const fields = { company: 'Acme', topics: 'a', phone: '1' };
  for (const submission of submissions) {
    const { prospect } = submission;
    store.submissions.observe({ ...submission, prospect: prospect && { ...prospect, fields } }, null, START);
  }
  const sent: Readonly<Record<string, FieldValue>>[] = [];
  const livestorm = fake<LivestormClient>({
    register: async (_id, form) => {
      sent.push(form);
      const answer = vendor.answers.shift() ?? new Error('one request too many');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    findRegistrant: async (_id, email) => vendor.people?.find((person) => person.email === email) ?? null,
    session: async () => (vendor.session === undefined ? aSession() : vendor.session),
  });
  const rules = {
    fields: new Map(Object.keys(fields).map((name) => [name, name])),
    allowedDomains: [],
    deniedDomains: [],
  };
  const reconcile = registrationsReconciler({ livestorm, store, clock, log, rules });
  const end = (email = 'ana@example.com') => store.registrations.get('session-1', email);
  return { clock, store, lines, sent, end, run: () => reconcile(aRun()) };
}

test('every answer has its outcome; a field that is unknown after all is left out once, then all are', async (t) => {
  const full = ['company', 'topics'];
  /** Answers, fields sent beside the e-mail, outcome, fields named in the detail. */
  const cases: [Answer[], string[][], string, string[]][] = [
    [[REGISTERED], [full], 'registered', ['phone']],
    [[{ ...REGISTERED, role: 'team_member' }], [full], 'team_member', ['phone']],
    [[{ result: 'already_registered' }], [full], 'already_registered', ['phone']],
    [[unknownField('company'), REGISTERED], [full, ['topics']], 'field_unknown', ['phone', 'company']],
    [
      [unknownField('company'), { result: 'already_registered' }],
      [full, ['topics']],
      'already_registered',
      ['phone', 'company'],
    ],
    [
      [unknownField('company'), unknownField('topics'), REGISTERED],
      [full, ['topics'], []],
      'field_unknown',
      ['phone', 'company', 'topics'],
    ],
    [[unknownField(null), REGISTERED], [full, []], 'field_unknown', ['phone', 'company', 'topics']],
    [[unknownField('never sent'), REGISTERED], [full, []], 'field_unknown', ['phone', 'company', 'topics']],
  ];
  for (const [answers, fields, outcome, named] of cases) {
    const { sent, end, run } = setUp(t, { answers: [...answers] });
    await run();
    assert.deepEqual(
      sent.map(({ email, ...others }) => [email, Object.keys(others)]),
      fields.map((names) => ['ana@example.com', names]),
    );
    assert.equal(end()?.outcome, outcome);
    assert.equal(end()?.detail, `without ${named.join(', ')}`);
  }
});

test('whoever is there already is looked up, as the team need not have been read', async (t) => {
  for (const [role, outcome] of [
    ['team_member', 'team_member'],
    ['participant', 'already_registered'],
  ] as const) {
    const people = [aRegistrant({ role, personId: 'person-7' })];
    const { end, run } = setUp(t, { answers: [{ result: 'already_registered' }], people });
    await run();
    assert.deepEqual([end()?.outcome, end()?.personId], [outcome, 'person-7']);
  }
});

test('the frozen address is sent, whatever the fields say', async (t) => {
  const { store, sent, run } = setUp(t, { answers: [REGISTERED] }, []);
  store.sessions.observeEvent(anEvent({ fields: [aField({ id: 'email' })] }), START);
  const key = { sessionId: 'session-1', emailKey: 'ana@example.com' };
  const fields = { email: 'later@example.com' };
  const registration = { ...key, email: 'Ana@example.com', activityId: 1, prospectId: 501, fields };
  store.registrations.request({ ...registration, requestedAtMs: START }, START);
  store.effects.want({ kind: 'livestorm_registration', naturalKey: 'x', ...key, payload: {} }, START);
  await run();
  assert.deepEqual(sent, [{ email: 'Ana@example.com' }]);
});

test('a person is registered once, however often and under whatever letter case they submit', async (t) => {
  const again = [
    aSubmission(),
    aSubmission({ activityId: 1002, prospect: aProspect({ id: 502, email: 'ANA@example.com' }) }),
    aSubmission({ activityId: 1003, campaignId: 99 }),
  ];
  const { store, sent, run } = setUp(t, { answers: [REGISTERED] }, again);
  assert.deepEqual(await run(), { requested: 1, ended: 1, done: 1 });
  assert.deepEqual(await run(), { requested: 0, ended: 0 });
  assert.equal(sent.length, 1);
  assert.deepEqual(
    store.submissions.countsByOutcome(),
    [{ outcome: 'campaign_unlinked', count: 1 }],
    'the second submission belongs to the registration',
  );
});

test('whoever submits again after they were registered is looked up, and registered only if they left', async (t) => {
  const registeredByUs = { personId: 'person-1', registeredAtMs: START };
  const cases: [boolean, Registrant[], number][] = [
    [false, [aRegistrant(registeredByUs)], 1],
    [false, [], 2],
    [true, [], 1],
  ];
  for (const [isDeleted, people, requests] of cases) {
    const { clock, store, sent, end, run } = setUp(t, { answers: [REGISTERED, REGISTERED], people });
    await run();
    // As the people list was read last: who has left since is still in it.
    store.registrants.observe('session-1', aReading({ ...registeredByUs, email: 'ana@example.com' }), START);
    await clock.advance(HOUR);
    const again = aSubmission({ activityId: 1002, createdAtMs: clock.now() });
    store.submissions.observe(again, null, clock.now());
    await run();
    if (isDeleted) store.sessions.observeGone('session-1', clock.now());
    await clock.advance(30 * SECOND);
    await run();
    assert.deepEqual([end()?.outcome, end()?.activityId, sent.length], ['registered', 1002, requests]);
  }
});

test('whoever is in the people list is looked up before anything is sent', async (t) => {
  const before = { personId: 'person-7', registeredAtMs: START - HOUR };
  const cases: [string, Registrant[], number][] = [
    ['already_registered', [aRegistrant(before)], 0],
    ['registered', [], 1],
  ];
  for (const [outcome, people, requests] of cases) {
    const { store, sent, end, run } = setUp(t, { answers: [REGISTERED], people });
    store.registrants.observe('session-1', aReading({ ...before, email: 'ana@example.com' }), START);
    await run();
    assert.deepEqual([end()?.outcome, sent.length], [outcome, requests]);
  }
});

test('of the team nobody is looked up', async (t) => {
  const { store, sent, end, run } = setUp(t, { answers: [] });
  store.registrants.observe('session-1', aReading({ role: 'team_member', email: 'ana@example.com' }), START);
  await run();
  assert.deepEqual([end()?.outcome, sent.length], ['team_member', 0]);
  const effect = store.effects.get('livestorm_registration', 'session-1/ana@example.com');
  assert.equal(effect?.state, 'skipped');
});

test('a form that was pointed elsewhere since is reported, its submission stays where it was made', async (t) => {
  const { lines, end, run } = setUp(t, { answers: [REGISTERED] }, [aSubmission({ assetCampaignId: 71 })]);
  await run();
  assert.equal(end()?.outcome, 'registered');
  assert.deepEqual(
    lines.filter(({ level }) => level === 'warn').map(({ activityId }) => activityId),
    [1001],
  );
});

test('who cannot be registered any more is not sent', async (t) => {
  const team = aReading({ role: 'team_member' });
  const cases: [string, (store: ReturnType<typeof setUp>['store']) => void][] = [
    ['session_canceled', (store) => store.sessions.observe(aSession({ status: 'canceled' }), START)],
    ['session_ended', (store) => store.sessions.observe(aSession({ status: 'past' }), START)],
    ['session_gone', (store) => store.sessions.observeGone('session-1', START)],
    ['team_member', (store) => store.registrants.observe('session-1', team, START)],
  ];
  for (const [outcome, change] of cases) {
    const soon = new RetryableError('no answer', { ...AT, applied: 'not_applied' });
    const { clock, store, sent, end, run } = setUp(t, { answers: [soon] });
    await run();
    change(store);
    await clock.advance(DAY);
    await run();
    assert.equal(sent.length, 1, outcome);
    assert.equal(end()?.outcome, outcome);
    assert.equal(store.effects.get('livestorm_registration', 'session-1/ana@example.com')?.reason, outcome);
  }
});

test('a refusal is explained by the state of the session', async (t) => {
  const cases: [Session | null, string][] = [
    [aSession({ status: 'past' }), 'session_ended'],
    [aSession({ status: 'canceled' }), 'session_canceled'],
    [null, 'session_gone'],
    [aSession(), 'dead'],
  ];
  for (const [session, outcome] of cases) {
    const { end, run } = setUp(t, { answers: [refused], session });
    await run();
    assert.equal(end()?.outcome, outcome);
  }
  const { store, end, run } = setUp(t, { answers: [unknownField('email')] });
  await run();
  assert.equal(end()?.outcome, 'dead', 'no form without an e-mail field');
  assert.equal(store.effects.open()[0]?.state, 'dead');
});

test('a lost answer is looked up before anything is sent again', async (t) => {
  const lost = new RetryableError('no answer', { ...AT, applied: 'unknown' });
  const cases: [string, Registrant[], number][] = [
    ['registered', [aRegistrant()], 1],
    ['team_member', [aRegistrant({ role: 'team_member' })], 1],
    ['registered', [], 2],
  ];
  for (const [outcome, people, requests] of cases) {
    const { clock, store, sent, end, run } = setUp(t, { answers: [lost, REGISTERED], people });
    await run();
    assert.equal(end()?.outcome, null);
    if (people.length > 0) store.sessions.observe(aSession({ status: 'past' }), START);
    await clock.advance(30 * SECOND);
    await run();
    assert.deepEqual([end()?.outcome, end()?.personId, sent.length], [outcome, 'person-1', requests]);
  }
});

test('who waits for quota or credentials says so until it is over', async (t) => {
  for (const [reason, outcome] of [
    ['quota', 'quota_parked'],
    ['allowance', 'quota_parked'],
    ['auth', 'auth_parked'],
  ] as const) {
    const park = new ParkedError('parked', { ...AT, reason, untilMs: START + DAY });
    const bob = aSubmission({ activityId: 1002, prospect: aProspect({ id: 502, email: 'bob@example.com' }) });
    const answers = [park, park, park, REGISTERED, REGISTERED];
    const { clock, end, run } = setUp(t, { answers }, [aSubmission(), bob]);
    await run();
    assert.deepEqual([end()?.outcome, end('bob@example.com')?.outcome], [outcome, outcome]);
    answers.splice(0, answers.length - 2);
    await clock.advance(DAY);
    await run();
    assert.deepEqual([end()?.outcome, end('bob@example.com')?.outcome], ['registered', 'registered']);
  }
});
