import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PardotClient } from '../../src/clients/pardot.ts';
import type { PardotImportsClient } from '../../src/clients/pardot-imports.ts';
import type { PardotPeopleClient } from '../../src/clients/pardot-people.ts';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { type ActivityTrace, emailKey, type Session } from '../../src/domain.ts';
import { RefusedError, RetryableError } from '../../src/errors.ts';
import { type PeopleParts, peopleReconciler } from '../../src/reconcile/people.ts';
import type { RegistrantReading } from '../../src/store/registrants.ts';
import type { ProspectOrigin } from '../../src/store/session-prospects.ts';
import {
  aReading,
  aRun,
  aSession,
  fake,
  link,
  past,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const AT = { vendor: 'pardot', operation: 'POST' } as const;
const lost = new RetryableError('no answer', { ...AT, applied: 'unknown' });
const refused = (status: number, code?: number) => new RefusedError('no', { ...AT, status, code });

type Options = Partial<Pick<PeopleParts, 'removeUnregistered'>> & {
  session?: Partial<Session>;
  flows?: Partial<PeopleParts['flows']>;
};

/** Session-1 on campaign 70 and list 900. Whoever is not in Pardot is made as prospect 801, 802, ... */
function setUp(t: TestContext, { session = {}, flows = {}, removeUnregistered = false }: Options = {}) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const { log } = recordingLog();
  const errors: Record<'add' | 'remove' | 'tell' | 'look', Error[]> = {
    add: [],
    remove: [],
    tell: [],
    look: [],
  };
  const calls: string[] = [];
  const traces: ActivityTrace[] = [];
  let made = 800;
  const record = (call: string, failures: Error[] = []) => {
    calls.push(call);
    const error = failures.shift();
    if (error) throw error;
  };
  const pardotPeople = fake<PardotPeopleClient>({
    prospectsByEmail: async () => [],
    createProspect: async ({ email }) => {
      record(`create ${email}`);
      return { id: ++made };
    },
    addToList: async (listId, prospectId) => record(`add ${listId}/${prospectId}`, errors.add),
    removeFromList: async (listId, prospectId) => record(`remove ${listId}/${prospectId}`, errors.remove),
    createExternalActivity: async ({ extension, type, email, value, happenedAtMs }) =>
      record(`${extension} ${type} ${email} ${value} ${(happenedAtMs - START) / SECOND}`, errors.tell),
    externalActivitiesBetween: async (fromMs, toMs) => {
      record(`look ${(fromMs - START) / MINUTE}m..${(toMs - START) / MINUTE}m`, errors.look);
      return traces;
    },
  });
  link(store, aSession(session));
  store.links.listed('session-1', 900, START);
  const reconcile = peopleReconciler({
    ...{ store, clock, log, pardotPeople, removeUnregistered },
    flows: { registrants: true, externalActivities: false, ...flows },
    pardot: fake<PardotClient>({}),
    pardotImports: fake<PardotImportsClient>({}),
    importFrom: 0,
    prospectRules: { fields: new Map(), recycleBin: 'leave_alone' },
  });
  const observe = (email: string, over: Partial<RegistrantReading> = {}) =>
    store.registrants.observe('session-1', aReading({ email, attended: false, ...over }), clock.now());
  const know = (email: string, prospectId: number, origin: ProspectOrigin = 'submission') =>
    store.sessionProspects.know(
      { sessionId: 'session-1', emailKey: emailKey(email), email, prospectId, origin },
      clock.now(),
    );
  return {
    ...{ clock, store, errors, traces, observe, know },
    run: () => reconcile(aRun()),
    taken: () => calls.splice(0),
    membership: (prospectId: number) => store.effects.get('list_membership', `900/${prospectId}`),
    activity: (type: string, email = 'ana@example.com') =>
      store.effects.get('external_activity', `session-1/${email}/${type}`),
  };
}

const NOTHING = { prospects: 0, memberships: 0, importSteps: 0, removals: 0, activities: 0 };
const ANA = 'ana@example.com';

