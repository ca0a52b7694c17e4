import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { MINUTE } from '../../../src/clock.ts';
import { InstanceLock } from '../../../src/store/instance-lock.ts';
import { lockFile, openStore, stateFile } from '../../../src/store/store.ts';
import { runCommand } from '../../support/command-line.ts';
import { World } from '../../support/world.ts';

const EMAIL = 'ada@example.org';

/** One person registered through a form; the commands get the configuration, and no secrets. */
async function stage() {
  const world = await World.start();
  const webinar = await world.linkedWebinar();
  world.sandbox.pardot.world.submitForm(webinar.formId, { email: EMAIL, firstName: 'Ada' });
  await world.minutes(4);
  const config = join(world.dir, 'config.yaml');
  const run = (...args: string[]) => runCommand([...args, '--config', config], {}, world.clock);
  return { world, webinar, run };
}

test('export tells everything about a person, with what the registration rests on; nothing of a stranger', async () => {
  const { world, webinar, run } = await stage();
  await using _ = world;
  rmSync(join(world.dir, 'livestorm-token'));
  world.sandbox.livestorm.world.registerOnPage(webinar.sessionId, { email: 'page@example.org' });
  await world.until(
    'the people list is read',
    () => world.store.registrants.get(webinar.sessionId, EMAIL) != null,
  );
  const { code, json } = await run('export', ' ADA@example.org');
  assert.equal(code, 0);
  const told = json<{
    held: boolean;
    registrations: { consent: unknown; outcome: string; session: { title: string } }[];
    participation: object[];
    prospects: object[];
    messages_to_vendors: { what: string }[];
  }>();
  const [registration] = told.registrations;
  const [submission] = world.sandbox.pardot.world.activities().filter(({ type }) => type === 4);
  assert.deepEqual(registration?.consent, {
    submitted_at: new Date(submission?.createdAtMs ?? 0).toISOString(),
    pardot_activity_id: submission?.id,
    form: {
      kind: 'form',
      id: webinar.formId,
      name: 'Pardot Test Event form',
      address: `https://go.sandbox.example/form/${webinar.formId}`,
    },
    pardot_campaign_id: webinar.campaignId,
  });
  assert.match(registration?.outcome ?? '', /^registered: /);
  assert.equal(registration?.session.title, 'Pardot Test Event');
  assert.deepEqual([told.held, told.prospects.length, told.participation.length], [true, 1, 1]);
  assert.ok(told.messages_to_vendors.some(({ what }) => what === 'list_membership'));
  const stranger = (await run('export', 'nobody@example.org')).json<Record<string, unknown>>();
  assert.deepEqual([stranger.held, stranger.registrations], [false, []]);
});

test('forget erases beside the running connector, and names prospect and session to erase elsewhere', async () => {
  const { world, webinar, run } = await stage();
  await using _ = world;
  rmSync(join(world.dir, 'livestorm-token'));
  await run('backup');
  const prospectId = world.sandbox.pardot.world.prospectsByEmail(EMAIL)[0]?.id;
  using _running = InstanceLock.take(lockFile(world.config.stateDir));
  const { code, json } = await run('forget', EMAIL, '--json');
  assert.equal(code, 0);
  const told = json<{
    erased: Record<string, number>;
    files: { clean: boolean }[];
    to_erase_elsewhere: { prospects: { id: number; link: string }[]; sessions: { id: string }[] };
  }>();
  assert.deepEqual([told.erased.submission, told.erased.registration], [1, 1]);
  assert.deepEqual(
    told.files.map(({ clean }) => clean),
    [true, true],
  );
  const [prospect] = told.to_erase_elsewhere.prospects;
  assert.equal(prospect?.id, prospectId);
  assert.ok(prospect?.link.endsWith(`/prospect/read/id/${prospectId}`));
  assert.deepEqual(
    told.to_erase_elsewhere.sessions.map(({ id }) => id),
    [webinar.sessionId],
  );
  const again = await run('forget', EMAIL);
  assert.equal(again.code, 0);
  assert.match(again.out, /Nothing was held about ada@example\.org/);
});

