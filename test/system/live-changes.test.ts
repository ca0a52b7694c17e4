import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import { plannedLongAgo, World } from '../support/world.ts';

const EMAIL = 'ada@example.org';

test('a session that is moved takes its names along, unless an admin has given other ones', async () => {
  await using world = await World.start();
  const moved = await world.linkedWebinar('Moved');
  const named = await world.linkedWebinar('Named');
  const { livestorm, pardot, salesforce } = world.sandbox;
  const salesforceIdOf = (sessionId: string) => world.store.links.get(sessionId)?.salesforceCampaignId ?? '';
  salesforce.world.rename(salesforceIdOf(named.sessionId), 'Named by the admin');
  for (const { sessionId, startsAtMs } of [moved, named])
    livestorm.world.reschedule(sessionId, startsAtMs + DAY);
  const movedName = 'Moved - 2026-03-03';
  const campaignName = (sessionId: string) =>
    salesforce.world.campaigns().find(({ id }) => id === salesforceIdOf(sessionId))?.name ?? '';
  await world.until('the name has followed', () => campaignName(moved.sessionId).startsWith(movedName), 60);
  await world.minutes(30);
  assert.equal(campaignName(named.sessionId), 'Named by the admin');
  const lists = pardot.world.lists().map(({ name }) => name);
  assert.ok(lists.some((name) => name.startsWith(movedName)));
  assert.ok(lists.some((name) => name.startsWith('Named - 2026-03-03')));
  assert.equal(lists.length, 2);
  pardot.world.submitForm(moved.formId, { email: EMAIL });
  await world.until('registered', () => world.outcomeOf(moved.sessionId, EMAIL) === 'registered', 5);
});

test('a form that is pointed at another campaign registers in the other session from then on', async () => {
  await using world = await World.start();
  const first = await world.linkedWebinar('First');
  const second = await world.linkedWebinar('Second');
  const { pardot } = world.sandbox;
  pardot.world.submitForm(first.formId, { email: 'before@example.org' });
  pardot.world.repoint('form', first.formId, second.campaignId);
  pardot.world.submitForm(first.formId, { email: 'after@example.org' });
  await world.until('both are registered', () => world.registered(second.sessionId).length === 1, 5);
  await world.minutes(5);
  assert.deepEqual(
    world.registered(first.sessionId).map(({ email }) => email),
    ['before@example.org'],
  );
  assert.deepEqual(
    world.registered(second.sessionId).map(({ email }) => email),
    ['after@example.org'],
  );
});

test('whoever is unregistered in Livestorm leaves the list only if the configuration says so, and may come back', async () => {
  for (const removeUnregistered of [false, true]) {
    await using world = await World.start();
    world.restart({ lists: { removeUnregistered } });
    const { sessionId } = await world.linkedWebinar();
    const { livestorm, pardot } = world.sandbox;
    const isListed = () => pardot.world.prospectsByEmail(EMAIL).some(({ lists }) => lists.length === 1);
    livestorm.world.registerOnPage(sessionId, { email: EMAIL });
    await world.until('on the list', isListed, 60);
    livestorm.world.unregister(sessionId, EMAIL);
    await world.minutes(40);
    assert.equal(isListed(), !removeUnregistered);
    livestorm.world.registerOnPage(sessionId, { email: EMAIL });
    await world.until('on the list again', isListed, 60);
  }
});

test('whoever left and submits again is registered again, once each time, before anybody has read that they left', async () => {
  await using world = await World.start({ switches: { livestorm: { duplicate: 201 } } });
  const { sessionId, formId } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  const mails = () => world.registered(sessionId).map(({ confirmations }) => confirmations);
  pardot.world.submitForm(formId, { email: EMAIL });
  await world.until('registered', () => world.outcomeOf(sessionId, EMAIL) === 'registered', 5);
  await world.minutes(20);
  pardot.world.submitForm(formId, { email: EMAIL });
  await world.minutes(5);
  assert.deepEqual(mails(), [1], 'still there: not mailed again');
  livestorm.world.unregister(sessionId, EMAIL);
  pardot.world.submitForm(formId, { email: EMAIL });
  await world.until('registered again', () => mails().length === 1, 5);
  pardot.world.submitForm(formId, { email: EMAIL });
  await world.minutes(30);
  assert.deepEqual(mails(), [2], 'twice in all, for the two times that they were not there');
  const [prospect] = pardot.world.prospectsByEmail(EMAIL);
  assert.equal(prospect?.lists.length, 1);
});

test('whoever is there in another letter case is found, however Livestorm takes it', async () => {
  for (const emailCase of ['kept', 'distinct'] as const) {
    const switches = {
      livestorm: { emailCase, duplicate: 201 },
      pardot: { emailCase: 'sensitive' },
    } as const;
    await using world = await World.start({ switches });
    const { sessionId, formId } = await world.linkedWebinar();
    const { livestorm, pardot } = world.sandbox;
    livestorm.world.registerOnPage(sessionId, { email: 'Bea@Example.org' });
    pardot.world.submitForm(formId, { email: 'Ada@Example.org' });
    await world.minutes(30);
    pardot.world.submitForm(formId, { email: 'ADA@example.org' });
    pardot.world.submitForm(formId, { email: 'bea@example.org' });
    await world.minutes(10);
    const mailed = livestorm.world
      .people(sessionId)
      .filter(({ email }) => /^(ada|bea)@/i.test(email))
      .map(({ email, confirmationsSent }) => [email, confirmationsSent]);
    assert.deepEqual(
      mailed,
      [
        ['Bea@Example.org', 1],
        ['Ada@Example.org', 1],
      ],
      emailCase,
    );
  }
});