test('registrants become prospects and go on the list in one run, each exactly once', async (t) => {
  const { clock, observe, run, taken } = setUp(t);
  observe('ana@example.com');
  observe('bob@example.com');
  observe('team@example.com', { role: 'team_member' });
  assert.deepEqual(await run(), { ...NOTHING, prospects: 2, memberships: 2 });
  assert.deepEqual(taken(), [
    'create ana@example.com',
    'create bob@example.com',
    'add 900/801',
    'add 900/802',
  ]);
  for (let again = 0; again < 3; again++) {
    observe('ana@example.com', { messages: again });
    await clock.advance(MINUTE);
    assert.deepEqual(await run(), NOTHING);
  }
  assert.deepEqual(taken(), []);
});

test('whom we registered ourselves gets no prospect of ours, but the list and the activities', async (t) => {
  const { clock, store, observe, know, run, taken } = setUp(t, { flows: { externalActivities: true } });
  know('Ana@Example.com', 501);
  await clock.advance(MINUTE);
  await run();
  const told = 'Livestorm Registered Ana@Example.com session-1 0';
  assert.deepEqual(taken(), ['add 900/501', told]);
  observe('ana@example.com', { registeredAtMs: START + MINUTE });
  await clock.advance(MINUTE);
  assert.deepEqual(await run(), NOTHING, 'they come back through the people list');
  assert.deepEqual(store.effects.all('prospect'), []);
});

test('somebody whose registration by us is still on its way is waited for', async (t) => {
  const { clock, store, observe, know, run, taken } = setUp(t);
  const key = { sessionId: 'session-1', emailKey: ANA };
  const request = { ...key, email: ANA, activityId: 1, prospectId: 501, fields: {}, requestedAtMs: START };
  store.registrations.request(request, START);
  observe(ANA);
  assert.deepEqual(await run(), NOTHING);
  await clock.advance(MINUTE);
  store.registrations.conclude(key, { outcome: 'registered' }, clock.now());
  know(ANA, 501);
  await run();
  assert.deepEqual(taken(), ['add 900/501']);
});

test('each flow can be off: registrants make prospects, activities are told, and everybody known is listed', async (t) => {
  const cases: [PeopleParts['flows'], string[]][] = [
    [{ registrants: false, externalActivities: false }, ['add 900/501']],
    [
      { registrants: true, externalActivities: false },
      ['create bob@example.com', 'add 900/501', 'add 900/801'],
    ],
    [
      { registrants: false, externalActivities: true },
      ['add 900/501', 'Livestorm Registered ana@example.com session-1 0'],
    ],
  ];
  for (const [flows, expected] of cases) {
    const { observe, know, run, taken } = setUp(t, { flows });
    know(ANA, 501);
    observe('bob@example.com');
    await run();
    assert.deepEqual(taken(), expected);
  }
});

test('nothing is planned before the campaign is mirrored, no membership before there is a list', async (t) => {
  const { clock, store, run, taken } = setUp(t);
  link(store, aSession({ id: 'session-2' }), null);
  store.registrants.observe('session-2', aReading(), START);
  assert.deepEqual(await run(), NOTHING);
  await clock.advance(MINUTE);
  store.links.mirrored('session-2', 71, clock.now());
  await run();
  assert.deepEqual(taken(), ['create ana@example.com']);
  await clock.advance(MINUTE);
  store.links.listed('session-2', 901, clock.now());
  await run();
  assert.deepEqual(taken(), ['add 901/801']);
});

test('a reading older than the last planning is not overlooked after the clock was set back', async (t) => {
  const { clock, observe, run, taken } = setUp(t);
  await clock.advance(HOUR);
  await run();
  clock.jump(-HOUR);
  observe(ANA);
  await run();
  assert.deepEqual(taken(), ['create ana@example.com', 'add 900/801']);
});