test('backup keeps as many as told, restore refuses while the connector runs, recover tells what it found', async () => {
  const { world, run } = await stage();
  await using _ = world;
  for (const keep of ['0', 'x', '-1']) assert.equal((await run('backup', `--keep=${keep}`)).code, 2);
  const first = (await run('backup', '--json')).json<{ file: string; verified: boolean; bytes: number }>();
  assert.ok(first.verified && first.bytes > 0);
  await world.minutes(1);
  const second = (await run('backup', '--keep', '1', '--json')).json<{ file: string; removed: string[] }>();
  assert.deepEqual(second.removed, [first.file]);
  const elsewhere = join(world.dir, 'elsewhere.db');
  assert.match((await run('backup', '--to', elsewhere)).out, /forget does not reach it/);
  assert.equal((await run('backup', '--to', elsewhere)).code, 1);
  {
    using _running = InstanceLock.take(lockFile(world.config.stateDir));
    for (const args of [['restore', second.file], ['recover']]) assert.equal((await run(...args)).code, 75);
  }
  world.store[Symbol.dispose]();
  const restored = await run('restore', second.file);
  assert.equal(restored.code, 0);
  assert.match(restored.out, /is the state now[\s\S]*replaced is kept[\s\S]*Next: recover/);
  assert.equal((await run('restore', world.dir)).code, 1);
  for (const suffix of ['', '-wal', '-shm'])
    rmSync(stateFile(world.config.stateDir) + suffix, { force: true });
  const recovered = await run('recover', '--json');
  assert.equal(recovered.code, 0, recovered.out);
  const { links, links_added, people_to_register } = recovered.json<Record<string, unknown>>();
  assert.deepEqual([links, links_added, people_to_register], [1, 1, 0]);
  world.store = openStore(world.config.stateDir);
  assert.equal(world.store.links.all().length, 1);
  assert.ok(existsSync(elsewhere) && readFileSync(elsewhere).length > 0);
});

for (const text of ['', ' ', '@', 'registered', 'example.org', 'ada@', 'Ada <ada@example.org>']) {
  test(`forget erases nothing for what is no address: "${text}"`, async () => {
    const { world, run } = await stage();
    await using _ = world;
    const before = world.store.history(EMAIL);
    assert.equal(before.registrations.length, 1);
    const { code, json } = await run('forget', text, '--json');
    assert.equal(code, 2);
    assert.equal(json<{ error: { class: string } }>().error.class, 'UsageError');
    assert.deepEqual(world.store.history(EMAIL), before);
  });
}

test('letters beyond ASCII: an address in another letter case is the same person everywhere', async () => {
  const { world, webinar, run } = await stage();
  await using _ = world;
  world.sandbox.pardot.world.submitForm(webinar.formId, { email: 'ÜNAL@Example.org' });
  await world.minutes(4);
  const told = async () =>
    (await run('export', 'ünal@example.ORG')).json<{ form_submissions: object[]; registrations: object[] }>();
  const before = await told();
  assert.deepEqual([before.form_submissions.length, before.registrations.length], [1, 1]);
  assert.match((await run('why', 'Ünal@example.org')).out, /submitted form/);
  const { activityId = 0 } = world.store.history('ünal@example.org').submissions[0] ?? {};
  const key = world.store.moves.throughOtherForms('form:1', webinar.sessionId);
  assert.ok(key.has('ünal@example.org'));
  assert.equal((await run('forget', 'ÜNAL@example.org')).code, 0);
  assert.equal(world.store.submissions.get(activityId)?.outcome, 'forgotten');
});

