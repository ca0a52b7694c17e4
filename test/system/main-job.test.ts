import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetch } from 'undici';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { World } from '../support/world.ts';

test('a form, a form handler and a landing page register people in the linked session, each once', async () => {
  await using world = await World.start();
  const { pardot } = world.sandbox;
  const webinar = await world.linkedWebinar();
  const { sessionId, campaignId, formId } = webinar;
  const handler = pardot.world.createFormHandler({ name: 'handler', campaignId });
  const landing = pardot.world.createLandingPage({ name: 'landing', campaignId, formId });

  pardot.world.submitForm(formId, { email: 'ada@example.org', firstName: 'Ada', lastName: 'Lovelace' });
  pardot.world.submitFormHandler(handler, { email: 'grace@example.org' });
  pardot.world.submitLandingPage(landing, { email: 'lin@example.net' });
  pardot.world.submitForm(formId, { email: 'ADA@example.org' });
  await world.until('all three are registered', () => world.registered(sessionId).length === 3, 5);
  await world.minutes(30);

  assert.deepEqual(
    world.registered(sessionId).sort((a, b) => (a.email < b.email ? -1 : 1)),
    ['ada@example.org', 'grace@example.org', 'lin@example.net'].map((email) => ({ email, confirmations: 1 })),
  );
  const ada = world.sandbox.livestorm.world
    .people(sessionId)
    .find(({ email }) => email === 'ada@example.org');
  assert.equal(ada?.firstName, 'Ada');
  assert.equal(ada?.lastName, 'Lovelace');
  assert.deepEqual(world.failures, []);
  assert.deepEqual(
    world.lines.filter(({ level }) => level === 'error'),
    [],
  );
});

