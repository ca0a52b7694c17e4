import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/domain.ts';
import { aProspect, aSession, aSubmission, link, START, temporaryStore } from '../support/builders.ts';

test('the first sight freezes the submission; later ones change nothing', (t) => {
  const { submissions } = temporaryStore(t).store;
  const fields = { company: 'Acme', tags: ['a', 'b'] };
  assert.ok(submissions.observe(aSubmission({ prospect: aProspect({ fields }) }), 71, START));
  const first = submissions.get(1001);
  const changed = aSubmission({
    campaignId: 99,
    assetCampaignId: 98,
    prospect: aProspect({ id: 502, email: 'new@example.com', isDeleted: true }),
  });
  assert.equal(submissions.observe(changed, 72, START + 1), false);
  assert.deepEqual(submissions.get(1001), first);
  assert.deepEqual(
    [first?.email, first?.prospectId, first?.innerCampaignId, first?.fields],
    ['ana@example.com', 501, 71, fields],
  );
});

test('a missing prospect is filled in once, even after the waiting was given up', (t) => {
  const { submissions } = temporaryStore(t).store;
  submissions.observe(aSubmission({ prospect: null }), null, START);
  assert.equal(submissions.observe(aSubmission({ prospect: null }), null, START + 1), false);
  assert.equal(submissions.withoutProspect().length, 1);
  submissions.decide(1001, { outcome: 'prospect_missing' }, START + 2);
  assert.equal(submissions.withoutProspect().length, 0);
  assert.equal(submissions.undecided().length, 0);
  assert.ok(submissions.observe(aSubmission(), null, START + 3));
  assert.equal(
    submissions.observe(aSubmission({ prospect: aProspect({ id: 502 }) }), null, START + 4),
    false,
  );
  assert.deepEqual(
    submissions.undecided().map(({ prospectId, email, firstSeenAtMs }) => [prospectId, email, firstSeenAtMs]),
    [[501, 'ana@example.com', START]],
  );
});

test('a decision stands, except where the session was not ready or closed and is open now', (t) => {
  const { store } = temporaryStore(t);
  const { submissions } = store;
  const outcomes: Outcome[] = [
    'campaign_unlinked',
    'session_not_published',
    'session_ended',
    'invalid_email',
  ];
  for (const [index, outcome] of outcomes.entries()) {
    submissions.observe(aSubmission({ activityId: 10 - index }), null, START);
    submissions.decide(10 - index, { outcome }, START);
  }
  submissions.observe(aSubmission({ activityId: 5, campaignId: 71, assetCampaignId: 72 }), 73, START);
  submissions.decide(5, { outcome: 'campaign_unlinked' }, START);
  const undecided = () => submissions.undecided().map(({ activityId }) => activityId);
  assert.deepEqual(undecided(), []);
  link(store, aSession({ status: 'past' }), 70);
  assert.deepEqual(undecided(), [9, 10]);
  store.sessions.observe(aSession(), START);
  assert.deepEqual(undecided(), [8, 9, 10], 'the session was moved');
  store.sessions.observe(aSession({ status: 'past' }), START);
  link(store, aSession({ id: 'session-2' }), 73);
  assert.deepEqual(undecided(), [5, 9, 10]);
  submissions.decide(10, { sessionId: 'session-1' }, START);
  assert.deepEqual(undecided(), [5, 9]);
  assert.deepEqual(
    submissions.countsByOutcome().map(({ outcome, count }) => [outcome, count]),
    [
      ['campaign_unlinked', 1],
      ['invalid_email', 1],
      ['session_ended', 1],
      ['session_not_published', 1],
    ],
  );
  assert.equal(submissions.unregistered().length, 4);
});
