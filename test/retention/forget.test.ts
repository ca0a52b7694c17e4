import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DAY, HOUR } from '../../src/clock.ts';
import { BusyError } from '../../src/errors.ts';
import { forgetPerson } from '../../src/retention/forget.ts';
import { exportPerson } from '../../src/retention/person-export.ts';
import { hasTraceOf } from '../../src/retention/traces.ts';
import { InstanceLock } from '../../src/store/instance-lock.ts';
import { lockFile, stateFile } from '../../src/store/store.ts';
import {
  aReading,
  aRegistrant,
  aSession,
  aSubmission,
  link,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { World } from '../support/world.ts';

const ADDRESS = 'Ada.Lovelace@Example.org';
const KEY = 'ada.lovelace@example.org';
const OTHER = 'not.ada.lovelace@example.org';

/** State, log and shared memory. */
const filesOf = (stateDir: string): string[] =>
  ['', '-wal', '-shm'].map((suffix) => `${stateFile(stateDir)}${suffix}`);

/** Two people from a form, one from Livestorm, all of the session's work done. */
async function livedThrough(world: World): Promise<string> {
  const { sessionId, formId, startsAtMs } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  pardot.world.submitForm(formId, { email: ADDRESS, firstName: 'Ada' });
  pardot.world.submitForm(formId, { email: OTHER, company: `knows ${ADDRESS}` });
  await world.minutes(3);
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  livestorm.world.join(sessionId, KEY, { durationSeconds: 1200 });
  await world.minutes(2);
  livestorm.world.endSession(sessionId);
  await world.minutes(45);
  return sessionId;
}

test('whoever is forgotten is in no byte of the state any more, and does not come back by reading the past again', async () => {
  await using world = await World.start({ inProcess: true });
  const { livestorm } = world.sandbox;
  const event = livestorm.world.createEvent({ title: 'Next one' });
  const { id: next } = livestorm.world.createSession(event.id, { startsAtMs: world.clock.now() + 3 * DAY });
  const sessionId = await livedThrough(world);
  const { stateDir } = world.config;
  assert.ok(filesOf(stateDir).some((file) => hasTraceOf(file, KEY, [OTHER])));
  assert.ok(exportPerson(world.store, ADDRESS, world.clock.now()).held);
  using _running = InstanceLock.take(lockFile(stateDir));
  const { erasure, files } = await forgetPerson(KEY, { stateDir, clock: world.clock });
  assert.deepEqual(erasure.sessionIds, [sessionId]);
  assert.equal(erasure.prospectIds.length, 1);
  assert.deepEqual(
    files.map(({ trouble }) => trouble),
    [null],
  );
  assert.ok(!exportPerson(world.store, ADDRESS, world.clock.now()).held);

  await world.minutes(20);
  world.restart();
  await world.skipTo(world.clock.now() + 25 * HOUR);
  await world.minutes(2);
  for (const file of filesOf(stateDir)) assert.ok(!hasTraceOf(file, KEY, [OTHER]), file);
  assert.ok(exportPerson(world.store, OTHER, world.clock.now()).held);
  assert.equal(world.store.registrants.get(sessionId, KEY), undefined);
  assert.ok(world.store.registrants.get(sessionId, OTHER));
  assert.deepEqual(world.failures, []);

  const campaignId = world.store.links.get(next)?.pardotCampaignId ?? 0;
  const form = world.sandbox.pardot.world.createForm({ name: 'next', campaignId });
  world.sandbox.pardot.world.submitForm(form, { email: ADDRESS });
  await world.minutes(4);
  assert.equal(world.outcomeOf(next, ADDRESS), 'registered');
  assert.equal([...world.store.people(next)].length, 1);
});

test('a request on its way is waited for, and nothing is erased meanwhile; without a daemon there is none', async (t) => {
  const { store, stateDir } = temporaryStore(t);
  const clock = new VirtualClock(START);
  store.sessions.observe(aSession(), START);
  const wanted = { kind: 'livestorm_registration', naturalKey: `session-1/${KEY}`, emailKey: KEY } as const;
  store.effects.want({ ...wanted, sessionId: 'session-1', payload: {} }, START);
  store.effects.markSending(store.effects.get(wanted.kind, wanted.naturalKey)?.id ?? 0, START);
  {
    using _running = InstanceLock.take(lockFile(stateDir));
    const attempt = assert.rejects(forgetPerson(KEY, { stateDir, clock }), (error: unknown) => {
      assert.ok(error instanceof BusyError);
      assert.match(error.message, /livestorm_registration\); nothing was erased/);
      return true;
    });
    for (let step = 0; step < 30; step++) await clock.advance(500);
    await attempt;
    assert.equal(store.effects.open().length, 1);
  }
  const { erasure } = await forgetPerson(KEY, { stateDir, clock });
  assert.equal(erasure.canceled, 1);
  assert.equal(store.effects.open().length, 0);
});

