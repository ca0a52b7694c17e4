import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetch } from 'undici';
import { Rehearsal } from '../rehearsal.ts';

const STARTS = '2026-03-02T14:00';

/** The only session there is. */
function session(rehearsal: Rehearsal) {
  const [only] = rehearsal.sandbox.livestorm.world.sessions();
  assert.ok(only);
  return only;
}

test('no page loads anything, runs a script or leaves out a label', async () => {
  await using rehearsal = await Rehearsal.start();
  const { sessionId, formId } = rehearsal.link();
  await rehearsal.post(`/form/${formId}`, { email: 'ada@example.org' });
  const [prospect] = rehearsal.sandbox.pardot.world.prospects();
  const paths = ['/', '/assets', '/prospects', '/switches', '/faults', '/requests', '/connect'];
  paths.push(`/sessions/${sessionId}`, `/prospects/${prospect?.id}`, `/form/${formId}`);
  for (const path of paths) {
    const { status, text } = await rehearsal.get(path);
    assert.equal(status, 200, path);
    assert.doesNotMatch(text, /<script|<link|<img|\ssrc=|@import|url\(/, path);
    assert.equal(text.match(/<h1>/g)?.length, 1, path);
    const labelled = text.replaceAll(/<label[^>]*>.*?<\/label>/gs, '');
    const ids = new Set([...text.matchAll(/<label for="([^"]+)"/g)].map((match) => match[1]));
    for (const [input] of labelled.matchAll(/<(?:input|select)\b[^>]*>/g)) {
      if (input.includes('type="hidden"')) continue;
      assert.ok(ids.has(/ id="([^"]+)"/.exec(input)?.[1] ?? ''), `${path}: ${input}`);
    }
  }
});

test('pages may not be scripted or framed', async () => {
  await using rehearsal = await Rehearsal.start();
  const reply = await fetch(rehearsal.sandbox.urls.pages);
  assert.match(
    reply.headers.get('content-security-policy') ?? '',
    /default-src 'none'.*frame-ancestors 'none'/,
  );
});

test('an event with a session is created, and the way back says so', async () => {
  await using rehearsal = await Rehearsal.start();
  const reply = await rehearsal.post('/events', {
    title: 'Tour <b>',
    starts: STARTS,
    fields: 'company, job_title',
    published: 'on',
  });
  assert.equal(reply.status, 303);
  const { text } = await rehearsal.get(reply.location);
  assert.match(text, /role="status">Created “Tour &lt;b&gt;” with one session</);
  assert.doesNotMatch(text, /Tour <b>/);
  const { world } = rehearsal.sandbox.livestorm;
  assert.equal(session(rehearsal).startsAtMs, Date.UTC(2026, 2, 2, 14));
  assert.equal(session(rehearsal).status, 'upcoming');
  const fields = world.event(session(rehearsal).eventId).fields.map((field) => field.id);
  assert.deepEqual(fields, ['email', 'first_name', 'last_name', 'company', 'job_title']);
});

test('a draft is published, and an event gets a second session', async () => {
  await using rehearsal = await Rehearsal.start();
  await rehearsal.post('/events', { title: 'Tour', starts: STARTS, fields: '' });
  assert.equal(session(rehearsal).status, 'draft');
  await rehearsal.post(`/sessions/${session(rehearsal).id}/publish`, {});
  assert.equal(session(rehearsal).status, 'upcoming');
  await rehearsal.post('/sessions', { event: session(rehearsal).eventId, starts: STARTS, name: 'Encore' });
  const names = rehearsal.sandbox.livestorm.world.sessions().map((each) => each.name);
  assert.deepEqual(names, [null, 'Encore']);
});

test('a session is played: register, start, attend, end, watch the replay', async () => {
  await using rehearsal = await Rehearsal.start();
  await rehearsal.post('/events', { title: 'Tour', starts: STARTS, fields: '', published: 'on' });
  const { id } = session(rehearsal);
  const path = `/sessions/${id}`;
  const email = 'ada@example.org';
  await rehearsal.post(`${path}/register`, { email, firstName: 'Ada', lastName: 'Lovelace' });
  await rehearsal.post(`${path}/start`, {});
  rehearsal.pass(40);
  await rehearsal.post(`${path}/join`, { email, minutes: '30.5', messages: '3', questions: '1' });
  await rehearsal.post(`${path}/end`, {});
  await rehearsal.post(`${path}/replay`, { email });
  await rehearsal.post(`${path}/on-demand`, {});
  const { world } = rehearsal.sandbox.livestorm;
  const ada = world.people(id).find((person) => person.email === email);
  assert.deepEqual(ada?.attendance, { durationSeconds: 1830, messages: 3, questions: 1 });
  assert.notEqual(ada?.replayWatchedAtMs, null);
  assert.equal(world.session(id).status, 'on_demand');
  const { text } = await rehearsal.get(path);
  assert.match(text, /Ada Lovelace/);
  assert.match(text, /30\.5 min<br><span class="quiet small">3 messages, 1 question</);
  assert.match(text, /guest speaker/);
});

test('an action that does not fit is refused with its reason and changes nothing', async () => {
  await using rehearsal = await Rehearsal.start();
  await rehearsal.post('/events', { title: 'Tour', starts: STARTS, fields: '', published: 'on' });
  const { id } = session(rehearsal);
  await rehearsal.post(`/sessions/${id}/cancel`, {});
  const REFUSED: [string, Record<string, string>][] = [
    [`/sessions/${id}/start`, {}],
    [`/sessions/${id}/dance`, { email: 'a@b.example' }],
    [`/sessions/${id}/register`, {}],
    ['/events', { title: '', starts: STARTS }],
    ['/events', { title: 'x', starts: 'soon' }],
    ['/assets', { kind: 'form', name: 'x', campaign: '1' }],
    ['/campaigns', { name: 'x'.repeat(81) }],
    ['/prospects/1/delete', {}],
  ];
  for (const [path, form] of REFUSED) {
    const reply = await rehearsal.post(path, form);
    assert.equal(reply.status, 400, path);
    assert.match(reply.text, /role="alert">[^<]+</, path);
  }
  assert.equal(session(rehearsal).status, 'canceled');
  assert.equal(rehearsal.sandbox.livestorm.world.events().length, 1);
  assert.equal((await rehearsal.get('/nowhere')).status, 404);
  assert.equal((await rehearsal.post('/prospects', {})).status, 405);
});

test('a session shows its campaign, its mirror and its list, by ids and not by names', async () => {
  await using rehearsal = await Rehearsal.start();
  const { sessionId, campaignId } = rehearsal.link();
  const { pardot, salesforce } = rehearsal.sandbox;
  salesforce.world.createCampaign({ name: 'Product tour, another' });
  const listId = pardot.world.createList({ name: 'People of the tour', campaignId });
  const { text } = await rehearsal.get(`/sessions/${sessionId}`);
  assert.match(text, new RegExp(`href="/lists/${listId}">People of the tour</a>`));
  assert.match(text, new RegExp(`Product tour <span class="id quiet">${campaignId}<`));
  assert.match(text, new RegExp(salesforce.world.campaigns()[0]?.id ?? 'none'));
  assert.doesNotMatch(text, /another/);
  assert.match((await rehearsal.get(`/lists/${listId}`)).text, /Nobody yet/);
});

test('forms, handlers and landing pages are created for a campaign', async () => {
  await using rehearsal = await Rehearsal.start();
  assert.match((await rehearsal.get('/assets')).text, /Pardot has no campaign yet/);
  const { campaignId, formId } = rehearsal.link();
  const campaign = String(campaignId);
  const fields = 'company, jobTitle';
  await rehearsal.post('/assets', { kind: 'form', name: 'F', campaign, fields });
  await rehearsal.post('/assets', { kind: 'form_handler', name: 'H', campaign, fields, kiosk: 'on' });
  await rehearsal.post('/assets', { kind: 'landing_page', name: 'L', campaign, form: String(formId) });
  const { world } = rehearsal.sandbox.pardot;
  const form = world.forms().find((each) => each.name === 'F');
  assert.deepEqual(form?.fields.at(-1), { name: 'jobTitle', label: 'Job title', required: false });
  assert.equal(world.formHandlers()[0]?.isCookieless, true);
  assert.equal(world.landingPages()[0]?.formId, formId);
  const { text } = await rehearsal.get('/assets');
  assert.match(text, new RegExp(`href="/form/${form?.id}"`));
  assert.match(text, /<code>POST http:[^<]+\/handler\/\d+<\/code>/);
});

test('a prospect’s record shows fields, activities and API writes, and can be deleted', async () => {
  await using rehearsal = await Rehearsal.start();
  const { formId } = rehearsal.link();
  await rehearsal.post(`/form/${formId}`, { email: 'ada@example.org', firstName: 'Ada' });
  const [prospect] = rehearsal.sandbox.pardot.world.prospects();
  const path = `/prospects/${prospect?.id}`;
  const { text } = await rehearsal.get(path);
  for (const shown of ['<h1>Ada</h1>', 'ada@example.org', 'type 4', 'Registration', 'Product tour']) {
    assert.ok(text.includes(shown), shown);
  }
  await rehearsal.post(`${path}/delete`, {});
  assert.match((await rehearsal.get(path)).text, /recycle bin<\/span>/);
  assert.equal(rehearsal.sandbox.pardot.world.prospect(prospect?.id ?? 0)?.isDeleted, true);
  assert.match((await rehearsal.get('/prospects')).text, new RegExp(`href="${path}">Ada</a>`));
  assert.equal((await rehearsal.get('/prospects/1')).status, 404);
});

test('requests are listed with counts, without the pages’ own, and can be cleared', async () => {
  await using rehearsal = await Rehearsal.start();
  const url = `${rehearsal.sandbox.urls.livestorm}/sessions?filter[title]=a&b`;
  await fetch(url);
  await fetch(url);
  const { text } = await rehearsal.get('/requests');
  assert.match(text, /livestorm 2</);
  assert.match(text, /<code>GET \/v1\/sessions<\/code><\/div><\/td><td data-label="Calls"><div>2</);
  assert.match(text, /<code>GET \/v1\/sessions\?filter\[title\]=a&amp;b=<\/code>/);
  assert.doesNotMatch(text, /GET \/requests/);
  await rehearsal.post('/requests/clear', {});
  assert.equal(rehearsal.sandbox.log.total('livestorm'), 0);
});

test('sessions of the API user are ended from the page that shows the credentials', async () => {
  await using rehearsal = await Rehearsal.start();
  const token = await rehearsal.token();
  const { text } = await rehearsal.get('/connect');
  const { credentials, urls } = rehearsal.sandbox;
  const shown = [...Object.values(urls).slice(0, 3), credentials.livestorm.apiToken];
  shown.push(credentials.pardot.businessUnitId, credentials.salesforce.clientId, 'BEGIN PRIVATE KEY');
  for (const each of shown) assert.ok(text.includes(each), each);
  await rehearsal.post('/salesforce/revoke', {});
  assert.equal(rehearsal.sandbox.salesforce.world.isTokenValid(token), false);
});

test('a campaign made by hand in Salesforce has no external id', async () => {
  await using rehearsal = await Rehearsal.start();
  await rehearsal.post('/campaigns', { name: 'By hand' });
  const [campaign] = rehearsal.sandbox.salesforce.world.campaigns();
  assert.deepEqual([campaign?.name, campaign?.externalId], ['By hand', null]);
});
