import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { MINUTE } from '../../../src/clock.ts';
import { runCommand } from '../../support/command-line.ts';
import { World } from '../../support/world.ts';

const POST_PEOPLE = /^POST .*\/people$/;
const FULL = '{"errors":[{"title":"Full","detail":"The session is full","code":"422","status":"x"}]}';

interface GroupJson {
  readonly group: string;
  readonly what: string;
  readonly code: string | null;
  readonly count: number;
  readonly ids: readonly string[];
}

async function stage() {
  const world = await World.start({ inProcess: true });
  const webinar = await world.linkedWebinar();
  const run = (...args: string[]) =>
    runCommand([...args, '--config', join(world.dir, 'config.yaml')], {}, world.clock);
  const groups = async () => (await run('failed', 'list', '--json')).json<{ groups: GroupJson[] }>().groups;
  const submit = (email: string) => world.sandbox.pardot.world.submitForm(webinar.formId, { email });
  return { world, sessionId: webinar.sessionId, run, groups, submit };
}

function refuse(world: World): void {
  const reply = { status: 422, body: FULL };
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'status', match: POST_PEOPLE, reply });
}

test('what failed for one cause is one group, shown with people and words, and retried', async () => {
  const { world, sessionId, run, groups, submit } = await stage();
  await using _ = world;
  refuse(world);
  submit('ada@example.org');
  submit('bob@example.org');
  await world.minutes(4);
  const [group, ...others] = await groups();
  assert.ok(group);
  assert.equal(others.length, 0);
  assert.deepEqual([group.what, group.code, group.count], ['livestorm_registration', '422', 2]);
  const list = await run('failed', 'list');
  assert.match(list.out, /2 × livestorm_registration[\s\S]*The session is full[\s\S]*→/);
  assert.doesNotMatch(list.out, /example\.org/);
  const shown = await run('failed', 'show', group.group);
  assert.match(shown.out, /ada@example\.org.*The session is full/);
  assert.match(shown.out, /bob@example\.org/);
  const single = await run('failed', 'show', group.ids[0] ?? '', '--json');
  assert.equal(single.json<{ failures: unknown[] }>().failures.length, 1);

  world.sandbox.faults.clear();
  assert.match((await run('failed', 'retry', group.ids[0] ?? '')).out, /1 to be sent again/);
  await world.minutes(1);
  assert.equal(world.registered(sessionId).length, 1);
  assert.deepEqual((await run('failed', 'retry', '--all', '--json')).json(), { retried: 1 });
  await world.minutes(1);
  const registered = world.registered(sessionId);
  assert.deepEqual(
    registered.map(({ confirmations }) => confirmations),
    [1, 1],
  );
  assert.equal(world.outcomeOf(sessionId, 'ada@example.org'), 'registered');
  assert.deepEqual(await groups(), []);
  assert.match((await run('failed', 'list')).out, /Nothing has failed/);
});

test('what is refused again is dead again, and what is discarded stays so', async () => {
  const { world, sessionId, run, groups, submit } = await stage();
  await using _ = world;
  refuse(world);
  submit('ada@example.org');
  await world.minutes(4);
  await run('failed', 'retry', '--all');
  await world.minutes(1);
  const [group] = await groups();
  assert.ok(group);
  assert.equal((await run('failed', 'discard', group.group)).code, 2);
  const done = await run('failed', 'discard', group.group, '--reason', 'came by phone', '--json');
  assert.deepEqual(done.json(), { discarded: 1 });
  world.sandbox.faults.clear();
  submit('ada@example.org');
  await world.minutes(4);
  assert.deepEqual(world.registered(sessionId), []);
  const registration = world.store.registrations.get(sessionId, 'ada@example.org');
  assert.deepEqual([registration?.outcome, registration?.detail], ['discarded', 'came by phone']);
  assert.deepEqual(
    world.store.decisions.latest(9).map(({ action, subject, count }) => [action, subject, count]),
    [
      ['failed discard', group.group, 1],
      ['failed retry', 'all', 1],
    ],
  );
});

test('what may have been applied is looked for before it is sent again', async () => {
  const { world, sessionId, run, groups, submit } = await stage();
  await using _ = world;
  const { faults, livestorm } = world.sandbox;
  // The registration is applied, its answer lost, and nobody can look for half a day.
  faults.arm({ vendor: 'livestorm', kind: 'reset_after', match: POST_PEOPLE, times: 1 });
  faults.arm({ vendor: 'livestorm', kind: 'html_503', match: /^GET .*\/people/ });
  submit('ada@example.org');
  await world.minutes(4);
  for (let attempt = 0; attempt < 70; attempt++) {
    await world.clock.advance(15 * MINUTE);
    await world.daemon.runOnce();
  }
  assert.equal(world.outcomeOf(sessionId, 'ada@example.org'), 'dead');
  assert.equal((await groups())[0]?.count, 1);
  faults.clear();
  // Where duplicates are not refused, looking first is all that helps.
  livestorm.switches.duplicate = 201;
  await run('failed', 'retry', '--all');
  await world.minutes(10);
  assert.equal(world.outcomeOf(sessionId, 'ada@example.org'), 'registered');
  assert.deepEqual(world.registered(sessionId), [{ email: 'ada@example.org', confirmations: 1 }]);
});

test('people who wait for something to be published are shown, and can be discarded', async () => {
  const { world, run, groups } = await stage();
  await using _ = world;
  const { store } = world;
  const at = world.clock.now();
  const submission = { createdAtMs: at, campaignId: 1, formId: 7, formHandlerId: null, landingPageId: null };
  const prospect = { id: 5, email: 'ada@example.org', isDeleted: false, fields: {} };
  store.submissions.observe(
    { ...submission, activityId: 99, assetCampaignId: null, assetName: 'Form', assetUrl: null, prospect },
    null,
    at,
  );
  store.submissions.decide(99, { outcome: 'session_not_published' }, at);
  const [group] = await groups();
  assert.deepEqual([group?.what, group?.ids], ['submission', ['a99']]);
  const retried = await run('failed', 'retry', 'a99');
  assert.equal(retried.code, 1);
  assert.match(retried.error, /publish the session/);
  await run('failed', 'discard', 'a99', '--reason', 'never published');
  assert.equal(store.submissions.get(99)?.outcome, 'discarded');
  assert.deepEqual(await groups(), []);
});

test('what does not exist is said', async () => {
  const { world, run } = await stage();
  await using _ = world;
  assert.equal((await run('failed', 'show', 'g0000000')).code, 1);
  assert.equal((await run('failed', 'retry')).code, 2);
  assert.equal((await run('failed', 'retry', '--all')).code, 1);
  assert.equal((await run('failed', 'show')).code, 2);
});
