import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetch } from 'undici';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import { type LinkedWebinar, World } from '../support/world.ts';

/** The live prospects of an address. */
function prospectsOf(world: World, email: string) {
  return world.sandbox.pardot.world.prospectsByEmail(email).filter(({ isDeleted }) => !isDeleted);
}

const isListed = (world: World, email: string, { sessionId }: LinkedWebinar): boolean =>
  prospectsOf(world, email).some(({ lists }) =>
    lists.some(({ listId }) => listId === world.store.links.get(sessionId)?.listId),
  );

test('registrants become prospects: new ones with the campaign, known ones keep theirs, all on the list once', async () => {
  await using world = await World.start();
  const { livestorm, pardot } = world.sandbox;
  const old = pardot.world.createCampaign({ name: 'old' });
  pardot.world.createProspect({ email: 'known@example.org', firstName: 'Kept', campaignId: old });
  const webinar = await world.linkedWebinar();
  const { sessionId, campaignId, formId } = webinar;

  livestorm.world.registerOnPage(sessionId, { email: 'new@example.org', firstName: 'Nora', lastName: 'New' });
  livestorm.world.registerOnPage(sessionId, {
    email: 'Known@Example.org',
    firstName: 'Other',
    lastName: 'Known',
  });
  pardot.world.submitForm(formId, { email: 'ours@example.org', firstName: 'Ours' });
  const people = ['new@example.org', 'known@example.org', 'ours@example.org'];
  await world.until(
    'all are on the list',
    () => people.every((email) => isListed(world, email, webinar)),
    60,
  );
  await world.minutes(60);

  const [fresh, ...others] = prospectsOf(world, 'new@example.org');
  assert.deepEqual(others, []);
  assert.equal(fresh?.campaignId, campaignId);
  assert.equal(fresh?.fields.firstName, 'Nora');
  const [known, ...twins] = prospectsOf(world, 'known@example.org');
  assert.deepEqual(twins, [], 'letter case makes no second prospect');
  assert.equal(known?.campaignId, old);
  assert.equal(known?.fields.firstName, 'Kept', 'what stands is kept');
  assert.equal(known?.fields.lastName, 'Known', 'what was empty is filled');
  const [ours] = prospectsOf(world, 'ours@example.org');
  assert.deepEqual(ours?.apiWrites, [], 'no echo of what we registered ourselves');
  for (const email of people) assert.equal(prospectsOf(world, email)[0]?.lists.length, 1);
  assert.deepEqual(world.failures, []);
});

test('of several prospects with one address the one with the most recent activity; the recycle bin is left alone', async () => {
  await using world = await World.start();
  const { livestorm, pardot } = world.sandbox;
  const at = world.clock.now();
  const campaignId = pardot.world.createCampaign({ name: 'old' });
  const [older, newest, never] = [at - 2 * DAY, at - DAY, undefined].map((lastActivityAtMs) =>
    pardot.world.createProspect(
      { email: 'twin@example.org', campaignId },
      lastActivityAtMs === undefined ? {} : { lastActivityAtMs },
    ),
  );
  const deleted = pardot.world.createProspect({ email: 'binned@example.org', campaignId });
  pardot.world.deleteProspect(deleted);
  const webinar = await world.linkedWebinar();
  livestorm.world.registerOnPage(webinar.sessionId, { email: 'twin@example.org', lastName: 'Twin' });
  livestorm.world.registerOnPage(webinar.sessionId, { email: 'binned@example.org' });
  await world.until('the twin is on the list', () => isListed(world, 'twin@example.org', webinar), 60);
  await world.minutes(10);
  assert.equal(pardot.world.prospect(newest ?? 0)?.fields.lastName, 'Twin');
  for (const id of [older, never]) assert.deepEqual(pardot.world.prospect(id ?? 0)?.lists, []);
  assert.equal(pardot.world.prospect(deleted)?.isDeleted, true);
  assert.deepEqual(prospectsOf(world, 'binned@example.org'), []);
  const effect = world.store.effects.get('prospect', `${webinar.sessionId}/binned@example.org`);
  assert.deepEqual([effect?.state, effect?.reason], ['skipped', 'prospect_deleted']);
});

