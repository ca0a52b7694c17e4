import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent } from 'undici';
import { PardotClient } from '../../src/clients/pardot.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { RetryableError } from '../../src/errors.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { Faults } from '../../src/sandbox/kernel/faults.ts';
import { RequestLog } from '../../src/sandbox/kernel/request-log.ts';
import { VendorServer } from '../../src/sandbox/kernel/server.ts';
import { Pardot, type SalesforceCampaignView } from '../../src/sandbox/pardot/service.ts';
import type { ErrorBody, PardotSwitches } from '../../src/sandbox/pardot/switches.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { WRITE_FAULTS } from './write-faults.ts';

const START = Date.parse('2026-03-02T12:00:00Z');
const ADA = { email: 'Ada@Example.org', firstName: 'Ada', lastName: 'Example' };
const SEE_AT_ONCE = { min: 0, max: 0 };

/** The client and a whole business unit on one clock: a campaign from yesterday with a form on it. */
async function businessUnit(switches: Partial<PardotSwitches> = {}, timeoutMs = 10_000) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const faults = new Faults();
  const log = new RequestLog();
  const salesforceCampaigns: SalesforceCampaignView[] = [];
  const token = { valid: 'token-1', next: 'token-1' };
  const service = new Pardot({
    clock,
    random: new Random(7),
    isTokenValid: (text) => text === token.valid,
    salesforceCampaigns: () => salesforceCampaigns,
    switches: { readLagMs: SEE_AT_ONCE, ...switches },
  });
  const server = new VendorServer(service, { clock, faults, log, latencyMs: () => 0 });
  await server.listen(0);
  const dispatcher = new Agent();
  const governor = new OpenGovernor('pardot');
  const connection = { businessUnitId: service.businessUnitId };
  const client = new PardotClient({
    http: { dispatcher, clock, timeoutMs, maxBytes: 20_000_000 },
    baseUrl: server.url,
    businessUnitId: connection.businessUnitId,
    tokens: {
      token: async () => token.next,
      invalidate: () => {
        token.next = token.valid;
      },
    },
    governor,
  });
  const { world } = service;
  const campaignId = world.createCampaign({ name: 'Spring', createdAtMs: START - DAY });
  const formId = world.createForm({ name: 'Sign up', campaignId });
  const call: Call = { work: 'registrations', signal: new AbortController().signal };
  return {
    ...{ clock, faults, log, service, token, governor, client, world, salesforceCampaigns },
    ...{ campaignId, formId, call, server, dispatcher },
    submissions: (prospectFields: readonly string[] = [], createdSinceMs = START - MINUTE) =>
      client.listSubmissions({ createdSinceMs, prospectFields }, call),
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The ids of an accepted submission. */
function accepted(result: ReturnType<Pardot['world']['submitForm']>) {
  assert.ok(result.accepted);
  return result;
}

for (const userTimeZone of ['America/Los_Angeles', 'Asia/Kolkata', 'UTC']) {
  test(`a form submission comes across, user in ${userTimeZone}`, async () => {
    await using unit = await businessUnit({ userTimeZone, noise: 'views_and_errors' });
    const { prospectId, activityId } = accepted(unit.world.submitForm(unit.formId, ADA));
    assert.deepEqual(await unit.submissions(['firstName', 'company', 'size__c']), [
      {
        activityId,
        createdAtMs: START,
        campaignId: unit.campaignId,
        formId: unit.formId,
        formHandlerId: null,
        landingPageId: null,
        assetCampaignId: unit.campaignId,
        assetName: 'Sign up',
        assetUrl: `https://go.sandbox.example/form/${unit.formId}`,
        prospect: {
          id: prospectId,
          email: ADA.email,
          isDeleted: false,
          fields: { firstName: 'Ada' },
        },
      },
    ]);
  });
}

test('handlers and landing pages, each with its campaign', async () => {
  await using unit = await businessUnit({ landingPageIds: 'landing_page_and_form' });
  const other = unit.world.createCampaign({ name: 'Other' });
  const handlerId = unit.world.createFormHandler({ name: 'Handler', campaignId: other });
  const pageId = unit.world.createLandingPage({ name: 'Page', campaignId: other, formId: unit.formId });
  accepted(unit.world.submitFormHandler(handlerId, ADA));
  accepted(unit.world.submitLandingPage(pageId, ADA));
  const submissions = await unit.submissions();
  assert.deepEqual(
    submissions.map((row) => [row.formHandlerId, row.landingPageId, row.assetCampaignId, row.assetName]),
    [
      [handlerId, null, other, 'Handler'],
      [null, pageId, other, 'Page'],
    ],
  );
  assert.deepEqual(await unit.client.listAssets('form_handler', unit.call), [
    { kind: 'form_handler', id: handlerId, name: 'Handler', campaignId: other, formId: null },
  ]);
  assert.deepEqual(await unit.client.listAssets('landing_page', unit.call), [
    { kind: 'landing_page', id: pageId, name: 'Page', campaignId: other, formId: unit.formId },
  ]);
  assert.deepEqual(await unit.client.listAssets('form', unit.call), [
    { kind: 'form', id: unit.formId, name: 'Sign up', campaignId: unit.campaignId, formId: null },
  ]);
});

test('a re-pointed form: the activity keeps its campaign, the asset shows the new one', async () => {
  await using unit = await businessUnit();
  accepted(unit.world.submitForm(unit.formId, ADA));
  const other = unit.world.createCampaign({ name: 'Other' });
  unit.world.repoint('form', unit.formId, other);
  const [submission] = await unit.submissions();
  assert.deepEqual([submission?.campaignId, submission?.assetCampaignId], [unit.campaignId, other]);
});

test('a prospect that comes later, is deleted, or is purged', async () => {
  await using unit = await businessUnit({
    lateProspectIds: { next: 1, chance: 0, delayMs: 5 * MINUTE },
  });
  const { prospectId } = accepted(unit.world.submitForm(unit.formId, ADA));
  assert.equal((await unit.submissions())[0]?.prospect, null);
  await unit.clock.advance(6 * MINUTE);
  assert.equal((await unit.submissions())[0]?.prospect?.id, prospectId);
  unit.world.deleteProspect(prospectId);
  assert.equal((await unit.submissions())[0]?.prospect?.isDeleted, true);
  unit.world.purgeProspect(prospectId);
  assert.deepEqual((await unit.submissions())[0]?.prospect, {
    id: prospectId,
    email: null,
    isDeleted: false,
    fields: {},
  });
});

test('thousands of submissions, with ids that come late and low', async () => {
  await using unit = await businessUnit({ noise: 'none', lowerIdChance: 0.3 });
  const ids = new Set<number | null>();
  for (let i = 0; i < 2100; i++) {
    ids.add(accepted(unit.world.submitForm(unit.formId, { email: `p${i}@example.org` })).activityId);
  }
  const submissions = await unit.submissions();
  assert.deepEqual(new Set(submissions.map(({ activityId }) => activityId)), ids);
  assert.equal(submissions.length, 2100);
  assert.equal(unit.log.total('pardot'), 3);
});

test('activities once more by id, however old', async () => {
  await using unit = await businessUnit({ noise: 'none' });
  const ids: number[] = [];
  for (let i = 0; i < 205; i++) {
    const { activityId } = accepted(unit.world.submitForm(unit.formId, { email: `p${i}@example.org` }));
    if (activityId !== null) ids.push(activityId);
  }
  await unit.clock.advance(DAY);
  const submissions = await unit.client.submissionsById([...ids, 1], ['firstName'], unit.call);
  assert.deepEqual(new Set(submissions.map(({ activityId }) => activityId)), new Set(ids));
  assert.equal(unit.log.total('pardot'), 2);
});

test('only what was created since', async () => {
  await using unit = await businessUnit();
  accepted(unit.world.submitForm(unit.formId, ADA));
  await unit.clock.advance(HOUR);
  const second = accepted(unit.world.submitForm(unit.formId, ADA));
  const submissions = await unit.submissions([], START + HOUR);
  assert.deepEqual(
    submissions.map(({ activityId }) => activityId),
    [second.activityId],
  );
});

test('reads lag behind', async () => {
  await using unit = await businessUnit({ readLagMs: { min: 60_000, max: 60_000 } });
  accepted(unit.world.submitForm(unit.formId, ADA));
  assert.deepEqual(await unit.submissions(), []);
  await unit.clock.advance(MINUTE);
  assert.equal((await unit.submissions()).length, 1);
});

for (const booleansAsStrings of [false, true]) {
  test(`prospects with every kind of field, booleans as strings: ${booleansAsStrings}`, async () => {
    await using unit = await businessUnit({ booleansAsStrings });
    unit.world.createCustomField({ name: 'Size', fieldId: 'size', type: 'Text' });
    unit.world.createCustomField({ name: 'Topics', fieldId: 'topics', type: 'Multi-Select' });
    const ada = unit.world.createProspect({ ...ADA, size__c: 'L', score: 12 });
    const gone = unit.world.createProspect({ email: 'gone@example.org' });
    const purged = unit.world.createProspect({ email: 'purged@example.org' });
    unit.world.editProspect(ada, { topics__c: ['a', 'b'] });
    unit.world.deleteProspect(gone);
    unit.world.purgeProspect(purged);
    const fields = ['score', 'size__c', 'topics__c', 'company'];
    const prospects = await unit.client.prospects([ada, gone, purged], fields, unit.call);
    assert.deepEqual(prospects, [
      {
        id: ada,
        email: ADA.email,
        isDeleted: false,
        fields: { score: '12', size__c: 'L', topics__c: ['a', 'b'] },
      },
      {
        id: gone,
        email: 'gone@example.org',
        isDeleted: true,
        fields: {},
      },
    ]);
    await assert.rejects(unit.client.prospects([ada], ['nonsense__c'], unit.call), {
      name: 'RefusedError',
      code: 180,
    });
  });
}

test('writing a prospect by id, and refusals for deleted and missing ones', async () => {
  await using unit = await businessUnit();
  unit.world.createCustomField({ name: 'Attended', fieldId: 'attended', type: 'Text' });
  unit.world.createCustomField({ name: 'Minutes', fieldId: 'minutes', type: 'Number' });
  const id = unit.world.createProspect(ADA);
  await unit.client.updateProspect(id, { attended__c: 'yes', minutes__c: '30' }, unit.call);
  assert.equal(unit.world.prospect(id)?.customFields.attended__c, 'yes');
  await unit.client.updateProspect(id, { attended__c: null }, unit.call);
  assert.equal(unit.world.prospect(id)?.customFields.attended__c, undefined);
  await assert.rejects(unit.client.updateProspect(id, { minutes__c: 'many' }, unit.call), {
    name: 'RefusedError',
    code: 56,
  });
  unit.world.deleteProspect(id);
  await assert.rejects(unit.client.updateProspect(id, { attended__c: 'no' }, unit.call), {
    name: 'RefusedError',
    code: 219,
  });
  unit.world.purgeProspect(id);
  await assert.rejects(unit.client.updateProspect(id, { attended__c: 'no' }, unit.call), {
    name: 'RefusedError',
    status: 404,
  });
});

test('the mirror of a Salesforce campaign, its rename and its deletion', async () => {
  await using unit = await businessUnit({ mirrorDelayMs: 5 * MINUTE });
  const source = { id: '701000000000001AAA', name: 'Webinar', createdAtMs: START, updatedAtMs: START };
  unit.salesforceCampaigns.push({ ...source, isDeleted: false });
  assert.deepEqual(await unit.client.listCampaigns({ createdSinceMs: START }, unit.call), []);
  await unit.clock.advance(6 * MINUTE);
  const [mirror] = await unit.client.listCampaigns({ createdSinceMs: START }, unit.call);
  assert.deepEqual(mirror, { id: mirror?.id, name: 'Webinar', salesforceId: source.id, isDeleted: false });
  assert.equal((await unit.client.listCampaigns({}, unit.call)).length, 2);
  await unit.clock.advance(HOUR);
  const updatedAtMs = unit.clock.now();
  unit.salesforceCampaigns[0] = { ...source, name: 'Renamed', updatedAtMs, isDeleted: true };
  await unit.clock.advance(HOUR);
  const changed = await unit.client.listCampaigns({ updatedSinceMs: updatedAtMs }, unit.call);
  assert.deepEqual(
    changed.map(({ id, isDeleted }) => [id, isDeleted]),
    [[mirror?.id, true]],
  );
});

for (const createdUnreadable of [false, true]) {
  test(`a list is created and found, created rows unreadable: ${createdUnreadable}`, async () => {
    await using unit = await businessUnit({ createdUnreadable });
    const list = { name: 'Webinar', title: 'Webinar', description: 'session 1', campaignId: unit.campaignId };
    const { id } = await unit.client.createList(list, unit.call);
    const [found] = unit.world.lists();
    assert.equal(id, createdUnreadable ? null : found?.id);
    assert.equal(found?.isPublic, false);
    assert.deepEqual(await unit.client.listsNamed('Webinar', unit.call), [
      { id: found?.id, name: 'Webinar', campaignId: unit.campaignId, description: 'session 1' },
    ]);
    assert.deepEqual(await unit.client.listsNamed('Webin', unit.call), []);
  });
}

test('a list name in use', async () => {
  await using unit = await businessUnit({ duplicateListNames: 'rejected' });
  unit.world.createList({ name: 'Webinar' });
  const list = { name: 'Webinar', title: 'Webinar', description: '', campaignId: unit.campaignId };
  await assert.rejects(unit.client.createList(list, unit.call), { name: 'RefusedError', code: 245 });
});

test('the account, and the usage', async () => {
  await using unit = await businessUnit({ usedByOthers: 9, dailyLimit: 100 });
  assert.equal(typeof (await unit.client.account(unit.call)).id, 'number');
  assert.deepEqual(unit.governor.observed, { limit: 100, remaining: 90 });
});

test('an expired token is exchanged', async () => {
  await using unit = await businessUnit();
  unit.token.valid = 'token-2';
  await unit.client.account(unit.call);
  assert.equal(unit.log.total('pardot'), 2);
});

const ERROR_BODIES: readonly ErrorBody[] = ['json', 'xml'];

for (const body of ERROR_BODIES) {
  test(`refusals of the account, in ${body}`, async () => {
    await using unit = await businessUnit({
      dailyLimit: 0,
      errorBodies: { 122: body, 66: body, 201: body },
    });
    const stranger = new PardotClient({
      http: { dispatcher: unit.dispatcher, clock: unit.clock, timeoutMs: 10_000, maxBytes: 1_000 },
      baseUrl: unit.server.url,
      businessUnitId: '0Uv9999ZZZZZZZZZZZ',
      tokens: { token: async () => 'token-1', invalidate: () => {} },
      governor: unit.governor,
    });
    await assert.rejects(stranger.account(unit.call), { name: 'AuthError', code: 201 });
    await assert.rejects(unit.client.account(unit.call), {
      name: 'ParkedError',
      reason: 'quota',
      untilMs: START + HOUR,
    });
    unit.service.switches.othersInFlight = 5;
    await assert.rejects(unit.client.account(unit.call), (error) => {
      assert.ok(error instanceof RetryableError);
      assert.equal(error.applied, 'not_applied');
      assert.ok((error.notBeforeMs ?? 0) >= START + SECOND);
      return true;
    });
  });
}

test('redacted prospects need a person', async () => {
  await using unit = await businessUnit({ redactProspects: true });
  accepted(unit.world.submitForm(unit.formId, ADA));
  await assert.rejects(unit.submissions(), { name: 'AuthError', code: 'warning 202' });
});

for (const [kind, applied, tookPlace] of WRITE_FAULTS) {
  test(`${kind}: ${applied}, sent once`, async () => {
    await using unit = await businessUnit({}, kind.startsWith('stall') ? 200 : 10_000);
    unit.faults.arm({ vendor: 'pardot', kind, match: /^POST /, times: 1 });
    const list = { name: 'Webinar', title: 'Webinar', description: '', campaignId: unit.campaignId };
    await assert.rejects(unit.client.createList(list, unit.call), (error) => {
      assert.ok(error instanceof RetryableError, String(error));
      assert.equal(error.applied, applied);
      return true;
    });
    assert.equal(unit.world.lists().length, tookPlace ? 1 : 0);
    assert.equal(unit.log.total('pardot'), 1);
  });
}