test('work that was not sent is canceled, also in an import; texts of others lose the address alone', async (t) => {
  const { store, stateDir } = temporaryStore(t);
  link(store, aSession());
  for (const email of [KEY, OTHER]) {
    store.registrants.observe('session-1', aReading({ email, fields: { q: `by ${ADDRESS}` } }), START);
    store.effects.want(
      {
        kind: 'prospect',
        naturalKey: `session-1/${email}`,
        sessionId: 'session-1',
        emailKey: email,
        payload: {},
      },
      START,
    );
  }
  store.effects.want(
    { kind: 'prospect_import', naturalKey: 'import', sessionId: 'session-1', payload: { rows: [[ADDRESS]] } },
    START,
  );
  const importId = store.effects.get('prospect_import', 'import')?.id ?? 0;
  for (const { id } of store.effects.all('prospect')) store.carried.carry(importId, id);
  const { files } = await forgetPerson(KEY, { stateDir, clock: new VirtualClock(START) });
  assert.equal(files[0]?.trouble, null);
  assert.deepEqual(
    store.carried.listOf(importId).map(({ emailKey }) => emailKey),
    [OTHER],
  );
  assert.deepEqual(store.effects.get('prospect_import', 'import')?.payload, { rows: [['[forgotten]']] });
  assert.deepEqual(store.registrants.get('session-1', OTHER)?.fields, { q: 'by [forgotten]' });
});

test('an import that holds the person and was not started yet is made anew for the others', async (t) => {
  for (const [step, expected] of [
    ['submit', { step: 'create' }],
    ['await', { step: 'await', importId: 9 }],
  ] as const) {
    const { store, stateDir } = temporaryStore(t);
    link(store, aSession());
    const kind = 'prospect_import';
    for (const [naturalKey, importId] of [
      ['of both', 9],
      ['of another', 8],
    ] as const) {
      store.effects.want({ kind, naturalKey, sessionId: 'session-1', payload: { step, importId } }, START);
    }
    const carrier = store.effects.get(kind, 'of both')?.id ?? 0;
    for (const emailKey of [KEY, OTHER]) {
      const single = { kind: 'prospect', naturalKey: emailKey, sessionId: 'session-1', emailKey } as const;
      store.effects.want({ ...single, payload: {} }, START);
      store.carried.carry(carrier, store.effects.get('prospect', emailKey)?.id ?? 0);
    }
    await forgetPerson(KEY, { stateDir, clock: new VirtualClock(START) });
    assert.deepEqual(store.effects.get(kind, 'of both')?.payload, expected);
    assert.deepEqual(store.effects.get(kind, 'of another')?.payload, { step, importId: 8 });
  }
});

test('backups in the folder are erased, too; one that cannot be read is named', async (t) => {
  const { store, stateDir } = temporaryStore(t);
  store.submissions.observe(
    aSubmission({ prospect: { id: 1, email: ADDRESS, isDeleted: false, fields: {} } }),
    null,
    START,
  );
  store.keeping.emptyLog();
  const folder = join(stateDir, 'backups');
  mkdirSync(folder);
  const good = join(folder, 'state-2026-03-01T08-00-00Z.db');
  const bad = join(folder, 'state-2026-03-02T08-00-00Z.db');
  copyFileSync(stateFile(stateDir), good);
  copyFileSync(new URL(import.meta.url), bad);
  const { files } = await forgetPerson(KEY, { stateDir, clock: new VirtualClock(START) });
  assert.deepEqual(
    files.map(({ file, trouble }) => [file, trouble === null]),
    [
      [stateFile(stateDir), true],
      [good, true],
      [bad, false],
    ],
  );
  assert.ok(!hasTraceOf(good, KEY));
});

test('copies that a killed backup or restore has left are removed; of a restore not while one may run', async (t) => {
  const { stateDir } = temporaryStore(t);
  const folder = join(stateDir, 'backups');
  mkdirSync(folder);
  const part = join(folder, 'state-2026-03-01T08-00-00Z.db.part');
  const restoring = `${stateFile(stateDir)}.restoring`;
  const leave = () => {
    for (const file of [part, `${part}-journal`, restoring]) copyFileSync(stateFile(stateDir), file);
  };
  const left = () => [part, `${part}-journal`, restoring].map((file) => existsSync(file));
  leave();
  await forgetPerson(KEY, { stateDir, clock: new VirtualClock(START) });
  assert.deepEqual(left(), [false, false, false]);
  leave();
  using _restore = InstanceLock.take(lockFile(stateDir));
  await forgetPerson(KEY, { stateDir, clock: new VirtualClock(START) });
  assert.deepEqual(left(), [false, false, true]);
});

test('of 1,000 people who were erased no byte is left', async (t) => {
  const { store, stateDir } = temporaryStore(t);
  link(store, aSession());
  const people = Array.from({ length: 1000 }, (_, index) => `canary-${index}-x@example.org`);
  store.transaction(() => {
    for (const [index, email] of people.entries()) {
      const prospect = { id: 1000 + index, email, isDeleted: false, fields: { note: `of ${email}` } };
      store.submissions.observe(aSubmission({ activityId: index, prospect }), null, START);
      store.registrants.observe('session-1', aReading({ email, fields: { note: email } }), START);
      store.sessionProspects.know(
        { sessionId: 'session-1', emailKey: email, email, prospectId: 1000 + index, origin: 'found' },
        START,
      );
      for (const kind of ['prospect', 'livestorm_registration'] as const)
        store.effects.want(
          {
            kind,
            naturalKey: `session-1/${email}`,
            sessionId: 'session-1',
            emailKey: email,
            payload: { email },
          },
          START,
        );
    }
  });
  assert.ok(filesOf(stateDir).some((file) => hasTraceOf(file, 'canary-')));
  store.transaction(() => {
    for (const email of people) store.keeping.erase(email, START);
  });
  assert.ok(store.keeping.emptyLog());
  for (const file of filesOf(stateDir)) assert.ok(!hasTraceOf(file, 'canary-'), file);
  assert.ok(store.keeping.forgottenAtMs(aRegistrant({ email: people[0] ?? '' }).email) === START);
});
