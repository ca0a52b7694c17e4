import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { MINUTE } from '../../../src/clock.ts';
import { runCommand } from '../../support/command-line.ts';
import { type LinkedWebinar, World } from '../../support/world.ts';

interface HeldJson {
  readonly people: number;
  readonly holds: readonly {
    readonly hold: number;
    readonly form: string | null;
    readonly session_id: string | null;
    readonly holds_new_people: boolean;
    readonly people: readonly { readonly email: string }[];
  }[];
}

/** A webinar whose forms may bring 20 people in 10 minutes. */
async function stage(safety: Partial<World['config']['safety']> = {}) {
  const world = await World.start({ inProcess: true });
  const burstHold = { submissions: 20, minutes: 10 };
  world.restart({ safety: { ...world.config.safety, burstHold, ...safety } });
  const webinar = await world.linkedWebinar();
  const run = (...args: string[]) =>
    runCommand([...args, '--config', join(world.dir, 'config.yaml')], {}, world.clock);
  return { world, webinar, run, held: async () => (await run('held', 'list', '--json')).json<HeldJson>() };
}

function submit(world: World, formId: number, count: number, prefix: string): void {
  for (let n = 0; n < count; n++)
    world.sandbox.pardot.world.submitForm(formId, { email: `${prefix}${n}@example.org` });
}

function otherForm(world: World, { campaignId }: LinkedWebinar): number {
  return world.sandbox.pardot.world.createForm({ name: 'Other form', campaignId });
}

test('a form that brings too many is held with everybody of it, other forms go on', async () => {
  const { world, webinar, run, held } = await stage();
  await using _ = world;
  const calm = otherForm(world, webinar);
  submit(world, webinar.formId, 30, 'bot');
  submit(world, calm, 10, 'guest');
  await world.minutes(4);
  assert.equal(world.registered(webinar.sessionId).length, 10);
  assert.equal(world.outcomeOf(webinar.sessionId, 'bot7@example.org'), 'held');
  const { people, holds } = await held();
  assert.equal(people, 30);
  assert.deepEqual(
    holds.map(({ form, holds_new_people }) => [form, holds_new_people]),
    [[`form:${webinar.formId}`, true]],
  );
  const errors = world.lines.filter(({ level }) => level === 'error');
  assert.deepEqual(
    errors.map(({ message, fields }) => [message, fields.form, fields.count]),
    [['a form brings too many people, they are held', `form:${webinar.formId}`, 30]],
  );
  assert.match((await run('held', 'list')).out, /30 people within 10 minutes, 20 are ordinary/);
  assert.doesNotMatch((await run('held', 'list')).out, /bot7/);
  assert.match((await run('held', 'list', '--people')).out, /bot7@example\.org/);
  assert.match((await run('status')).out, /Held, waiting for a decision[\s\S]*30/);

  // Whoever comes hours later is held as well: nobody has looked yet.
  await world.clock.advance(60 * MINUTE);
  submit(world, webinar.formId, 1, 'late');
  await world.minutes(3);
  assert.equal(world.outcomeOf(webinar.sessionId, 'late0@example.org'), 'held');
});

test('what is ordinary passes, also when it is read at once after a standstill', async () => {
  const { world, webinar, held } = await stage();
  await using _ = world;
  for (let quarter = 0; quarter < 8; quarter++) {
    submit(world, webinar.formId, 15, `q${quarter}-`);
    await world.clock.advance(15 * MINUTE);
  }
  await world.minutes(4);
  assert.equal(world.registered(webinar.sessionId).length, 120);
  assert.equal((await held()).holds.length, 0);
});

test('held people are released one by one or by form, and registered once', async () => {
  const { world, webinar, run, held } = await stage();
  await using _ = world;
  submit(world, webinar.formId, 30, 'guest');
  await world.minutes(3);
  const single = await run('held', 'release', 'GUEST3@example.org');
  assert.match(single.out, /1 person released/);
  await world.minutes(1);
  assert.deepEqual(world.registered(webinar.sessionId), [{ email: 'guest3@example.org', confirmations: 1 }]);
  assert.equal((await held()).people, 29);
  assert.equal((await held()).holds[0]?.holds_new_people, true);

  const all = await run('held', 'release', '--form', String(webinar.formId), '--json');
  assert.deepEqual(all.json(), { ending: 'released', people: 29 });
  submit(world, webinar.formId, 15, 'more');
  await world.minutes(4);
  const registered = world.registered(webinar.sessionId);
  assert.equal(registered.length, 45);
  assert.ok(registered.every(({ confirmations }) => confirmations === 1));
  assert.equal((await held()).holds.length, 0);
});