test('a member already is a success; an answer that was lost is asked for again', async (t) => {
  for (const first of [refused(400, 58), lost]) {
    const { clock, errors, know, run, taken, membership } = setUp(t);
    know(ANA, 501);
    errors.add.push(first, refused(400, 58));
    await run();
    await clock.advance(MINUTE);
    await run();
    assert.equal(membership(501)?.state, 'done');
    assert.deepEqual(taken(), first === lost ? ['add 900/501', 'add 900/501'] : ['add 900/501']);
  }
});

test('a prospect that is gone is skipped with its reason: at once when deleted, else when it cannot be just new', async (t) => {
  const cases: [RefusedError, number][] = [
    [refused(400, 219), 1],
    [refused(404, 109), 8],
    [refused(400, 3), 8],
    [refused(404), 8],
  ];
  for (const [error, attempts] of cases) {
    const { clock, errors, know, run, taken, membership } = setUp(t);
    know(ANA, 501);
    errors.add.push(...Array.from({ length: attempts }, () => error));
    await run();
    const name = `${error.status} ${error.code}`;
    const isSkippedAtOnce = membership(501)?.state === 'skipped';
    assert.equal(isSkippedAtOnce, attempts === 1, name);
    let waitedMs = 0;
    while (membership(501)?.state === 'pending') {
      waitedMs = (membership(501)?.nextAttemptAtMs ?? 0) - START;
      await clock.advance(waitedMs - (clock.now() - START));
      await run();
    }
    assert.partialDeepStrictEqual(membership(501), { state: 'skipped', reason: 'prospect_deleted' }, name);
    assert.equal(taken().length, attempts, name);
    if (attempts > 1) assert.ok(waitedMs > MINUTE, `${name}: reads may lag a minute`);
  }
  const { errors, know, run, membership } = setUp(t);
  know(ANA, 501);
  errors.add.push(refused(400, 55));
  await run();
  assert.equal(membership(501)?.state, 'dead', 'a list that is gone is for an admin');
});

test('who was unregistered leaves the list only if configured, and is added again when they come back', async (t) => {
  for (const removeUnregistered of [false, true]) {
    const { clock, store, observe, run, taken } = setUp(t, { removeUnregistered });
    observe(ANA);
    await run();
    taken();
    for (let round = 0; round < 2; round++) {
      await clock.advance(MINUTE);
      store.registrants.observeGone('session-1', [ANA], clock.now());
      await run();
      await clock.advance(MINUTE);
      observe(ANA);
      await run();
      assert.deepEqual(taken(), removeUnregistered ? ['remove 900/801', 'add 900/801'] : []);
    }
  }
});

test('who comes back before they were removed is on the list in the end', async (t) => {
  for (const first of [lost, refused(404)]) {
    const { clock, store, errors, observe, run, taken } = setUp(t, { removeUnregistered: true });
    observe(ANA);
    await run();
    taken();
    errors.remove.push(first);
    await clock.advance(MINUTE);
    store.registrants.observeGone('session-1', [ANA], clock.now());
    await run();
    await clock.advance(MINUTE);
    observe(ANA);
    await run();
    await clock.advance(MINUTE);
    await run();
    assert.equal(taken().at(-1), 'add 900/801');
  }
});

const TOOK_PLACE = { session: past(START), flows: { externalActivities: true } };

test('what happened is told once per person and session, each at its time', async (t) => {
  const { clock, store, observe, know, run, taken } = setUp(t, TOOK_PLACE);
  know(ANA, 501);
  const there = { attended: true, durationSeconds: 1800, messages: 2, questions: 1 };
  const watched = { replayKind: 'replay', replayWatchedAtMs: START + HOUR } as const;
  observe(ANA, { registeredAtMs: START, ...there });
  const pass = async (number: number) => {
    await clock.advance(10 * MINUTE);
    const readAtMs = clock.now();
    store.attendance.recordPass({
      sessionId: 'session-1',
      pass: number,
      readAtMs,
      registrants: 1,
      changed: 0,
    });
    await run();
    return taken().filter((call) => call.startsWith('Livestorm'));
  };
  const told = (type: string, value: string, s: number) => `Livestorm ${type} ${ANA} ${value} ${s}`;
  assert.deepEqual(await pass(1), [told('Registered', 'session-1', 0), told('Attended', 'session-1', 0)]);
  assert.deepEqual(await pass(2), [
    told('AttendanceDuration', '1800', 0),
    told('MessagesSent', '2', 0),
    told('QuestionsAsked', '1', 0),
  ]);
  observe(ANA, { registeredAtMs: START - HOUR, ...there, messages: 9, ...watched });
  assert.deepEqual(
    await pass(3),
    [told('WatchedReplay', 'session-1', 3600)],
    'what was told stays as it was',
  );
  assert.deepEqual(await pass(4), []);
});

