import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../src/clock.ts';
import type { SavedGovernor } from '../../../src/governor/state.ts';
import { runCommand } from '../../support/command-line.ts';
import { plannedLongAgo, World } from '../../support/world.ts';

interface PlanJson {
  readonly hash: string;
  readonly applied: number | null;
  readonly stale: boolean;
  readonly people: readonly { readonly email: string; readonly session_id: string }[];
  readonly left_out: Readonly<Record<string, number>>;
  readonly links_session: string | null;
}

/** A session with a campaign and a form of its own, from before the first start; three submitted, one registered. */
async function stage() {
  let old = { eventId: '', sessionId: '', campaignId: 0, formId: 0, listId: 0 };
  const world = await World.start({
    before: (sandbox, startAtMs) => {
      const { livestorm, pardot } = sandbox;
      old = plannedLongAgo(sandbox, startAtMs);
      const { formId, sessionId } = old;
      for (const name of ['ada', 'bob', 'cy']) {
        pardot.world.submitForm(formId, { email: `${name}@example.org`, firstName: name });
      }
      pardot.world.submitForm(formId, { email: 'ada@example.org' });
      livestorm.world.registerOnPage(sessionId, { email: 'cy@example.org' });
    },
  });
  const run = (...args: string[]) =>
    runCommand([...args, '--config', join(world.dir, 'config.yaml')], {}, world.clock);
  const plan = async (...args: string[]) => (await run('backfill', '--json', ...args)).json<PlanJson>();
  const tie = async () => {
    const { campaignId: pardotCampaign, listId: list, sessionId: session } = old;
    const existing = [{ session, event: null, pardotCampaign, list }];
    world.restart({ links: { ...world.config.links, existing } });
    await world.daemon.runOnce({ forced: true });
  };
  return { world, old, run, plan, tie };
}

const emails = ({ people }: PlanJson) => people.map(({ email }) => email).toSorted();

test('a backfill says whom it would mail, and registers exactly those, each once', async () => {
  const { world, old, run, plan, tie } = await stage();
  await using _ = world;
  await tie();
  world.sandbox.pardot.world.submitForm(old.formId, { email: 'dan@example.org' });
  await world.minutes(4);
  assert.deepEqual(
    world.registered(old.sessionId).map(({ email }) => email),
    ['dan@example.org'],
  );

  const shown = await plan('--session', old.sessionId);
  assert.deepEqual(emails(shown), ['ada@example.org', 'bob@example.org']);
  assert.deepEqual(shown.left_out, { again: 1, already_registered: 1, registered: 1 });
  assert.equal(shown.applied, null);
  const text = await run('backfill', '--form', String(old.formId), '--since', '2026-03-01');
  assert.match(text.out, /2 people would be registered and get an e-mail/);
  assert.match(text.out, /Planned long ago.*Own form.*2/);
  assert.doesNotMatch(text.out, /bob@/);
  assert.match(text.out, new RegExp(`--apply ${shown.hash}`));
  await world.minutes(3);
  assert.equal(world.registered(old.sessionId).length, 1);

  const applied = await plan('--session', old.sessionId, '--apply', shown.hash);
  assert.equal(applied.applied, 2);
  await world.minutes(3);
  assert.deepEqual(
    world.registered(old.sessionId).toSorted((a, b) => (a.email < b.email ? -1 : 1)),
    ['ada', 'bob', 'dan'].map((name) => ({ email: `${name}@example.org`, confirmations: 1 })),
  );
  assert.equal(world.store.registrations.get(old.sessionId, 'bob@example.org')?.fields.first_name, 'bob');
  const again = await plan('--session', old.sessionId);
  assert.deepEqual(again.people, []);
  assert.equal(world.store.decisions.latest(1)[0]?.action, 'backfill');
  await world.minutes(10);
  const prospect = world.sandbox.pardot.world.prospectsByEmail('bob@example.org')[0];
  assert.equal(prospect?.lists.length, 1);
});

test('a plan that is another one by now is shown, not applied', async () => {
  const { world, old, run, plan, tie } = await stage();
  await using _ = world;
  await tie();
  const shown = await plan('--session', old.sessionId);
  world.sandbox.livestorm.world.registerOnPage(old.sessionId, { email: 'ada@example.org' });
  const late = await run('backfill', '--session', old.sessionId, '--apply', shown.hash);
  assert.equal(late.code, 1);
  assert.match(late.out, /another one by now: nothing was applied[\s\S]*1 person would/);
  await world.minutes(3);
  assert.deepEqual(world.registered(old.sessionId), []);
});

test('more people than the limit are not registered, unless it is said', async () => {
  const { world, old, run, plan, tie } = await stage();
  await using _ = world;
  await tie();
  const { hash } = await plan('--session', old.sessionId);
  const scope = ['--session', old.sessionId, '--apply', hash];
  const refused = await run('backfill', ...scope, '--limit', '1');
  assert.equal(refused.code, 1);
  assert.match(refused.error, /2 people are more than the limit of 1/);
  assert.equal((await plan(...scope, '--limit', '2')).applied, 2);
});