for (const by of ['session', 'event'] as const) {
  test(`an existing campaign is tied to a session by the id of the ${by}; its past is none of ours`, async () => {
    let old = { eventId: '', sessionId: '', campaignId: 0, formId: 0, listId: 0 };
    await using world = await World.start({
      before: (sandbox, startAtMs) => {
        old = plannedLongAgo(sandbox, startAtMs);
      },
    });
    const { pardot, salesforce } = world.sandbox;
    pardot.world.submitForm(old.formId, { email: 'earlier@example.org' });
    await world.minutes(5);
    const { campaignId: pardotCampaign, listId: list, sessionId: session, eventId: event } = old;
    const named = by === 'session' ? { session, event: null } : { session: null, event };
    const existing = [{ ...named, pardotCampaign, list }];
    world.restart({ links: { ...world.config.links, existing } });
    await world.daemon.runOnce({ forced: true });
    pardot.world.submitForm(old.formId, { email: EMAIL });
    await world.until('registered', () => world.outcomeOf(session, EMAIL) === 'registered', 10);
    await world.minutes(10);
    assert.deepEqual(
      world.registered(session).map(({ email }) => email),
      [EMAIL],
    );
    assert.equal(world.store.submissions.unregistered()[0]?.outcome, 'before_link');
    assert.deepEqual(salesforce.world.campaigns(), []);
    assert.deepEqual(
      pardot.world.prospectsByEmail(EMAIL)[0]?.lists.map(({ listId }) => listId),
      [list],
    );
  });
}

test('an event that turns on-demand keeps the wording of its live people', async () => {
  await using world = await World.start();
  world.restart({ flows: { ...world.config.flows, externalActivities: true } });
  const { sessionId, eventId, startsAtMs } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  livestorm.world.registerOnPage(sessionId, { email: 'live@example.org' });
  await world.minutes(20);
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  livestorm.world.join(sessionId, 'live@example.org', { durationSeconds: 600 });
  await world.skipTo(startsAtMs + HOUR);
  livestorm.world.endSession(sessionId);
  for (const wait of [6 * MINUTE, 30 * MINUTE, 3 * HOUR]) await world.skipTo(world.clock.now() + wait);
  livestorm.world.makeOnDemand(sessionId);
  livestorm.world.setSchedulingStatus(eventId, 'on_demand');
  livestorm.world.registerOnPage(sessionId, { email: 'later@example.org' });
  for (const email of ['live@example.org', 'later@example.org'])
    livestorm.world.watchReplay(sessionId, email);
  for (let round = 0; round < 6; round++) await world.skipTo(world.clock.now() + 10 * HOUR);
  await world.minutes(5);
  const replayOf = (email: string) =>
    pardot.world.prospectsByEmail(email)[0]?.customFields.Webinar_Replay_Watched__c ?? null;
  assert.equal(replayOf('live@example.org'), 'replay');
  assert.equal(replayOf('later@example.org'), 'on_demand');
  assert.equal(
    pardot.world.prospectsByEmail('later@example.org')[0]?.customFields.Webinar_Attended__c,
    undefined,
  );
  const toldOf = (email: string) =>
    pardot.world
      .prospectsByEmail(email)[0]
      ?.externalActivities.map(({ type }) => type)
      .sort();
  assert.deepEqual(toldOf('live@example.org'), [
    'AttendanceDuration',
    'Attended',
    'Registered',
    'WatchedReplay',
  ]);
  assert.deepEqual(toldOf('later@example.org'), ['Registered', 'WatchedOnDemand']);
});

test('a session that is moved after all takes whoever was turned away', async () => {
  await using world = await World.start();
  const { sessionId, formId, startsAtMs } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  // The host never starts it: a submission after the planned end finds it closed.
  await world.skipTo(startsAtMs + 90 * MINUTE);
  await world.until(
    'it is seen as over',
    () => world.store.sessions.get(sessionId)?.status === 'past_not_started',
    60,
  );
  pardot.world.submitForm(formId, { email: EMAIL });
  await world.minutes(5);
  assert.equal(world.store.submissions.unregistered()[0]?.outcome, 'session_ended');
  livestorm.world.reschedule(sessionId, world.clock.now() + DAY);
  await world.until('registered', () => world.outcomeOf(sessionId, EMAIL) === 'registered', 300);
  assert.deepEqual(world.registered(sessionId), [{ email: EMAIL, confirmations: 1 }]);
});

test('whoever was refused may submit again', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  const { faults, pardot } = world.sandbox;
  const reply = { status: 422, body: '{"errors":[{"title":"Refused for once"}]}' };
  faults.arm({ vendor: 'livestorm', kind: 'status', match: /^POST .*\/people$/, times: 1, reply });
  pardot.world.submitForm(formId, { email: EMAIL });
  await world.until('refused', () => world.outcomeOf(sessionId, EMAIL) === 'dead', 5);
  pardot.world.submitForm(formId, { email: EMAIL });
  await world.until('registered', () => world.outcomeOf(sessionId, EMAIL) === 'registered', 5);
  assert.deepEqual(world.registered(sessionId), [{ email: EMAIL, confirmations: 1 }]);
});
