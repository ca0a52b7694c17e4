import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recoverState } from '../../src/cli/keep/recover.ts';
import { HOUR, MINUTE } from '../../src/clock.ts';
import { makeBackup } from '../../src/retention/backup.ts';
import { restoreBackup } from '../../src/retention/restore.ts';
import { openStore, stateFile } from '../../src/store/store.ts';
import { recordingLog } from '../support/builders.ts';
import { InProcessDispatcher } from '../support/in-process.ts';
import { type LinkedWebinar, World } from '../support/world.ts';

/** Whoever is sent twice is mailed twice. */
const UNFORGIVING = { inProcess: true, switches: { livestorm: { duplicate: 201 } } } as const;

/** Everything that the connector can write. */
function vendorsOf({ sandbox }: World) {
  const { livestorm, pardot, salesforce } = sandbox;
  return {
    campaigns: salesforce.world.campaigns().map(({ id, name }) => ({ id, name })),
    lists: pardot.world.lists().map(({ id, name, description }) => ({ id, name, description })),
    // What is written once more as it stood leaves the prospect as it was.
    prospects: pardot.world
      .prospects()
      .map((prospect) => ({ ...prospect, apiWrites: null, updatedAtMs: null })),
    people: livestorm.world
      .sessions()
      .map(({ id }) =>
        livestorm.world.people(id).map(({ email, confirmationsSent }) => ({ email, confirmationsSent })),
      ),
  };
}

/** A webinar that was, with attendance and activities, and one that is to come. */
async function livedThrough(world: World): Promise<{ past: LinkedWebinar; next: LinkedWebinar }> {
  world.restart({ flows: { ...world.config.flows, externalActivities: true } });
  const past = await world.linkedWebinar('Past');
  const { livestorm, pardot } = world.sandbox;
  pardot.world.submitForm(past.formId, { email: 'ada@example.org' });
  livestorm.world.registerOnPage(past.sessionId, { email: 'page@example.org' });
  await world.minutes(8);
  await world.skipTo(past.startsAtMs);
  livestorm.world.startSession(past.sessionId);
  livestorm.world.join(past.sessionId, 'ada@example.org', { durationSeconds: 1200 });
  livestorm.world.endSession(past.sessionId);
  await world.minutes(45);
  const next = await world.linkedWebinar('Next');
  pardot.world.submitForm(next.formId, { email: 'ada@example.org' });
  pardot.world.submitForm(next.formId, { email: 'Grace@Example.org' });
  livestorm.world.registerOnPage(next.sessionId, { email: 'page@example.org' });
  await world.minutes(10);
  return { past, next };
}

async function recover({ sandbox, clock, config }: World): Promise<string[]> {
  using store = openStore(config.stateDir);
  const dispatcher = new InProcessDispatcher(sandbox, clock);
  const parts = { config, store, clock, log: recordingLog().log, dispatcher };
  return (await recoverState(parts, new AbortController().signal)).failed;
}

function loseState({ store, config }: World): void {
  store[Symbol.dispose]();
  for (const suffix of ['', '-wal', '-shm']) rmSync(stateFile(config.stateDir) + suffix, { force: true });
}

test('after the state file was lost nobody is registered or mailed twice, and only what is missing is done', async () => {
  await using world = await World.start(UNFORGIVING);
  const { past, next } = await livedThrough(world);
  const activatedAtMs = world.store.meta.activatedAtMs() ?? 0;
  const before = vendorsOf(world);
  assert.equal(before.lists.length, 2);
  loseState(world);
  assert.deepEqual(await recover(world), []);
  assert.deepEqual(vendorsOf(world), before, 'recovering only reads');
  world.restart();
  const link = world.store.links.get(next.sessionId);
  assert.equal(link?.pardotCampaignId, next.campaignId);
  assert.ok((world.store.meta.activatedAtMs() ?? 0) >= activatedAtMs);
  await world.minutes(12);
  assert.deepEqual(vendorsOf(world), before);
  assert.equal(world.outcomeOf(next.sessionId, 'grace@example.org'), 'registered');
  assert.ok(world.store.attendance.passes(past.sessionId).length > 0);
  assert.deepEqual(world.failures, []);
});