test('lost answers make no second prospect and no second membership', async () => {
  await using world = await World.start();
  const webinar = await world.linkedWebinar();
  const { faults, livestorm } = world.sandbox;
  faults.arm({ vendor: 'pardot', kind: 'reset_after', match: /^POST .*\/prospects$/, times: 1 });
  faults.arm({ vendor: 'pardot', kind: 'html_500_after', match: /^POST .*\/list-memberships$/, times: 1 });
  livestorm.world.registerOnPage(webinar.sessionId, { email: 'new@example.org' });
  await world.until('on the list', () => isListed(world, 'new@example.org', webinar), 60);
  await world.minutes(10);
  assert.equal(prospectsOf(world, 'new@example.org').length, 1);
  assert.ok(faults.list().every(({ hits }) => hits === 1));
});

test('one person who registers in two sessions at once becomes one prospect on two lists', async () => {
  await using world = await World.start();
  const first = await world.linkedWebinar('First');
  const second = await world.linkedWebinar('Second');
  for (const { sessionId } of [first, second]) {
    world.sandbox.livestorm.world.registerOnPage(sessionId, { email: 'both@example.org' });
  }
  await world.until(
    'on both lists',
    () => [first, second].every((webinar) => isListed(world, 'both@example.org', webinar)),
    60,
  );
  assert.equal(prospectsOf(world, 'both@example.org').length, 1);
});

test('attendance of people from either side reaches their prospects', async () => {
  await using world = await World.start();
  const webinar = await world.linkedWebinar();
  const { livestorm } = world.sandbox;
  livestorm.world.registerOnPage(webinar.sessionId, { email: 'page@example.org' });
  await world.until('on the list', () => isListed(world, 'page@example.org', webinar), 60);
  await world.skipTo(webinar.startsAtMs);
  livestorm.world.startSession(webinar.sessionId);
  livestorm.world.join(webinar.sessionId, 'page@example.org', { durationSeconds: 900 });
  await world.skipTo(webinar.startsAtMs + HOUR);
  livestorm.world.endSession(webinar.sessionId);
  for (const wait of [6 * MINUTE, 30 * MINUTE, 3 * HOUR]) await world.skipTo(world.clock.now() + wait);
  const [prospect] = prospectsOf(world, 'page@example.org');
  assert.equal(prospect?.customFields.Webinar_Attended__c, 'true');
  assert.equal(String(prospect?.customFields.Webinar_Duration__c), '900');
});

/** Type → value of the external activities a person has, in the order they were made. */
function activitiesOf(world: World, email: string): string[] {
  const [prospect] = prospectsOf(world, email);
  return (prospect?.externalActivities ?? []).map(({ type, value }) => `${type}: ${value}`);
}

test('external activities tell each thing once, for people from either side, also after lost answers', async () => {
  await using world = await World.start();
  // The article's first variant: external activities on, custom fields off.
  world.restart({ flows: { ...world.config.flows, externalActivities: true, customFields: false } });
  const { faults, livestorm, pardot } = world.sandbox;
  const webinar = await world.linkedWebinar();
  const { sessionId, formId, startsAtMs } = webinar;
  faults.arm({ vendor: 'pardot', kind: 'reset_after', match: /^POST .*external-activities$/, times: 2 });
  faults.arm({
    vendor: 'pardot',
    kind: 'reset_before',
    match: /^POST .*external-activities$/,
    times: 2,
    skip: 2,
  });
  livestorm.world.registerOnPage(sessionId, { email: 'page@example.org' });
  pardot.world.submitForm(formId, { email: 'form@example.org' });
  pardot.world.submitForm(formId, { email: 'absent@example.org' });
  const people = ['page@example.org', 'form@example.org', 'absent@example.org'];
  await world.until(
    'all are on the list',
    () => people.every((email) => isListed(world, email, webinar)),
    60,
  );
  await world.minutes(15);
  world.restart();
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  livestorm.world.join(sessionId, 'page@example.org', { durationSeconds: 900, messages: 2 });
  livestorm.world.join(sessionId, 'form@example.org', { durationSeconds: 1200, questions: 3 });
  await world.skipTo(startsAtMs + HOUR);
  livestorm.world.endSession(sessionId);
  for (const wait of [6 * MINUTE, 30 * MINUTE, 3 * HOUR, DAY]) {
    await world.skipTo(world.clock.now() + wait);
    await world.minutes(5);
  }
  livestorm.world.watchReplay(sessionId, 'absent@example.org');
  await world.skipTo(startsAtMs + 2 * DAY + 2 * HOUR);
  await world.minutes(60);

  assert.deepEqual(
    activitiesOf(world, 'page@example.org').sort(),
    [
      `Attended: ${sessionId}`,
      'AttendanceDuration: 900',
      'MessagesSent: 2',
      `Registered: ${sessionId}`,
    ].sort(),
  );
  assert.deepEqual(
    activitiesOf(world, 'form@example.org').sort(),
    [
      `Attended: ${sessionId}`,
      'AttendanceDuration: 1200',
      'QuestionsAsked: 3',
      `Registered: ${sessionId}`,
    ].sort(),
  );
  assert.deepEqual(
    activitiesOf(world, 'absent@example.org').sort(),
    [`NotAttended: ${sessionId}`, `Registered: ${sessionId}`, `WatchedReplay: ${sessionId}`].sort(),
  );
  const ended = prospectsOf(world, 'form@example.org')[0]?.externalActivities.find(
    ({ type }) => type === 'Attended',
  );
  assert.equal(
    ended?.activityDateMs,
    Math.floor((livestorm.world.session(sessionId).endedAtMs ?? 0) / 1000) * 1000,
  );
  assert.ok(
    faults.list().every(({ rule, hits }) => hits === rule.times),
    'every fault was met',
  );
  for (const email of people) assert.deepEqual(prospectsOf(world, email)[0]?.customFields, {});
});

