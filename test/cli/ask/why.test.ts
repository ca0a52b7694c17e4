import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { WhyView } from '../../../src/cli/ask/why-view.ts';
import { DAY, HOUR, MINUTE } from '../../../src/clock.ts';
import { runCommand, type Said } from '../../support/command-line.ts';
import { World } from '../../support/world.ts';

/** `why` beside the world's daemon. */
function why(world: World, email: string, ...more: string[]): Promise<Said> {
  return runCommand(['why', email, '--config', join(world.dir, 'config.yaml'), ...more], {}, world.clock);
}

async function whyJson(world: World, email: string, ...more: string[]): Promise<WhyView> {
  return (await why(world, email, ...more, '--json')).json<WhyView>();
}

test('why tells one story from the submission to the attendance fields, with times and ids', async () => {
  await using world = await World.start();
  const { sessionId, formId, campaignId, startsAtMs } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  pardot.world.submitForm(formId, { email: 'Ada@Example.org', firstName: 'Ada' });
  await world.minutes(5);
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  livestorm.world.join(sessionId, 'ada@example.org', { durationSeconds: 1800, messages: 2 });
  await world.skipTo(startsAtMs + HOUR);
  livestorm.world.endSession(sessionId);
  for (const wait of [6 * MINUTE, 30 * MINUTE, 3 * HOUR]) await world.skipTo(world.clock.now() + wait);
  await world.minutes(5);

  const { code, out } = await why(world, ' ADA@example.org ');
  assert.equal(code, 0);
  assert.match(out, /^ada@example\.org\n {2}also written Ada@Example\.org/);
  assert.match(out, /\n {2}registered in Livestorm\n/);
  assert.match(
    out,
    new RegExp(
      `submitted form ${formId} "Pardot Test Event form", campaign ${campaignId}; seen \\d+ s later`,
    ),
  );
  const view = await whyJson(world, 'ada@example.org');
  const [story] = view.sessions;
  assert.equal(view.sessions.length, 1);
  assert.equal(story?.registered, true);
  assert.equal(story?.pardot_campaign_id, campaignId);
  assert.deepEqual([...new Set(story?.steps.map(({ what }) => what))].toSorted(), [
    'attendance',
    'decision',
    'people list',
    'prospect',
    'registration',
    'submission',
    'write',
  ]);
  const texts = story?.steps.map(({ text }) => text).join('\n') ?? '';
  assert.match(texts, /put on list \d+: done/);
  assert.match(texts, /attended 30 min, 2 messages/);
  assert.match(texts, /fields of prospect \d+: .*= true/);
  const times = story?.steps.map(({ at }) => at ?? '9') ?? [];
  assert.deepEqual(times, times.toSorted());
});

test('why says of everybody why they are not registered', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  const stray = pardot.world.createForm({
    name: 'Newsletter',
    campaignId: pardot.world.createCampaign({ name: 'Old' }),
  });
  const host = livestorm.world.people(sessionId).find(({ role }) => role === 'team_member')?.email ?? '';
  pardot.world.submitForm(stray, { email: 'stray@example.org' });
  pardot.world.submitForm(formId, { email: host });
  const { prospectId: gone } = pardot.world.submitForm(formId, { email: 'gone@example.org' }) as {
    prospectId: number;
  };
  pardot.world.deleteProspect(gone);
  livestorm.world.registerOnPage(sessionId, { email: 'direct@example.org' });
  await world.minutes(30);
  livestorm.world.unregister(sessionId, 'direct@example.org');
  await world.minutes(30);
  livestorm.world.cancelSession(sessionId);
  await world.minutes(20);
  pardot.world.submitForm(formId, { email: 'late@example.org' });
  await world.minutes(5);

  const answers = async (email: string): Promise<string> => {
    const { sessions, without_session: others } = await whyJson(world, email);
    return [
      ...sessions.map(({ answer }) => answer),
      ...others.map(({ text, next }) => `${text} → ${next}`),
    ].join('\n');
  };
  assert.match(
    await answers('stray@example.org'),
    /not registered: the form's campaign belongs to no Livestorm session → registered by itself once campaign \d+ is linked/,
  );
  assert.match(await answers(host), /^is a Livestorm team member, not registered/);
  assert.match(await answers('gone@example.org'), /prospect was deleted or merged/);
  assert.match(
    await answers('direct@example.org'),
    /not registered any more: not in the people list since 2026/,
  );
  assert.match(
    await answers('late@example.org'),
    /the session is canceled → registered by itself if the session opens again/,
  );
});

test('why tells when what failed is tried again', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'html_500_before', match: /^POST .*people/ });
  world.sandbox.pardot.world.submitForm(formId, { email: 'ada@example.org' });
  await world.minutes(4);
  const { sessions } = await whyJson(world, 'ada@example.org');
  assert.match(
    sessions[0]?.answer ?? '',
    /not registered yet: on its way, (looked for|retried) at 2026-03-02T/,
  );
  assert.equal(sessions[0]?.session_id, sessionId);
});

test('why of nobody known names whom was meant, since when it looks, and what to check; it ends with 3', async () => {
  await using world = await World.start();
  const { formId, sessionId } = await world.linkedWebinar();
  world.sandbox.pardot.world.submitForm(formId, { email: 'ada.lovelace@example.org' });
  await world.minutes(5);
  const { code, out } = await why(world, 'ada.lovelace@exampel.org');
  assert.equal(code, 3);
  assert.match(out, /No submission and no registration with this address since 2026-03-02T08:00:00Z/);
  assert.match(out, /nearest: ada\.lovelace@example\.org \(2 letters differ\)/);
  assert.match(out, /Look at\n {2}- is one of the addresses above meant\?/);
  await world.clock.advance(DAY);
  const { unknown } = await whyJson(world, 'nobody@nowhere.example');
  assert.deepEqual(unknown?.nearest, []);
  assert.ok(
    unknown?.checks.some((check) => check.startsWith('submissions are not read now (last at 2026-03-02T')),
  );
  const elsewhere = await why(world, 'ada.lovelace@example.org', '--session', 'another');
  assert.equal(elsewhere.code, 3);
  assert.match(elsewhere.out, new RegExp(`Also known in 1 other session: ${sessionId}`));
});

test('why --ask looks at both vendors and writes to none', async () => {
  await using world = await World.start();
  const { formId, sessionId } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  pardot.world.createProspect({ email: 'ada@example.org' });
  pardot.world.submitForm(formId, { email: 'ada@example.org' });
  await world.minutes(5);
  livestorm.world.unregister(sessionId, 'ada@example.org');
  const before = world.sandbox.log.entries().length;
  const { vendors } = await whyJson(world, 'ada@example.org', '--ask');
  assert.equal(vendors?.prospects.length, 1);
  assert.deepEqual(
    vendors?.livestorm.map(({ session_id, registered_at }) => [session_id, registered_at]),
    [[sessionId, null]],
  );
  const calls = world.sandbox.log.entries().slice(before);
  assert.deepEqual(
    calls.filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth2/')),
    [],
  );
  assert.equal(calls.filter(({ path }) => path.includes('/people')).length, 1);
});
