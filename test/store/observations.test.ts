import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import { openStore } from '../../src/store/store.ts';
import { aField, anEvent, aSession, link, START, temporaryStore } from '../support/builders.ts';

test('a session is kept as last seen, with its event and its first sight', (t) => {
  const { sessions } = temporaryStore(t).store;
  sessions.observe(aSession(), START);
  assert.equal(sessions.get('session-1')?.event, null);
  const event = anEvent({ fields: [aField({ multipleAnswers: true })], published: false });
  sessions.observeEvent(event, START);
  sessions.observeGone('session-1', START + 1);
  assert.equal(sessions.get('session-1')?.goneAtMs, START + 1);
  const changed = aSession({
    status: 'live',
    isBreakoutRoom: true,
    updatedAtMs: START + 2,
    registrantsCount: 3,
  });
  sessions.observe(changed, START + 2);
  const seen = { firstSeenAtMs: START, seenAtMs: START + 2, goneAtMs: null };
  assert.deepEqual(sessions.get('session-1'), { ...changed, ...seen, event: { ...event, seenAtMs: START } });
  assert.equal(sessions.get('session-2'), undefined);
});

test('sessions come oldest first, each with its own event', (t) => {
  const { sessions } = temporaryStore(t).store;
  sessions.observe(aSession({ id: 'b', eventId: 'event-2', createdAtMs: START + 1 }), START);
  sessions.observe(aSession({ id: 'a' }), START);
  for (const id of ['event-1', 'event-2']) sessions.observeEvent(anEvent({ id, title: id }), START);
  assert.deepEqual(
    sessions.all().map(({ id, event }) => [id, event?.title]),
    [
      ['a', 'event-1'],
      ['b', 'event-2'],
    ],
  );
});

test('a link is made once and goes its way: campaign, mirror, list', (t) => {
  const { store } = temporaryStore(t);
  link(store, aSession(), null);
  store.links.create('session-1', 'another name', START + 1);
  assert.deepEqual(
    store.links.awaitingMirror().map(({ sessionId }) => sessionId),
    ['session-1'],
  );
  store.links.mirrored('session-1', 70, START + 2);
  store.links.listed('session-1', 900, START + 3);
  assert.deepEqual(store.links.awaitingMirror(), []);
  assert.deepEqual(store.links.all(), [
    {
      sessionId: 'session-1',
      name: 'Link of session-1',
      createdAtMs: START,
      origin: 'made',
      salesforceCampaignId: '701000000000001AAA',
      campaignMadeAtMs: START,
      pardotCampaignId: 70,
      mirroredAtMs: START + 2,
      listId: 900,
      listedAtMs: START + 3,
    },
  ]);
  assert.throws(() => link(store, aSession({ id: 'session-2' }), 70), /UNIQUE/);
});

test('an existing campaign is adopted with or without its list, once, and never for two sessions', (t) => {
  const { links, sessions } = temporaryStore(t).store;
  for (const id of ['session-1', 'session-2', 'session-3']) sessions.observe(aSession({ id }), START);
  links.adopt('session-1', 'First', { campaignId: 70, listId: 900 }, START);
  links.adopt('session-1', 'Again', { campaignId: 71, listId: 901 }, START + 1);
  links.adopt('session-2', 'Taken', { campaignId: 70, listId: null }, START + 1);
  links.adopt('session-3', 'Third', { campaignId: 72, listId: null }, START + 1);
  links.renamed('session-3', 'Renamed');
  assert.deepEqual(
    links
      .all()
      .map(({ sessionId, name, origin, pardotCampaignId, mirroredAtMs, listId, listedAtMs }) => [
        ...[sessionId, name, origin, pardotCampaignId, mirroredAtMs, listId, listedAtMs],
      ]),
    [
      ['session-1', 'First', 'existing', 70, START, 900, START],
      ['session-3', 'Renamed', 'existing', 72, START + 1, null, null],
    ],
  );
  assert.deepEqual(links.awaitingMirror(), []);
});

test('activation and the key of the person hash are decided once', (t) => {
  const { store, stateDir } = temporaryStore(t);
  assert.equal(store.meta.activatedAtMs(), undefined);
  assert.equal(store.meta.activate(START), START);
  const key = store.meta.personKey();
  assert.match(key, /^[0-9a-f]{64}$/);
  using again = openStore(stateDir);
  assert.equal(again.meta.activate(START + HOUR), START);
  assert.equal(again.meta.personKey(), key);
});

test('new credentials are noticed; a token that replaced the configured one lasts as long as that', (t) => {
  const { meta } = temporaryStore(t).store;
  const changes = [
    ['a', 'b'],
    ['a', 'b'],
    ['b', 'a'],
    ['b', 'a'],
  ].map((c) => meta.haveCredentialsChanged(c));
  assert.deepEqual(changes, [true, false, true, false]);
  assert.equal(meta.newestRefreshToken('configured'), 'configured');
  meta.keepRefreshToken('configured', 'rotated');
  assert.equal(meta.newestRefreshToken('configured'), 'rotated');
  assert.equal(meta.newestRefreshToken('configured anew'), 'configured anew');
});

test('cursors, runs and governors are kept as they were last stored', (t) => {
  const { store, stateDir } = temporaryStore(t);
  assert.equal(store.checkpoints.read('a'), undefined);
  store.checkpoints.advance('a', { n: 1 }, START);
  store.checkpoints.advance('a', { n: 2 }, START);
  store.saveGovernor('pardot', { used: 1 });
  store.saveGovernor('pardot', { used: 2 });
  const run = { job: 'sessions', startedAtMs: START, finishedAtMs: START + 1, counts: { sessions: 2 } };
  store.jobRuns.record({ ...run, problem: null });
  store.jobRuns.record({ ...run, finishedAtMs: START + 2, counts: {}, problem: 'no answer' });
  using again = openStore(stateDir);
  assert.deepEqual(again.checkpoints.read('a'), { n: 2 });
  assert.deepEqual(again.loadGovernor('pardot'), { used: 2 });
  assert.equal(again.loadGovernor('livestorm'), undefined);
  assert.deepEqual(again.jobRuns.all(), [
    { ...run, finishedAtMs: START + 2, succeededAtMs: START + 1, counts: {}, problem: 'no answer' },
  ]);
});
