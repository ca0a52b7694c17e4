import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetch } from 'undici';
import { Rehearsal } from '../rehearsal.ts';

const FIELDS = '?fields=id,type,campaignId,formId,formHandlerId,landingPageId,prospectId&type=4';

async function submissions(rehearsal: Rehearsal): Promise<Record<string, unknown>[]> {
  rehearsal.pass(2);
  const answer = await rehearsal.pardot(`/objects/visitor-activities${FIELDS}`);
  return answer.values as Record<string, unknown>[];
}

test('a submitted form page shows up as a type-4 activity with campaign, form and prospect', async () => {
  await using rehearsal = await Rehearsal.start();
  const { formId, campaignId } = rehearsal.link();
  const page = await rehearsal.get(`/form/${formId}`);
  assert.match(page.text, /<label>Email <span class="hint">required<\/span>\s*<input name="email"/);
  const sent = await rehearsal.post(`/form/${formId}`, { email: 'ada@example.org', firstName: 'Ada' });
  assert.equal(sent.status, 200);
  assert.match(sent.text, /Thank you/);
  const [submission, ...others] = await submissions(rehearsal);
  const [prospect] = rehearsal.sandbox.pardot.world.prospectsByEmail('ada@example.org');
  assert.equal(others.length, 0);
  assert.equal(submission?.type, 4);
  assert.equal(submission?.formId, formId);
  assert.equal(submission?.campaignId, campaignId);
  assert.equal(submission?.prospectId, prospect?.id);
  assert.equal(prospect?.fields.firstName, 'Ada');
});

test('an invalid submission shows what is wrong, keeps what was typed and registers nobody', async () => {
  await using rehearsal = await Rehearsal.start();
  const { formId } = rehearsal.link();
  const reply = await rehearsal.post(`/form/${formId}`, { email: 'ada', firstName: '"><b>Ada' });
  assert.equal(reply.status, 400);
  assert.match(reply.text, /role="alert"><ul><li>[^<]+<\/li>/);
  assert.match(reply.text, /value="&quot;&gt;&lt;b&gt;Ada"/);
  assert.equal((await submissions(rehearsal)).length, 0);
});

test('the cookie of a form page makes a later visitor the same prospect', async () => {
  await using rehearsal = await Rehearsal.start({
    switches: { pardot: { cookieWithOtherEmail: 'overwritten' } },
  });
  const { formId } = rehearsal.link();
  const { cookie } = await rehearsal.get(`/form/${formId}`);
  assert.match(cookie, /^visitor_id=[\w-]{36}$/);
  await rehearsal.post(`/form/${formId}`, { email: 'ada@example.org' }, { cookie });
  await rehearsal.post(`/form/${formId}`, { email: 'ada@work.example' }, { cookie });
  await rehearsal.post(`/form/${formId}`, { email: 'grace@example.org' });
  const emails = rehearsal.sandbox.pardot.world.prospects().map((prospect) => prospect.email);
  assert.deepEqual(emails, ['ada@work.example', 'grace@example.org']);
});

test('a landing page takes the form inside it', async () => {
  await using rehearsal = await Rehearsal.start();
  const { formId, campaignId } = rehearsal.link();
  const page = { name: 'Landing', campaignId, formId };
  const id = rehearsal.sandbox.pardot.world.createLandingPage(page);
  assert.equal((await rehearsal.get(`/landing/${id}`)).status, 200);
  assert.equal((await rehearsal.post(`/landing/${id}`, { email: 'ada@example.org' })).status, 200);
  assert.equal((await submissions(rehearsal))[0]?.landingPageId, id);
});

test('a form handler takes urlencoded posts only, and answers with text or a redirect', async () => {
  await using rehearsal = await Rehearsal.start();
  const { campaignId } = rehearsal.link();
  const id = rehearsal.sandbox.pardot.world.createFormHandler({ name: 'Site', campaignId });
  const path = `/handler/${id}`;
  const json = await fetch(rehearsal.sandbox.urls.pages + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"email":"ada@example.org"}',
  });
  assert.equal(json.status, 415);
  assert.equal((await rehearsal.get(path)).status, 405);
  const refused = await rehearsal.post(path, { firstName: 'Ada' });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /^Please correct the following errors: /);
  const success_location = 'https://www.example.org/thanks';
  const error_location = 'https://www.example.org/again';
  const wrong = await rehearsal.post(path, { email: '', success_location, error_location });
  assert.equal(wrong.location, error_location);
  const sent = await rehearsal.post(path, { email: 'ada@example.org', success_location, error_location });
  assert.deepEqual([sent.status, sent.location], [302, success_location]);
  const text = await rehearsal.post(path, { email: 'grace@example.org' });
  assert.deepEqual([text.status, text.text], [200, 'Thank you for your submission.']);
  assert.deepEqual(
    (await submissions(rehearsal)).map((submission) => submission.formHandlerId),
    [id, id],
  );
});

test('a form that does not exist says so', async () => {
  await using rehearsal = await Rehearsal.start();
  assert.equal((await rehearsal.get('/form/1')).status, 404);
  assert.equal((await rehearsal.post('/landing/1', { email: 'ada@example.org' })).status, 404);
  assert.equal((await rehearsal.post('/handler/1', { email: 'ada@example.org' })).status, 404);
});
