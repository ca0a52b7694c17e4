import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetch } from 'undici';
import { Rehearsal } from '../rehearsal.ts';

const EMAIL = 'ada@example.org';

async function sendActivity(rehearsal: Rehearsal): Promise<number> {
  const { urls, credentials } = rehearsal.sandbox;
  const reply = await fetch(`${urls.pardot}/api/v5/external-activities`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await rehearsal.token()}`,
      'pardot-business-unit-id': credentials.pardot.businessUnitId,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      extension: 'Livestorm',
      type: 'AttendanceDuration',
      email: EMAIL,
      value: '<b>1234</b>',
      activityDate: '2026-02-27T10:15:00+00:00',
    }),
  });
  return reply.status;
}

test('a prospect’s page shows its external activities', async () => {
  await using rehearsal = await Rehearsal.start();
  const { campaignId } = rehearsal.link();
  const id = rehearsal.sandbox.pardot.world.createProspect({ email: EMAIL, campaignId });
  assert.equal(await sendActivity(rehearsal), 201);
  const { text } = await rehearsal.get(`/prospects/${id}`);
  const [, card = ''] = /<h2>External activities<\/h2>(.*?)<\/section>/s.exec(text) ?? [];
  assert.match(card, /2026-02-27 10:15 UTC/);
  assert.match(card, /Livestorm/);
  assert.match(card, /AttendanceDuration/);
  assert.match(card, /&lt;b&gt;1234/);
});

test('in an org without the extension no external activity is taken', async () => {
  await using rehearsal = await Rehearsal.start({ bare: true });
  rehearsal.sandbox.pardot.world.createCampaign({ name: 'Old' });
  rehearsal.sandbox.pardot.world.createProspect({ email: EMAIL });
  assert.equal(await sendActivity(rehearsal), 400);
});
