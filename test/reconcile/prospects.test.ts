import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PardotClient } from '../../src/clients/pardot.ts';
import type { PardotPeopleClient } from '../../src/clients/pardot-people.ts';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { FieldValue, ProspectMatch } from '../../src/domain.ts';
import { RefusedError, RetryableError } from '../../src/errors.ts';
import { applyDue } from '../../src/reconcile/apply.ts';
import type { Overwrite, ProspectRules } from '../../src/reconcile/plan-people.ts';
import { prospectHandler } from '../../src/reconcile/prospects.ts';
import {
  aProspect,
  aReading,
  aRun,
  aSession,
  fake,
  link,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const AT = { vendor: 'pardot', operation: 'POST /prospects' } as const;
const SETTLE = 150 * SECOND;
const lost = new RetryableError('no answer', { ...AT, applied: 'unknown' });
const refused = (status: number, code?: number) => new RefusedError('no', { ...AT, status, code });
const from = (id: string, overwrite: Overwrite) => ({ from: id, overwrite });

const FIELDS = new Map([
  ['company', from('organisation', 'always')],
  ['lastName', from('last_name', 'when_empty')],
  ['source', from('organisation', 'never')],
]);

/** Ana filled in the form of session-1, on campaign 70, and perhaps that of session-2, on campaign 71. */
function setUp(t: TestContext, over: Partial<ProspectRules> & { email?: string } = {}) {
  const { email = 'ana@example.com', ...rules } = over;
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  /** What queries show; what is made appears here only when a test puts it there. */
  const shown: ProspectMatch[] = [];
  const custom = new Map<number, Readonly<Record<string, FieldValue>>>();
  const errors: (Error | undefined)[] = [];
  const calls: string[] = [];
  let nextId: number | null = 801;
  const fail = () => {
    const error = errors.shift();
    if (error) throw error;
  };
  const pardotPeople = fake<PardotPeopleClient>({
    prospectsByEmail: async (address, fields) => {
      calls.push(`find ${address} ${fields}`);
      return shown.filter((match) => match.email === address);
    },
    createProspect: async ({ email: address, campaignId, values }) => {
      calls.push(`create ${address} ${campaignId} ${JSON.stringify(values)}`);
      fail();
      return { id: nextId };
    },
  });
  const pardot = fake<PardotClient>({
    prospects: async (ids, fields) => {
      calls.push(`read ${ids} ${fields}`);
      return ids.map((id) => aProspect({ id, fields: custom.get(id) ?? {} }));
    },
    updateProspect: async (id, values) => {
      calls.push(`update ${id} ${JSON.stringify(values)}`);
      fail();
    },
  });
  const prospectRules = { fields: FIELDS, recycleBin: 'leave_alone', ...rules } as const;
  const parts = { store, clock, log: recordingLog().log, pardot, pardotPeople, prospectRules };
  const handler = prospectHandler(parts);
  const register = (sessionId: string, campaignId: number) => {
    link(store, aSession({ id: sessionId }), campaignId);
    const fields = { organisation: 'Acme', last_name: 'Lee' };
    store.registrants.observe(sessionId, aReading({ email, fields }), START);
    const key = { sessionId, emailKey: email.toLowerCase() };
    const naturalKey = `${sessionId}/${key.emailKey}`;
    store.effects.want({ kind: 'prospect', naturalKey, ...key, payload: {} }, clock.now());
  };
  register('session-1', 70);
  return {
    ...{ clock, store, shown, custom, errors, register },
    show: (id: number, more: Partial<ProspectMatch> = {}) =>
      shown.push({ ...aProspect({ id, email }), lastActivityAtMs: null, ...more }),
    tellsNoId: () => {
      nextId = null;
    },
    run: () => applyDue(parts, handler, aRun()),
    taken: () => calls.splice(0),
    effect: (sessionId = 'session-1') => store.effects.get('prospect', `${sessionId}/${email.toLowerCase()}`),
    who: (sessionId = 'session-1') => {
      const known = store.sessionProspects.get(sessionId, email.toLowerCase());
      return known && `${known.prospectId} ${known.origin}`;
    },
  };
}

const FIND = 'find ana@example.com company,lastName';
const CREATE = 'create ana@example.com 70 {"company":"Acme","lastName":"Lee","source":"Acme"}';

test('a new prospect is made with the campaign of the session and all that was filled in', async (t) => {
  const { run, taken, who } = setUp(t);
  assert.deepEqual(await run(), { done: 1 });
  assert.deepEqual(taken(), [FIND, CREATE]);
  assert.equal(who(), '801 created');
});

test('a known prospect is updated by the policy, with no word of a campaign; nothing to say is not said', async (t) => {
  const cases: [string, Record<string, FieldValue>, string[]][] = [
    ['other values stand', { company: 'Bolt', lastName: 'Old' }, ['update 501 {"company":"Acme"}']],
    ['an empty name', { company: 'Acme' }, ['update 501 {"lastName":"Lee"}']],
    ['all the same', { company: 'Acme', lastName: 'Old' }, []],
  ];
  for (const [name, fields, written] of cases) {
    const { show, run, taken, who } = setUp(t);
    show(501, { fields });
    await run();
    assert.deepEqual(taken(), [FIND, ...written], name);
    assert.equal(who(), '501 found', name);
  }
});

test('custom fields are read by id, of live prospects only; fields never replaced are not read', async (t) => {
  const fields = new Map([
    ['Size__c', from('organisation', 'when_empty')],
    ['Topic__c', from('last_name', 'when_empty')],
    ['Once__c', from('last_name', 'never')],
    ['company', from('organisation', 'never')],
  ]);
  const { show, custom, run, taken } = setUp(t, { fields });
  show(501);
  show(502, { isDeleted: true });
  custom.set(501, { Size__c: 'L' });
  await run();
  assert.deepEqual(taken(), [
    'find ana@example.com ',
    'read 501 Size__c,Topic__c',
    'update 501 {"Topic__c":"Lee"}',
  ]);
});

test('an address is looked for in lower case, and as it was typed only if that finds nobody', async (t) => {
  const typed = setUp(t, { email: 'Ana@Example.com' });
  typed.show(501, { fields: { company: 'Acme', lastName: 'Lee' } });
  await typed.run();
  assert.deepEqual(typed.taken(), [FIND, 'find Ana@Example.com company,lastName']);
  assert.equal(typed.who(), '501 found');
  const lower = setUp(t, { email: 'Ana@Example.com' });
  lower.show(502, { email: 'ana@example.com', fields: { company: 'Acme', lastName: 'Lee' } });
  await lower.run();
  assert.deepEqual(lower.taken(), [FIND]);
});

test('the recycle bin is left alone with a reason, or passed over', async (t) => {
  for (const [recycleBin, known, state] of [
    ['leave_alone', undefined, 'skipped'],
    ['create_new', '801 created', 'done'],
  ] as const) {
    const { show, run, who, effect } = setUp(t, { recycleBin });
    show(501, { isDeleted: true });
    await run();
    assert.equal(who(), known);
    assert.equal(effect()?.state, state);
    assert.equal(effect()?.reason, known ? null : 'prospect_deleted');
  }
});

test('where an address has one prospect only, the one in the recycle bin stands in the way', async (t) => {
  const { errors, show, run, effect } = setUp(t, { recycleBin: 'create_new' });
  show(501, { isDeleted: true });
  errors.push(refused(400, 9));
  await run();
  assert.partialDeepStrictEqual(effect(), { state: 'skipped', reason: 'prospect_deleted' });
});

test('who is known by now is not looked for', async (t) => {
  const { store, run, taken, effect, who } = setUp(t);
  const ana = { sessionId: 'session-1', emailKey: 'ana@example.com', email: 'ana@example.com' };
  store.sessionProspects.know({ ...ana, prospectId: 501, origin: 'submission' }, START);
  assert.deepEqual(await run(), { skipped: 1 });
  assert.deepEqual(taken(), []);
  assert.equal(effect()?.reason, null);
  assert.equal(who(), '501 submission');
});

test('a prospect whose making got no answer is looked for once reads can show it, and made again only then', async (t) => {
  for (const isThere of [true, false]) {
    const { clock, errors, show, run, taken, who } = setUp(t);
    errors.push(lost);
    await run();
    if (isThere) show(801, { fields: { company: 'Acme', lastName: 'Lee' } });
    taken();
    await clock.advance(SETTLE - 1);
    await run();
    assert.deepEqual(taken(), []);
    await clock.advance(1);
    await run();
    assert.deepEqual(taken(), isThere ? [FIND] : [FIND, CREATE]);
    assert.equal(who(), isThere ? '801 found' : '801 created');
  }
});

test('a prospect that was made but may not be seen waits for an admin, it is not made again', async (t) => {
  const { clock, tellsNoId, run, taken, effect, who } = setUp(t);
  tellsNoId();
  assert.deepEqual(await run(), { dead: 1 });
  assert.match(effect()?.problem?.hint ?? '', /view prospects/);
  taken();
  await clock.advance(SETTLE * 4);
  await run();
  assert.deepEqual(taken(), []);
  assert.equal(who(), undefined);
});

test('an address that is taken belongs to somebody not yet seen', async (t) => {
  for (const code of [9, 54]) {
    const { clock, errors, show, run, effect, who } = setUp(t);
    errors.push(refused(400, code));
    assert.deepEqual(await run(), { retry: 1 });
    assert.equal(effect()?.state, 'pending', 'nothing was applied');
    show(501);
    await clock.advance(SETTLE);
    await run();
    assert.equal(who(), '501 found', String(code));
  }
  const { errors, run, effect } = setUp(t);
  errors.push(refused(400, 4));
  await run();
  assert.equal(effect()?.state, 'dead', 'any other refusal stands');
});

test('a second session of the same person takes the prospect just made, seen or not', async (t) => {
  const { clock, store, register, run, taken, who } = setUp(t);
  await run();
  taken();
  register('session-2', 71);
  await clock.advance(SETTLE - 1);
  await run();
  assert.deepEqual(taken(), [FIND]);
  assert.equal(who('session-2'), '801 found');
  assert.equal(store.sessionProspects.createdFor('ana@example.com')?.sessionId, 'session-1');
});

test('a prospect made long ago that nobody shows any more is made anew', async (t) => {
  const { clock, register, run, who } = setUp(t);
  await run();
  register('session-2', 71);
  await clock.advance(SETTLE);
  await run();
  assert.equal(who('session-2'), '801 created');
});

test('while it is uncertain whether one session made the prospect, another makes none', async (t) => {
  const { clock, errors, register, show, run, taken, who } = setUp(t);
  register('session-2', 71);
  errors.push(lost);
  assert.deepEqual(await run(), { retry: 2 });
  assert.equal(taken().filter((call) => call.startsWith('create')).length, 1);
  show(801, { fields: { company: 'Acme', lastName: 'Lee' } });
  await clock.advance(HOUR);
  await run();
  assert.deepEqual(taken(), [FIND, FIND]);
  assert.deepEqual([who('session-1'), who('session-2')], ['801 found', '801 found']);
});

test('a prospect deleted or merged between looking and writing is looked for again', async (t) => {
  for (const error of [refused(404), refused(404, 109), refused(400, 219)]) {
    const { clock, errors, shown, show, run, who } = setUp(t);
    show(501);
    errors.push(error);
    assert.deepEqual(await run(), { retry: 1 });
    shown.splice(0);
    show(502);
    await clock.advance(MINUTE);
    await run();
    assert.equal(who(), '502 found');
  }
});
