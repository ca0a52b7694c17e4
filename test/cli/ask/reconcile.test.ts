import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../src/clock.ts';
import { runCommand } from '../../support/command-line.ts';
import { World } from '../../support/world.ts';

interface Printed {
  readonly calls: { livestorm: number; pardot: number };
  readonly explained: boolean;
  readonly sessions: readonly {
    session_id: string;
    submitted: number;
    registered: number;
    missing: readonly { reason: string; explained: boolean; email: string | null }[];
    without_submission: {
      direct: number;
      by_service: number;
      team_members: number;
      guest_speakers: number;
      anonymous: number;
    };
    moved_but_there: number;
    repair: string | null;
  }[];
}

async function reconcile(world: World, ...more: string[]) {
  const config = join(world.dir, 'config.yaml');
  const { code, out, error } = await runCommand(
    ['reconcile', '--config', config, '--json', ...more],
    {},
    world.clock,
  );
  return { code, told: error, ...(JSON.parse(out) as Printed) };
}

test('reconcile explains everybody who submitted and is not registered, and whoever is there besides', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  const host = livestorm.world.people(sessionId).find(({ role }) => role === 'team_member')?.email ?? '';
  pardot.world.submitForm(formId, { email: 'ada@example.org' });
  pardot.world.submitForm(formId, { email: 'Ada@Example.org' });
  pardot.world.submitForm(formId, { email: host });
  pardot.world.submitForm(formId, { email: 'gone@example.org' });
  const gone = pardot.world.prospectsByEmail('gone@example.org')[0]?.id ?? 0;
  pardot.world.deleteProspect(gone);
  livestorm.world.registerOnPage(sessionId, { email: 'direct@example.org' });
  await world.minutes(20);
  pardot.world.submitForm(formId, { email: 'new@example.org' });
  await world.clock.advance(2 * MINUTE);
  const before = world.sandbox.log.entries().length;
  const found = await reconcile(world);
  const calls = world.sandbox.log.entries().slice(before);
  assert.equal(found.code, 0);
  assert.equal(found.explained, true);
  assert.match(found.told, /^reading 1 session: about 1 call to Livestorm, 1 to Account Engagement\n$/);
  assert.deepEqual(found.calls, { livestorm: 1, pardot: 1 });
  assert.deepEqual(
    calls.filter(({ path }) => !path.includes('/oauth2/')).map(({ method }) => method),
    ['GET', 'GET'],
  );
  const [session] = found.sessions;
  assert.deepEqual([session?.submitted, session?.registered], [4, 1]);
  assert.deepEqual(
    session?.missing.map(({ reason, explained, email }) => [reason, explained, email]).toSorted(),
    [
      ['prospect_deleted', true, null],
      ['team_member', true, null],
      ['too_new', true, null],
    ],
  );
  assert.deepEqual(session?.without_submission, {
    direct: 1,
    by_service: 0,
    team_members: 1,
    guest_speakers: 1,
    anonymous: 1,
  });
});

test('reconcile finds what was never read and what got lost, names the repair, and ends with 3', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  for (const name of ['ada', 'bea']) pardot.world.submitForm(formId, { email: `${name}@example.org` });
  await world.until('registered', () => world.outcomeOf(sessionId, 'bea@example.org') === 'registered');
  // A count that our own registrations do not explain is read at once.
  livestorm.world.registerOnPage(sessionId, { email: 'dan@example.org', firstName: 'Dan', lastName: 'Down' });
  await world.until(
    'read back',
    () => world.store.registrants.get(sessionId, 'ada@example.org') !== undefined,
  );
  livestorm.world.unregister(sessionId, 'ada@example.org');
  const lost = await reconcile(world, '--session', sessionId, '--show-people');
  assert.equal(lost.code, 3);
  assert.deepEqual(
    lost.sessions[0]?.missing.map(({ reason, email }) => [reason, email]),
    [['lost', 'ada@example.org']],
  );
  const isGone = () => world.store.registrants.get(sessionId, 'ada@example.org')?.goneAtMs != null;
  await world.until('read as gone', isGone, 90);
  const seen = await reconcile(world);
  assert.equal(seen.code, 0);
  assert.deepEqual(
    seen.sessions[0]?.missing.map(({ reason }) => reason),
    ['unregistered'],
  );
  // The service stands still.
  pardot.world.submitForm(formId, { email: 'cy@example.org' });
  await world.clock.advance(HOUR);
  const unread = await reconcile(world);
  assert.equal(unread.code, 3);
  assert.deepEqual(
    unread.sessions[0]?.missing.map(({ reason, explained }) => [reason, explained]),
    [
      ['unregistered', true],
      ['never_read', false],
    ],
  );
  assert.equal(unread.sessions[0]?.repair, `livestorm-pardot backfill --session ${sessionId}`);
  const text = await runCommand(['reconcile', '--config', join(world.dir, 'config.yaml')], {}, world.clock);
  assert.match(
    text.out,
    /1 {2}unexplained: the service never read this submission\n {6}activity \d+, prospect \d+/,
  );
  assert.ok(!text.out.includes('@'));
});

test('reconcile takes sessions of the last week, one by id, or all', async () => {
  await using world = await World.start();
  const { sessionId, startsAtMs } = await world.linkedWebinar();
  await world.skipTo(startsAtMs);
  world.sandbox.livestorm.world.startSession(sessionId);
  await world.skipTo(startsAtMs + HOUR);
  world.sandbox.livestorm.world.endSession(sessionId);
  await world.minutes(30);
  const count = async (...more: string[]) => (await reconcile(world, ...more)).sessions.length;
  assert.equal(await count(), 1);
  await world.clock.advance(8 * DAY);
  await world.minutes(1);
  assert.equal(await count(), 0);
  assert.equal(await count('--all'), 1);
  assert.equal(await count('--session', sessionId), 1);
  const config = join(world.dir, 'config.yaml');
  const none = await runCommand(['reconcile', '--config', config, '--session', 'x'], {}, world.clock);
  assert.equal(none.code, 2);
  assert.match(none.error, new RegExp(`no linked session x; there are\n {2}${sessionId}`));
});
