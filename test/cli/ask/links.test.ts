import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { HOUR } from '../../../src/clock.ts';
import { runCommand } from '../../support/command-line.ts';
import { World } from '../../support/world.ts';

interface Printed {
  readonly forms: readonly { form: string; name: string; session_id: string | null; submissions: number }[];
  readonly warnings: readonly {
    severity: string;
    kind: string;
    form: string | null;
    session_id: string | null;
    text: string;
  }[];
}

async function links(world: World, ...more: string[]) {
  const config = join(world.dir, 'config.yaml');
  const { code, out, error } = await runCommand(
    ['links', '--config', config, '--json', ...more],
    {},
    world.clock,
  );
  assert.equal(error, '');
  const { forms, warnings } = JSON.parse(out) as Printed;
  const kinds = warnings.map(({ severity, kind, form }) => [severity, kind, form]);
  return { code, forms, warnings, kinds };
}

test('links shows every form with its session, live and offline alike, and finds nothing where all is well', async () => {
  await using world = await World.start();
  const { sessionId, formId, campaignId } = await world.linkedWebinar();
  const { pardot } = world.sandbox;
  const handler = pardot.world.createFormHandler({ name: 'Handler', campaignId });
  pardot.world.createForm({
    name: 'Contact us',
    campaignId: pardot.world.createCampaign({ name: 'Website' }),
  });
  pardot.world.submitForm(formId, { email: 'ada@example.org' });
  pardot.world.submitFormHandler(handler, { email: 'bea@example.org' });
  await world.minutes(5);
  const before = world.sandbox.log.entries().length;
  const live = await links(world);
  assert.equal(live.code, 0);
  assert.deepEqual(
    live.forms.map(({ name, session_id, submissions }) => [name, session_id, submissions]),
    [
      ['Pardot Test Event form', sessionId, 1],
      ['Contact us', null, 0],
      ['Handler', sessionId, 1],
    ],
  );
  assert.deepEqual(live.kinds, [['note', 'several_forms', null]]);
  const calls = world.sandbox.log
    .entries()
    .slice(before)
    .filter(({ path }) => !path.includes('/oauth2/'));
  assert.equal(calls.length, 5);
  assert.ok(calls.every(({ method }) => method === 'GET'));
  const offline = await links(world, '--offline');
  assert.equal(world.sandbox.log.entries().length, before + calls.length + 1);
  assert.deepEqual(
    offline.forms.map(({ session_id }) => session_id),
    [sessionId, sessionId],
  );
  const text = await runCommand(['links', '--config', join(world.dir, 'config.yaml')], {}, world.clock);
  assert.match(text.out, /1 other form belongs to no session; --all shows them/);
  assert.match(
    text.out,
    new RegExp(`form ${formId} +Pardot Test Event form +${campaignId} +Pardot Test Event - .* upcoming +1 `),
  );
});

test('links names what loses people, and ends with 3', async () => {
  await using world = await World.start();
  const first = await world.linkedWebinar('First webinar');
  const second = await world.linkedWebinar('Second webinar');
  const { livestorm, pardot } = world.sandbox;
  const unlinked = pardot.world.createCampaign({ name: 'Old campaign' });
  pardot.world.submitForm(first.formId, { email: 'ada@example.org' });
  const page = pardot.world.createLandingPage({
    name: 'Page',
    campaignId: second.campaignId,
    formId: first.formId,
  });
  const half = pardot.world.createLandingPage({ name: 'Half', campaignId: unlinked, formId: second.formId });
  pardot.world.createForm({ name: 'Form for the second webinar', campaignId: unlinked });
  await world.minutes(5);
  const torn = await links(world);
  assert.equal(torn.code, 3);
  const found = torn.kinds.filter(([severity]) => severity !== 'note');
  assert.deepEqual(
    found.map(([severity, kind]) => [severity, kind]),
    [
      ['loses', 'campaign_unlinked'],
      ['loses', 'landing_page_differs'],
      ['warning', 'landing_page_differs'],
    ],
  );
  assert.deepEqual(
    found.slice(1).map(([, , form]) => form),
    [`landing_page:${page}`, `landing_page:${half}`],
  );
  pardot.world.repoint('form', first.formId, unlinked);
  livestorm.world.cancelSession(second.sessionId);
  await world.minutes(20);
  pardot.world.submitForm(second.formId, { email: 'late@example.org' });
  await world.minutes(5);
  const { code, warnings } = await links(world);
  assert.equal(code, 3);
  const texts = warnings.map(({ text }) => text).join('\n');
  assert.match(
    texts,
    /"First webinar form" is named like First webinar.*, but its campaign \d+ "Old campaign" belongs to no session/,
  );
  assert.match(
    texts,
    /"Second webinar form" is still submitted, 1 submission since, but the session is canceled/,
  );
});

test('links compares what Livestorm requires with what forms bring', async () => {
  await using world = await World.start();
  const { livestorm, pardot } = world.sandbox;
  const fields = [
    { id: 'email', required: true },
    { id: 'company', required: true },
    { id: 'job', required: true },
  ];
  const event = livestorm.world.createEvent({ title: 'Demanding', fields });
  const { id: sessionId } = livestorm.world.createSession(event.id, {
    startsAtMs: world.clock.now() + 9 * HOUR,
  });
  await world.until('linked', () => world.store.links.get(sessionId)?.listId != null);
  const campaignId = world.store.links.get(sessionId)?.pardotCampaignId ?? 0;
  const formId = pardot.world.createForm({ name: 'Short', campaignId });
  for (const name of ['ada', 'bea', 'cy']) pardot.world.submitForm(formId, { email: `${name}@example.org` });
  await world.minutes(5);
  const { code, warnings } = await links(world);
  assert.equal(code, 0);
  assert.deepEqual(
    warnings.map(({ kind, text }) => [kind, text.slice(text.indexOf('requires'))]),
    [
      ['field_never_filled', 'requires "company", but nobody who submitted "Short" of late has a company'],
      ['field_unmapped', 'requires "job", which fields.registration does not fill'],
    ],
  );
});