test('a session that has ended is left alone, unless it is said; Livestorm has the last word', async () => {
  const { world, old, run, plan, tie } = await stage();
  await using _ = world;
  const { livestorm } = world.sandbox;
  await tie();
  livestorm.world.startSession(old.sessionId);
  await world.clock.advance(HOUR);
  livestorm.world.endSession(old.sessionId);
  await world.clock.advance(5 * MINUTE);
  await world.daemon.runOnce({ forced: true });
  const refused = await run('backfill', '--session', old.sessionId);
  assert.equal(refused.code, 1);
  assert.match(refused.error, /has ended[\s\S]*--ended/);
  assert.deepEqual((await plan('--form', String(old.formId))).people, []);

  const { hash, people } = await plan('--session', old.sessionId, '--ended');
  assert.equal(people.length, 2);
  await plan('--session', old.sessionId, '--ended', '--apply', hash);
  await world.minutes(3);
  assert.equal(world.outcomeOf(old.sessionId, 'ada@example.org'), 'session_ended');
  livestorm.switches.closedSession = 201;
  const second = await plan('--session', old.sessionId, '--ended');
  await plan('--session', old.sessionId, '--ended', '--apply', second.hash);
  await world.minutes(3);
  assert.equal(world.outcomeOf(old.sessionId, 'ada@example.org'), 'registered');
});

test('a session from before the first start is linked, and its people become prospects', async () => {
  const { world, old, run, plan } = await stage();
  await using _ = world;
  await world.minutes(10);
  assert.equal(world.store.links.get(old.sessionId), undefined);
  const shown = await plan('--session', old.sessionId);
  assert.deepEqual([shown.links_session, shown.people], [old.sessionId, []]);
  assert.match((await run('backfill', '--session', old.sessionId)).out, /would be linked/);
  assert.equal(world.store.links.get(old.sessionId), undefined);
  assert.equal((await plan('--session', old.sessionId, '--apply', shown.hash)).applied, 0);
  const listed = () => world.sandbox.pardot.world.prospectsByEmail('cy@example.org')[0]?.lists.length;
  // The command has closed the connections that this process shares.
  world.restart();
  await world.until('linked and listed', () => listed() === 1, 60);
  assert.equal(world.sandbox.salesforce.world.campaigns().length, 1);
});

test('a backfill may not stop the registrations of the day', async () => {
  const { world, old, plan, tie } = await stage();
  await using _ = world;
  await tie();
  const { hash } = await plan('--session', old.sessionId);
  await plan('--session', old.sessionId, '--apply', hash);
  // A few calls are left, for registrations alone.
  const { calls } = world.store.loadGovernor<SavedGovernor>('livestorm') ?? {};
  const monthlyBudget = Object.values(calls ?? {}).reduce((sum, count) => sum + count, 0) + 4;
  world.restart({ livestorm: { ...world.config.livestorm, monthlyBudget } });
  await world.minutes(2);
  assert.equal(world.outcomeOf(old.sessionId, 'ada@example.org'), 'quota_parked');
  world.sandbox.pardot.world.submitForm(old.formId, { email: 'eve@example.org' });
  await world.until(
    'registered',
    () => world.outcomeOf(old.sessionId, 'eve@example.org') === 'registered',
    10,
  );
});

test('who is held, was discarded or asked to be forgotten is no part of it; nor is a canceled session', async () => {
  const { world, old, run, plan, tie } = await stage();
  await using _ = world;
  await tie();
  const { hash } = await plan('--session', old.sessionId);
  await run('pause', 'form_registrations');
  await plan('--session', old.sessionId, '--apply', hash);
  const reopened = { sessionId: old.sessionId, emailKey: 'ada@example.org' };
  world.store.registrations.conclude(reopened, { outcome: 'discarded' }, world.clock.now());
  const again = await plan('--session', old.sessionId);
  assert.deepEqual([again.people, again.left_out.discarded, again.left_out.on_the_way], [[], 2, 1]);
  world.sandbox.livestorm.world.cancelSession(old.sessionId);
  const canceled = await run('backfill', '--session', old.sessionId, '--ended');
  assert.equal(canceled.code, 1);
  assert.match(canceled.error, /canceled/);
});

test('a submission that an admin discarded is no part of it, nor what has led to another session', async () => {
  const { world, old, plan, tie } = await stage();
  await using _ = world;
  await tie();
  const { store } = world;
  await world.minutes(2);
  const { pardot, livestorm } = world.sandbox;
  const other = livestorm.world.createEvent({ title: 'Other' });
  const { id } = livestorm.world.createSession(other.id, { startsAtMs: world.clock.now() + DAY });
  await world.until('it is linked', () => store.links.get(id)?.pardotCampaignId != null);
  for (const name of ['dan', 'eve']) pardot.world.submitForm(old.formId, { email: `${name}@example.org` });
  await world.minutes(3);
  const [dan, eve] = ['dan', 'eve'].map((name) => store.history(`${name}@example.org`).submissions[0]);
  for (const emailKey of ['dan@example.org', 'eve@example.org']) {
    store.registrations.conclude({ sessionId: old.sessionId, emailKey }, { outcome: 'session_ended' }, 0);
  }
  store.submissions.decide(dan?.activityId ?? 0, { outcome: 'discarded' }, world.clock.now());
  store.submissions.decide(eve?.activityId ?? 0, { sessionId: id }, world.clock.now());
  const shown = await plan('--session', old.sessionId);
  assert.deepEqual(emails(shown), ['ada@example.org', 'bob@example.org']);
  assert.equal(shown.left_out.discarded, 1);
});

test('what makes no sense is said', async () => {
  const { world, run } = await stage();
  await using _ = world;
  for (const [args, message, expected = 2] of [
    [[], /not said what/],
    [['--since', 'yesterday'], /no time/],
    [['--since', '2020-01-01'], /more than a year/],
    [['--since', '2027-01-01'], /in the future/],
    [['--session', 'nonsense'], /knows no session/, 1],
    [['--form', '1', '--limit', 'many'], /no number/],
  ] as const) {
    const { code, error } = await run('backfill', ...args);
    assert.equal(code, expected);
    assert.match(error, message);
  }
});