test('a submission through the form page is registered within two minutes', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  const submittedAtMs = world.clock.now();
  const page = await fetch(`${world.sandbox.urls.pages}/form/${formId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: 'ada@example.org', firstName: 'Ada' }).toString(),
  });
  assert.equal(page.status, 200);
  await world.until('she is registered', () => world.outcomeOf(sessionId, 'ada@example.org') !== null, 3);
  const registration = world.store.registrations.get(sessionId, 'ada@example.org');
  assert.equal(registration?.outcome, 'registered');
  assert.ok((registration?.outcomeAtMs ?? 0) - submittedAtMs <= 130 * SECOND);
});

test('attendance and the replay come back as custom fields of the same prospect', async () => {
  await using world = await World.start();
  const { sessionId, formId, startsAtMs } = await world.linkedWebinar('Café "été" & more');
  const { livestorm, pardot } = world.sandbox;
  pardot.world.submitForm(formId, { email: 'came@example.org' });
  pardot.world.submitForm(formId, { email: 'missed@example.org' });
  await world.until('both are registered', () => world.registered(sessionId).length === 2, 5);
  // Long enough for both to have been read as registrants before the session starts.
  await world.minutes(20);
  const writesBefore = pardot.world.prospects().flatMap(({ apiWrites }) => apiWrites).length;

  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  livestorm.world.join(sessionId, 'came@example.org', { durationSeconds: 1800, messages: 3, questions: 1 });
  await world.skipTo(startsAtMs + HOUR);
  livestorm.world.endSession(sessionId);
  for (const wait of [6 * MINUTE, 30 * MINUTE, 3 * HOUR, DAY]) await world.skipTo(world.clock.now() + wait);

  const [came] = pardot.world.prospectsByEmail('came@example.org');
  const [missed] = pardot.world.prospectsByEmail('missed@example.org');
  assert.equal(came?.customFields.Webinar_Attended__c, 'true');
  assert.equal(String(came?.customFields.Webinar_Duration__c), '1800');
  assert.equal(String(came?.customFields.Webinar_Messages__c), '3');
  assert.equal(String(came?.customFields.Webinar_Questions__c), '1');
  assert.equal(came?.customFields.Webinar_Session__c, 'Café "été" & more');
  assert.equal(missed?.customFields.Webinar_Attended__c, 'false');
  assert.equal(missed?.customFields.Webinar_Replay_Watched__c, undefined);
  // One write, and one more after the vendor's late correction of the duration.
  assert.equal(writesBefore, 0);
  assert.ok((came?.apiWrites.length ?? 0) <= 2);
  assert.equal(missed?.apiWrites.length, 1);

  livestorm.world.watchReplay(sessionId, 'missed@example.org');
  await world.skipTo(startsAtMs + HOUR + 2 * DAY + MINUTE);
  const [viewer] = pardot.world.prospectsByEmail('missed@example.org');
  assert.equal(viewer?.customFields.Webinar_Replay_Watched__c, 'replay');
  assert.equal(viewer?.customFields.Webinar_Attended__c, 'false');
  assert.equal(viewer?.apiWrites.length, 2);
  for (const person of pardot.world.prospects()) {
    assert.ok(person.apiWrites.every(({ operation }) => operation === 'update'));
  }
});

test('people who register in Livestorm are left alone by the form flow, and never mailed twice', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  world.sandbox.livestorm.world.registerOnPage(sessionId, { email: 'joan@example.org' });
  world.sandbox.pardot.world.submitForm(formId, { email: 'Joan@Example.org' });
  await world.until('there is an outcome', () => world.outcomeOf(sessionId, 'joan@example.org') !== null, 5);
  assert.equal(world.outcomeOf(sessionId, 'joan@example.org'), 'already_registered');
  assert.equal(world.sandbox.livestorm.world.confirmationsSent(sessionId, 'joan@example.org'), 1);
});

test('each person ends with a reason', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  const canceled = await world.linkedWebinar('Canceled');
  const { livestorm, pardot } = world.sandbox;
  const stray = pardot.world.createForm({
    name: 'stray',
    campaignId: pardot.world.createCampaign({ name: 'old' }),
  });
  world.restart({ safety: { ...world.config.safety, deniedDomains: ['denied.example'] } });

  pardot.world.submitForm(formId, { email: 'host@workspace.example' });
  pardot.world.submitForm(formId, { email: 'someone@sub.denied.example' });
  pardot.world.submitForm(stray, { email: 'stray@example.org' });
  livestorm.world.cancelSession(canceled.sessionId);
  await world.minutes(20);
  pardot.world.submitForm(canceled.formId, { email: 'late@example.org' });
  await world.minutes(5);

  const ended = Object.fromEntries(
    world.store.submissions.unregistered().map(({ email, outcome }) => [email, outcome]),
  );
  assert.deepEqual(ended, {
    'someone@sub.denied.example': 'denied_domain',
    'stray@example.org': 'campaign_unlinked',
    'late@example.org': 'session_canceled',
  });
  assert.equal(world.outcomeOf(sessionId, 'host@workspace.example'), 'team_member');
  assert.deepEqual(world.registered(sessionId), []);
});

test('a session that closes between two polls refuses nobody silently', async () => {
  await using world = await World.start();
  const { sessionId, formId, startsAtMs } = await world.linkedWebinar();
  await world.skipTo(startsAtMs);
  world.sandbox.livestorm.world.startSession(sessionId);
  await world.minutes(10);
  world.sandbox.livestorm.world.endSession(sessionId);
  world.sandbox.pardot.world.submitForm(formId, { email: 'late@example.org' });
  await world.minutes(5);
  const outcome =
    world.outcomeOf(sessionId, 'late@example.org') ??
    world.store.submissions.unregistered()[0]?.outcome ??
    null;
  assert.equal(outcome, 'session_ended');
  assert.deepEqual(world.registered(sessionId), []);
});

test('nothing from before activation is touched', async () => {
  let oldSession = '';
  await using world = await World.start({
    before: ({ livestorm, pardot }, startAtMs) => {
      const event = livestorm.world.createEvent({ title: 'Before' });
      oldSession = livestorm.world.createSession(event.id, { startsAtMs: startAtMs + DAY }).id;
      const campaignId = pardot.world.createCampaign({ name: 'Before' });
      pardot.world.submitForm(pardot.world.createForm({ name: 'Before', campaignId }), {
        email: 'old@example.org',
      });
    },
  });
  const { livestorm } = world.sandbox;
  const event = livestorm.world.createEvent({ title: 'After' });
  const session = livestorm.world.createSession(event.id, { startsAtMs: world.clock.now() + DAY });
  await world.minutes(5);
  livestorm.world.reschedule(oldSession, world.clock.now() + 2 * DAY);
  await world.minutes(30);
  assert.deepEqual(
    world.store.links.all().map(({ sessionId }) => sessionId),
    [session.id],
  );
  assert.deepEqual(world.store.submissions.unregistered(), []);
});

test('sessions of one event, a draft and a breakout room: each published session its own link, the others none', async () => {
  await using world = await World.start();
  const { livestorm } = world.sandbox;
  const event = livestorm.world.createEvent({ title: 'Series' });
  const startsAtMs = world.clock.now() + DAY;
  const first = livestorm.world.createSession(event.id, { startsAtMs });
  const second = livestorm.world.createSession(event.id, { startsAtMs: startsAtMs + DAY });
  livestorm.world.createSession(event.id, { startsAtMs, breakoutOf: first.id });
  const draft = livestorm.world.createEvent({ title: 'Draft', published: false });
  const later = livestorm.world.createSession(draft.id, { startsAtMs });
  await world.minutes(20);
  assert.deepEqual(
    new Set(world.store.links.all().map(({ sessionId }) => sessionId)),
    new Set([first.id, second.id]),
  );
  const names = world.sandbox.salesforce.world.campaigns().map(({ name }) => name);
  assert.deepEqual(names.sort(), ['Series - 2026-03-03 08:00 UTC', 'Series - 2026-03-04 08:00 UTC']);

  livestorm.world.publishEvent(draft.id);
  await world.until(
    'the published draft is linked',
    () => world.store.links.get(later.id)?.listId != null,
    90,
  );
  livestorm.world.renameEvent(event.id, 'Renamed');
  const [campaign] = world.sandbox.salesforce.world.campaigns();
  world.sandbox.salesforce.world.rename(campaign?.id ?? '', 'Named by the admin');
  await world.minutes(90);
  assert.equal(world.sandbox.salesforce.world.campaigns().length, 3);
  assert.equal(world.sandbox.pardot.world.lists().length, 3);
  assert.ok(world.sandbox.salesforce.world.campaigns().every(({ name }) => !name.includes('Renamed')));
});