test('who is discarded is never registered, and a flood that goes on is held again', async () => {
  const { world, webinar, run, held } = await stage();
  await using _ = world;
  submit(world, webinar.formId, 30, 'bot');
  await world.minutes(3);
  const form = `form:${webinar.formId}`;
  assert.equal((await run('held', 'discard', '--form', form)).code, 2);
  const done = await run('held', 'discard', '--form', form, '--reason', 'bots');
  assert.match(done.out, /30 people discarded/);
  submit(world, webinar.formId, 30, 'bot');
  submit(world, webinar.formId, 5, 'more');
  await world.minutes(4);
  assert.deepEqual(world.registered(webinar.sessionId), []);
  const bot = world.store.registrations.get(webinar.sessionId, 'bot1@example.org');
  assert.deepEqual([bot?.outcome, bot?.detail], ['discarded', 'bots']);
  assert.equal((await held()).people, 5);
  assert.deepEqual(
    world.store.decisions.latest(1).map(({ action, count, reason }) => [action, count, reason]),
    [['held discarded', 30, 'bots']],
  );
  // A person among them, by name.
  assert.match((await run('held', 'release', 'bot4@example.org')).out, /1 person released/);
  await world.minutes(2);
  assert.deepEqual(
    world.registered(webinar.sessionId).map(({ email }) => email),
    ['bot4@example.org'],
  );
});

test('whoever was planned but not sent yet is held with the others', async () => {
  const { world, webinar, run, held } = await stage();
  await using _ = world;
  await run('pause', 'form_registrations');
  submit(world, webinar.formId, 15, 'early');
  await world.minutes(3);
  submit(world, webinar.formId, 15, 'late');
  await world.minutes(3);
  assert.equal((await held()).people, 30);
  await run('resume');
  await world.minutes(2);
  assert.deepEqual(world.registered(webinar.sessionId), []);
});

test('a change that lets many in at once holds them, by session', async () => {
  const { world, webinar, run, held } = await stage({ changeHold: 10 });
  await using _ = world;
  const { livestorm } = world.sandbox;
  livestorm.world.cancelSession(webinar.sessionId);
  await world.clock.advance(6 * MINUTE);
  await world.daemon.runOnce({ forced: true });
  submit(world, webinar.formId, 15, 'guest');
  await world.minutes(4);
  assert.equal(world.store.submissions.unregistered().length, 15);
  const session = world.store.sessions.get(webinar.sessionId);
  assert.ok(session);
  // The session is open again.
  const record = livestorm.world.state.sessions.get(webinar.sessionId);
  assert.ok(record);
  record.phase = 'upcoming';
  world.store.sessions.observe({ ...session, status: 'upcoming' }, world.clock.now());
  await world.minutes(1);
  const { holds } = await held();
  assert.deepEqual(
    holds.map(({ session_id, people }) => [session_id, people.length]),
    [[webinar.sessionId, 15]],
  );
  await run('held', 'release', '--session', webinar.sessionId);
  await world.minutes(2);
  assert.equal(world.registered(webinar.sessionId).length, 15);
  assert.equal((await held()).holds.length, 0);
});

test('what makes no sense is said, and changes nothing', async () => {
  const { world, run } = await stage();
  await using _ = world;
  for (const [args, message, expected = 1] of [
    [['held', 'release'], /not said who/, 2],
    [['held', 'release', 'nobody@example.org'], /nobody is held there/],
    [['held', 'discard', '--all', '--reason', 'x'], /nobody is held there/],
  ] as const) {
    const { code, error } = await run(...args);
    assert.equal(code, expected);
    assert.match(error, message);
  }
  assert.match((await run('held', 'list')).out, /Nobody is held/);
});