test('a daemon that was started on an empty state before anybody noticed is put right', async () => {
  await using world = await World.start(UNFORGIVING);
  const { next } = await livedThrough(world);
  loseState(world);
  world.sandbox.pardot.world.submitForm(next.formId, { email: 'late@example.org' });
  await world.clock.advance(HOUR);
  world.restart();
  await world.minutes(6);
  assert.equal(world.outcomeOf(next.sessionId, 'late@example.org'), null);
  const before = vendorsOf(world);
  world.store[Symbol.dispose]();
  await recover(world);
  world.restart();
  await world.minutes(5);
  const after = vendorsOf(world);
  assert.deepEqual(after.campaigns, before.campaigns);
  assert.deepEqual(after.lists, before.lists);
  assert.equal(world.outcomeOf(next.sessionId, 'late@example.org'), 'registered');
});

for (const isRecovered of [false, true]) {
  test(`an old backup is put back: nobody twice, no second list${isRecovered ? ', also with recover' : ''}`, async () => {
    await using world = await World.start(UNFORGIVING);
    const backup = join(world.dir, 'backup.db');
    const first = await world.linkedWebinar('First');
    world.sandbox.pardot.world.submitForm(first.formId, { email: 'early@example.org' });
    await world.clock.advance(MINUTE);
    makeBackup(world.store, backup);
    const { next } = await livedThrough(world);
    const { pardot } = world.sandbox;
    const before = vendorsOf(world);
    world.store[Symbol.dispose]();
    restoreBackup(backup, world.config.stateDir, world.clock.now());
    if (isRecovered) await recover(world);
    world.restart();
    await world.minutes(12);
    assert.deepEqual(vendorsOf(world), before);
    pardot.world.submitForm(next.formId, { email: 'new@example.org' });
    await world.minutes(4);
    assert.equal(world.outcomeOf(next.sessionId, 'new@example.org'), 'registered');
    assert.deepEqual(world.failures, []);
  });
}

test('a backfill that was under way when the backup was made is looked for first, or ends with its request', async () => {
  await using world = await World.start(UNFORGIVING);
  const { sessionId, formId } = await world.linkedWebinar('Next');
  for (const name of ['ada', 'bob']) {
    world.sandbox.pardot.world.submitForm(formId, { email: `${name}@example.org` });
  }
  await world.minutes(4);
  const backup = join(world.dir, 'backup.db');
  const nowMs = world.clock.now();
  for (const name of ['ada', 'bob']) {
    const key = { sessionId, emailKey: `${name}@example.org` };
    world.store.registrations.reopen(key);
    const naturalKey = `${sessionId}/${key.emailKey}`;
    world.store.effects.forget('livestorm_registration', naturalKey);
    world.store.effects.want(
      { kind: 'livestorm_backfill', naturalKey, ...key, payload: { ended: false } },
      nowMs,
    );
  }
  makeBackup(world.store, backup);
  world.sandbox.livestorm.world.unregister(sessionId, 'bob@example.org');
  await world.clock.advance(MINUTE);
  const before = world.sandbox.livestorm.world.people(sessionId).map(mails);
  world.store[Symbol.dispose]();
  restoreBackup(backup, world.config.stateDir, world.clock.now());
  await recover(world);
  world.restart();
  assert.equal(world.store.keeping.discardRequestsBefore(world.clock.now(), world.clock.now()), 1);
  await world.minutes(12);
  assert.deepEqual(world.sandbox.livestorm.world.people(sessionId).map(mails), before);
  assert.deepEqual([world.failures, world.store.failures.dead()], [[], []]);
  assert.ok(!world.lines.some(({ level }) => level === 'error'));
});

const mails = ({ email, confirmationsSent }: { email: string; confirmationsSent: number }) => [
  email,
  confirmationsSent,
];

test('names that an admin gave stay; who submitted while there was no state is registered, once', async () => {
  await using world = await World.start(UNFORGIVING);
  const { next } = await livedThrough(world);
  const { salesforce, pardot } = world.sandbox;
  const mine = salesforce.world.campaigns().find(({ name }) => name.startsWith('Next'));
  salesforce.world.rename(mine?.id ?? '', 'My own name');
  await world.clock.advance(HOUR);
  const before = vendorsOf(world);
  loseState(world);
  pardot.world.submitForm(next.formId, { email: 'late@example.org' });
  await world.clock.advance(5 * MINUTE);
  await recover(world);
  world.restart();
  await world.minutes(5);
  assert.deepEqual(vendorsOf(world).campaigns, before.campaigns);
  assert.deepEqual(vendorsOf(world).lists, before.lists);
  assert.match(world.store.links.get(next.sessionId)?.name ?? '', /UTC$/);
  assert.deepEqual(
    world.registered(next.sessionId).map(({ email, confirmations }) => [email.toLowerCase(), confirmations]),
    [
      ['ada@example.org', 1],
      ['grace@example.org', 1],
      ['late@example.org', 1],
    ],
  );
});
