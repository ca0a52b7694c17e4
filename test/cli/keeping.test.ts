import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MINUTE } from '../../src/clock.ts';
import { InstanceLock } from '../../src/store/database.ts';
import { lockFile, openStore, stateFile } from '../../src/store/store.ts';
import { runCommand } from '../support/command-line.ts';
import { World } from '../support/world.ts';

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