test('an activity whose answer was lost is looked for once reads can show it, and told again only if absent', async (t) => {
  const ours: ActivityTrace = {
    extension: 'Livestorm',
    type: 'Registered',
    email: 'ANA@example.com',
    value: 'session-1',
    happenedAtMs: START,
  };
  /** What is there by then, and how often it is told in the end. */
  const cases: [string, ActivityTrace[], number][] = [
    ['it had arrived', [{ ...ours, type: 'Attended' }, ours], 1],
    ['dated in whole seconds', [{ ...ours, happenedAtMs: START + 999 }], 1],
    ['nothing', [], 2],
    ['of somebody else', [{ ...ours, email: 'bob@example.com' }], 2],
    ['of another type', [{ ...ours, type: 'Attended' }], 2],
    ['of another session', [{ ...ours, value: 'session-2' }], 2],
    ['of another time', [{ ...ours, happenedAtMs: START + SECOND }], 2],
  ];
  for (const [name, there, times] of cases) {
    const { clock, errors, traces, know, run, taken, activity } = setUp(t, {
      flows: { externalActivities: true },
    });
    know(ANA, 501);
    errors.tell.push(lost);
    await run();
    taken();
    traces.push(...there);
    await clock.advance(149 * SECOND);
    await run();
    assert.deepEqual(taken(), [], `${name}: nothing can be concluded yet`);
    await clock.advance(SECOND);
    await run();
    const [look, ...again] = taken();
    assert.equal(look, 'look -1440m..1440m', name);
    assert.equal(1 + again.length, times, name);
    assert.equal(activity('Registered')?.state, 'done', name);
  }
});

test('as long as it cannot be looked for nothing is told', async (t) => {
  const { clock, errors, know, run, taken, activity } = setUp(t, { flows: { externalActivities: true } });
  know(ANA, 501);
  errors.tell.push(lost);
  await run();
  taken();
  errors.look.push(lost, refused(400, 211));
  for (let look = 0; look < 2; look++) {
    await clock.advance(150 * SECOND);
    await run();
    assert.deepEqual(taken(), ['look -1440m..1440m']);
    assert.equal(activity('Registered')?.state, 'unknown');
  }
  await clock.advance(150 * SECOND);
  await run();
  assert.equal(taken().length, 2);
  assert.equal(activity('Registered')?.state, 'done');
});

test('an address that nobody knows is too new at first, and then gone', async (t) => {
  for (const code of [4, 14, 92]) {
    const { clock, errors, know, run, taken, activity } = setUp(t, { flows: { externalActivities: true } });
    know(ANA, 501);
    errors.tell.push(refused(400, code), refused(400, code));
    await run();
    assert.equal(activity('Registered')?.state, 'pending', String(code));
    await clock.advance(10 * MINUTE);
    await run();
    const { state, reason } = activity('Registered') ?? {};
    assert.deepEqual([state, reason], ['skipped', 'prospect_deleted'], String(code));
    assert.equal(taken().filter((call) => call.startsWith('Livestorm')).length, 2);
  }
  const { errors, know, run, activity } = setUp(t, { flows: { externalActivities: true } });
  know(ANA, 501);
  errors.tell.push(refused(400, 219));
  await run();
  assert.partialDeepStrictEqual(activity('Registered'), { state: 'skipped', reason: 'prospect_deleted' });
});