test('a backup from elsewhere brings back nobody who was forgotten since', async () => {
  const { world, webinar, run } = await stage();
  await using _ = world;
  const { livestorm, pardot } = world.sandbox;
  const elsewhere = join(world.dir, 'elsewhere.db');
  assert.equal((await run('backup', '--to', elsewhere)).code, 0);
  pardot.world.submitForm(webinar.formId, { email: 'bob@example.org' });
  pardot.world.submitForm(webinar.formId, { email: 'cy@example.org' });
  await world.minutes(4);
  for (const email of [EMAIL, 'bob@example.org']) {
    assert.equal((await run('forget', email)).code, 0);
    livestorm.world.unregister(webinar.sessionId, email);
  }
  world.store[Symbol.dispose]();
  await world.clock.advance(MINUTE);
  const { code, json } = await run('restore', elsewhere, '--json');
  assert.equal(code, 0);
  assert.equal(json<{ forgotten_again: number }>().forgotten_again, 1);
  world.restart();
  await world.minutes(10);
  assert.deepEqual(
    world.registered(webinar.sessionId).map(({ email, confirmations }) => [email, confirmations]),
    [['cy@example.org', 1]],
  );
  for (const email of [EMAIL, 'bob@example.org']) {
    assert.deepEqual(world.store.history(email).submissions, []);
    assert.match((await run('why', email)).out, /erased on request 2026-/);
  }
  assert.ok(!readFileSync(stateFile(world.config.stateDir)).includes(EMAIL));
});

test('a state in use by another writer all the time is said to be so: try again', async () => {
  const { world, run } = await stage();
  await using _ = world;
  const other = new Sqlite(stateFile(world.config.stateDir));
  other.exec('BEGIN IMMEDIATE');
  assert.equal((await run('pause')).code, 75);
  other.close();
});

test('nobody says when the state was lost: whoever has left a session waits for an admin, and so does who is new', async () => {
  const { world, webinar, run } = await stage();
  await using _ = world;
  const { livestorm, pardot } = world.sandbox;
  const right = await world.linkedWebinar('Right');
  for (const name of ['bob', 'cy']) pardot.world.submitForm(webinar.formId, { email: `${name}@example.org` });
  await world.minutes(4);
  const options = ['--form', `${webinar.formId}`, '--from', webinar.sessionId, '--to', right.sessionId];
  const { plan } = (await run('move', ...options, '--json')).json<{ plan: string }>();
  await run('move', ...options, '--apply', plan);
  await world.minutes(3);
  livestorm.world.unregister(right.sessionId, 'bob@example.org');
  world.store[Symbol.dispose]();
  rmSync(world.config.stateDir, { recursive: true });
  pardot.world.submitForm(right.formId, { email: 'new@example.org' });
  await world.clock.advance(2 * MINUTE);
  for (const held of [4, 0]) {
    const { people_held, people_to_register } = (await run('recover', '--json')).json<
      Record<string, number>
    >();
    assert.deepEqual([people_held, people_to_register], [held, 0]);
  }
  world.restart();
  await world.minutes(4);
  assert.deepEqual(world.registered(webinar.sessionId), []);
  assert.equal((await run('held', 'release', 'new@example.org')).code, 0);
  await world.minutes(4);
  assert.deepEqual(
    world.registered(right.sessionId).map(({ email, confirmations }) => [email, confirmations]),
    [EMAIL, 'cy@example.org', 'new@example.org'].map((email) => [email, 1]),
  );
  await run('held', 'discard', '--all', '--reason', 'dealt with before');
  assert.match((await run('held', 'list')).out, /Nobody is held/);
});

test('whoever submitted before the state was lost and unregistered since is not registered anew', async () => {
  const { world, webinar, run } = await stage();
  await using _ = world;
  const { livestorm, pardot } = world.sandbox;
  livestorm.world.unregister(webinar.sessionId, EMAIL);
  await world.minutes(1);
  const lostAt = new Date(world.clock.now()).toISOString();
  pardot.world.submitForm(webinar.formId, { email: 'late@example.org' });
  await world.clock.advance(MINUTE);
  world.store[Symbol.dispose]();
  rmSync(world.config.stateDir, { recursive: true });
  assert.equal((await run('recover', '--lost-at', 'yesterday')).code, 2);
  const { code, out } = await run('recover', '--lost-at', lostAt);
  assert.equal(code, 0);
  assert.match(
    out,
    /not in the people list of the session: 1 person\n {2}and 1 person who had submitted before/,
  );
  world.restart();
  await world.minutes(3);
  assert.deepEqual(
    world.registered(webinar.sessionId).map(({ email }) => email),
    ['late@example.org'],
  );
});