test('somebody whom another tool registers through the API becomes a prospect too', async () => {
  await using world = await World.start();
  const webinar = await world.linkedWebinar();
  const { urls, credentials } = world.sandbox;
  const fields = [
    { id: 'email', value: 'tool@example.org' },
    { id: 'first_name', value: 'Tool' },
  ];
  const answer = await fetch(`${urls.livestorm}/sessions/${webinar.sessionId}/people`, {
    method: 'POST',
    headers: { authorization: credentials.livestorm.apiToken, 'content-type': 'application/vnd.api+json' },
    body: JSON.stringify({ data: { type: 'people', attributes: { fields } } }),
  });
  assert.equal(answer.status, 201);
  await world.until('on the list', () => isListed(world, 'tool@example.org', webinar), 60);
  const [prospect] = prospectsOf(world, 'tool@example.org');
  assert.equal(prospect?.campaignId, webinar.campaignId);
  assert.equal(prospect?.fields.firstName, 'Tool');
});

test('a prospect whose address is changed is told each thing once, under whatever address it has', async () => {
  await using world = await World.start();
  world.restart({ flows: { ...world.config.flows, externalActivities: true } });
  const { livestorm, pardot } = world.sandbox;
  const webinar = await world.linkedWebinar();
  const { sessionId, startsAtMs } = webinar;
  const prospectId = pardot.world.createProspect({ email: 'old@example.org' });
  livestorm.world.registerOnPage(sessionId, { email: 'old@example.org' });
  livestorm.world.registerOnPage(sessionId, { email: 'later@example.org' });
  await world.until('both are on the list', () => isListed(world, 'later@example.org', webinar), 60);
  const laterId = prospectsOf(world, 'later@example.org')[0]?.id ?? 0;
  await world.minutes(15);
  pardot.world.editProspect(prospectId, { email: 'moved@example.org' });
  livestorm.world.registerOnPage(sessionId, { email: 'moved@example.org' });
  await world.minutes(60);
  pardot.world.editProspect(laterId, { email: 'at-last@example.org' });
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  livestorm.world.join(sessionId, 'old@example.org', { durationSeconds: 900 });
  livestorm.world.join(sessionId, 'later@example.org', { durationSeconds: 600 });
  await world.skipTo(startsAtMs + HOUR);
  livestorm.world.endSession(sessionId);
  for (const wait of [6 * MINUTE, 30 * MINUTE, 3 * HOUR, DAY]) {
    await world.skipTo(world.clock.now() + wait);
    await world.minutes(5);
  }
  const told = (seconds: number) => [
    `Attended: ${sessionId}`,
    `AttendanceDuration: ${seconds}`,
    `Registered: ${sessionId}`,
  ];
  assert.deepEqual(activitiesOf(world, 'moved@example.org').sort(), told(900).sort());
  assert.deepEqual(activitiesOf(world, 'at-last@example.org').sort(), told(600).sort());
  const [moved] = prospectsOf(world, 'moved@example.org');
  assert.equal(moved?.customFields.Webinar_Attended__c, 'true', 'they were there under the old one');
});
