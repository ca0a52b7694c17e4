import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SubmissionResult } from '../../../src/sandbox/pardot/world.ts';
import { START_MS, unitWithForm } from './business-unit.ts';

const ACTIVITY = 'type,typeName,campaignId,prospectId,visitorId,formId,formHandlerId,landingPageId';

function prospectOf(result: SubmissionResult): number {
  assert.ok(result.accepted, 'accepted');
  return result.prospectId;
}

test('an unknown address becomes a prospect with the form’s campaign as source campaign', () => {
  const { unit, campaignId, formId } = unitWithForm();
  const formCampaign = unit.world.createCampaign({ name: 'Webinar' });
  unit.world.repoint('form', formId, formCampaign);
  const result = unit.world.submitForm(formId, {
    email: 'a@example.org',
    firstName: ' Ann ',
    company: 'not asked',
  });
  assert.ok(result.accepted && result.isNewProspect);
  const prospect = unit.world.prospect(result.prospectId);
  assert.notEqual(formCampaign, campaignId);
  assert.equal(prospect?.campaignId, formCampaign);
  assert.equal(prospect?.campaignName, 'Webinar');
  assert.deepEqual(prospect?.fields, { firstName: 'Ann' });
  assert.equal(prospect?.lastActivityAtMs, START_MS);
  assert.deepEqual(prospect?.apiWrites, []);
});

test('a known address is updated and keeps its source campaign; blanks change nothing', () => {
  const { unit, campaignId, formId } = unitWithForm();
  unit.world.repoint('form', formId, unit.world.createCampaign({ name: 'Webinar' }));
  const id = unit.world.createProspect({
    email: 'A@example.org',
    campaignId,
    firstName: 'Ann',
    lastName: 'Old',
  });
  const result = unit.world.submitForm(formId, { email: 'a@example.org', firstName: '', lastName: 'New' });
  assert.equal(prospectOf(result), id);
  const prospect = unit.world.prospect(id);
  assert.equal(prospect?.campaignId, campaignId);
  assert.deepEqual(prospect?.fields, { firstName: 'Ann', lastName: 'New' });
});

test('letter case can make it somebody else', () => {
  const { unit, campaignId, formId } = unitWithForm({ emailCase: 'sensitive' });
  const id = unit.world.createProspect({ email: 'A@example.org', campaignId });
  assert.notEqual(prospectOf(unit.world.submitForm(formId, { email: 'a@example.org' })), id);
});

test('among several with one address the most recently active one is meant, live before deleted', () => {
  const { unit, campaignId, formId } = unitWithForm();
  const create = (lastActivityAtMs: number) =>
    unit.world.createProspect({ email: 'a@example.org', campaignId }, { lastActivityAtMs });
  const [, active, deleted] = [create(START_MS - 9_000), create(START_MS - 5_000), create(START_MS - 1_000)];
  unit.world.deleteProspect(deleted);
  assert.equal(prospectOf(unit.world.submitForm(formId, { email: 'a@example.org' })), active);
  assert.equal(unit.world.prospectsByEmail('a@example.org')[0]?.id, active);
});

test('a submission undeletes, found by e-mail or by cookie', () => {
  const { unit, formId } = unitWithForm();
  const id = prospectOf(unit.world.submitForm(formId, { email: 'a@example.org' }, { cookie: 'c1' }));
  unit.world.deleteProspect(id);
  assert.equal(prospectOf(unit.world.submitForm(formId, { email: 'a@example.org' })), id);
  assert.equal(unit.world.prospect(id)?.isDeleted, false);
  unit.world.deleteProspect(id);
  assert.equal(prospectOf(unit.world.submitForm(formId, { email: 'A@example.org' }, { cookie: 'c1' })), id);
  assert.equal(unit.world.prospect(id)?.isDeleted, false);
});

test('the cookie decides among prospects with one address', () => {
  const { unit, campaignId, formId } = unitWithForm();
  const cookied = prospectOf(unit.world.submitForm(formId, { email: 'a@example.org' }, { cookie: 'c1' }));
  unit.advance(60_000);
  const recent = unit.world.createProspect(
    { email: 'a@example.org', campaignId },
    { lastActivityAtMs: START_MS + 60_000 },
  );
  const submit = (cookie?: string) =>
    prospectOf(unit.world.submitForm(formId, { email: 'a@example.org' }, cookie ? { cookie } : {}));
  unit.advance(60_000);
  assert.equal(submit('c1'), cookied);
  assert.equal(submit('c2'), cookied, 'now the most recent one');
  unit.world.editProspect(cookied, { email: 'other@example.org' });
  assert.equal(submit('c3'), recent);
});

test('a cookied browser with another address: a new prospect, or overwritten by switch', () => {
  const { unit, formId } = unitWithForm();
  const first = prospectOf(unit.world.submitForm(formId, { email: 'a@example.org' }, { cookie: 'c1' }));
  const second = prospectOf(unit.world.submitForm(formId, { email: 'b@example.org' }, { cookie: 'c1' }));
  assert.notEqual(second, first);
  unit.pardot.switches.cookieWithOtherEmail = 'overwritten';
  const third = prospectOf(unit.world.submitForm(formId, { email: 'c@example.org' }, { cookie: 'c1' }));
  assert.equal(third, second);
  assert.equal(unit.world.prospect(second)?.email, 'c@example.org');
});

test('kiosk mode takes no notice of cookies', () => {
  const { unit, campaignId } = unitWithForm();
  const formId = unit.world.createForm({ name: 'Kiosk', campaignId, isCookieless: true });
  const submit = (email: string) => prospectOf(unit.world.submitForm(formId, { email }, { cookie: 'c1' }));
  assert.notEqual(submit('a@example.org'), submit('b@example.org'));
  assert.deepEqual(
    unit.world.activities().map((row) => row.visitorId),
    [null, null],
  );
});

test('a form logs type 4 with the form’s campaign, not the prospect’s', () => {
  const { unit, campaignId, formId } = unitWithForm();
  const webinar = unit.world.createCampaign({ name: 'Webinar' });
  unit.world.repoint('form', formId, webinar);
  const prospectId = unit.world.createProspect({ email: 'a@example.org', campaignId });
  unit.world.submitForm(formId, { email: 'a@example.org' });
  assert.deepEqual(unit.values('visitor-activities', { fields: ACTIVITY }), [
    {
      type: 4,
      typeName: 'Form',
      campaignId: webinar,
      prospectId,
      visitorId: null,
      formId,
      formHandlerId: null,
      landingPageId: null,
    },
  ]);
});

test('a form handler, in both spellings of its type', () => {
  const { unit, campaignId } = unitWithForm();
  const id = unit.world.createFormHandler({ name: 'Handler', campaignId });
  unit.world.submitFormHandler(id, { email: 'a@example.org' });
  unit.pardot.switches.formHandlerTypeName = 'Form Handler';
  unit.world.submitFormHandler(id, { email: 'a@example.org' });
  const rows = unit.values('visitor-activities', { fields: ACTIVITY });
  assert.deepEqual(
    rows.map((row) => row.typeName),
    ['FormHandler', 'Form Handler'],
  );
  assert.deepEqual(
    rows.map((row) => [row.formId, row.formHandlerId]),
    [
      [null, id],
      [null, id],
    ],
  );
});

test('a landing page: whose campaign, with or without the form’s id', () => {
  const { unit, campaignId, formId } = unitWithForm();
  const pageCampaign = unit.world.createCampaign({ name: 'Page' });
  const id = unit.world.createLandingPage({ name: 'Page', campaignId: pageCampaign, formId });
  const result = unit.world.submitLandingPage(id, { email: 'a@example.org' });
  assert.equal(unit.world.prospect(prospectOf(result))?.campaignId, pageCampaign);
  unit.pardot.switches.landingPageCampaign = 'form';
  unit.pardot.switches.landingPageIds = 'landing_page_and_form';
  unit.world.submitLandingPage(id, { email: 'a@example.org' });
  const rows = unit.values('visitor-activities', { fields: ACTIVITY });
  assert.deepEqual(
    rows.map((row) => [row.landingPageId, row.formId, row.campaignId]),
    [
      [id, null, pageCampaign],
      [id, formId, campaignId],
    ],
  );
});

test('after a re-pointing the activity keeps its campaign, or follows by switch', () => {
  const { unit, campaignId, formId } = unitWithForm();
  unit.world.submitForm(formId, { email: 'a@example.org' });
  const other = unit.world.createCampaign({ name: 'Other' });
  unit.world.repoint('form', formId, other);
  const query = { fields: 'campaignId,campaign.name,form.campaignId' };
  const form = { campaignId: other };
  assert.deepEqual(unit.values('visitor-activities', query), [
    { campaignId, campaign: { name: 'Old campaign' }, form },
  ]);
  unit.pardot.switches.activityCampaign = 'live';
  assert.deepEqual(unit.values('visitor-activities', query), [
    { campaignId: other, campaign: { name: 'Other' }, form },
  ]);
});

test('what is missing or malformed is refused and logs type 3', () => {
  const { unit, campaignId } = unitWithForm();
  unit.world.createCustomField({ name: 'Seats', fieldId: 'seats', type: 'Number' });
  const fields = [
    { name: 'email', label: 'Email', required: true },
    { name: 'seats__c', label: 'Seats', required: false },
  ];
  const formId = unit.world.createForm({ name: 'Seats', campaignId, fields });
  const submit = (values: Record<string, string>) => unit.world.submitForm(formId, values);
  assert.deepEqual(submit({}), { accepted: false, errors: ['Email is required'] });
  assert.equal(submit({ email: 'nobody' }).accepted, false);
  assert.equal(submit({ email: 'a@example.org', seats__c: 'many' }).accepted, false);
  assert.deepEqual(unit.world.prospects(), []);
  assert.deepEqual(
    unit.world.activities().map((row) => row.type),
    [3, 3, 3],
  );
  const taken = prospectOf(submit({ email: 'a@example.org', seats__c: '4' }));
  assert.deepEqual(unit.world.prospect(taken)?.customFields, { seats__c: '4' });
});

test('noise: views, and failed attempts', () => {
  const { unit, formId } = unitWithForm({ noise: 'views_and_errors' });
  unit.world.submitForm(formId, { email: 'a@example.org' });
  assert.deepEqual(
    unit.world.activities().map((row) => row.type),
    [2, 3, 4],
  );
  assert.equal(unit.ids('visitor-activities', { type: 4 }).length, 1);
});

test('a throttled handler takes the repeat without a row, unless it always mails', () => {
  const { unit, campaignId } = unitWithForm({ throttleMs: 600_000 });
  const id = unit.world.createFormHandler({ name: 'Handler', campaignId });
  const eager = unit.world.createFormHandler({ name: 'Eager', campaignId, isAlwaysEmail: true });
  const submit = (handler: number) => unit.world.submitFormHandler(handler, { email: 'a@example.org' });
  const rows = [submit(id), submit(id), submit(eager), submit(eager)];
  assert.deepEqual(
    rows.map((row) => row.accepted && row.activityId !== null),
    [true, false, true, true],
  );
  unit.advance(600_000);
  const later = submit(id);
  assert.ok(later.accepted && later.activityId !== null);
});

test('merging moves activities, lists and the cookie, and removes the other for good', () => {
  const { unit, campaignId, formId } = unitWithForm();
  const kept = unit.world.createProspect({ email: 'kept@example.org', campaignId });
  const merged = prospectOf(unit.world.submitForm(formId, { email: 'gone@example.org' }, { cookie: 'c1' }));
  const listId = unit.world.createList({ name: 'List' });
  unit.post('list-memberships', { listId, prospectId: merged });
  unit.world.mergeProspects(kept, merged);
  assert.deepEqual(
    unit.world.activities().map((row) => row.prospectId),
    [kept],
  );
  assert.deepEqual(unit.world.prospect(kept)?.lists, [{ listId, name: 'List', optedOut: false }]);
  assert.equal(unit.world.prospect(kept)?.lastActivityAtMs, START_MS);
  assert.equal(unit.world.prospect(merged), undefined);
  assert.equal(unit.refusal(`prospects/${merged}`, { query: { fields: 'id' } }), '404/109');
  assert.equal(
    prospectOf(unit.world.submitForm(formId, { email: 'kept@example.org' }, { cookie: 'c1' })),
    kept,
  );
});

test('a purged prospect leaves its id on the activity or not, but nothing to relate to', () => {
  const { unit, formId } = unitWithForm();
  const purge = (email: string) => {
    const id = prospectOf(unit.world.submitForm(formId, { email }));
    unit.world.purgeProspect(id);
    return id;
  };
  const kept = purge('a@example.org');
  unit.pardot.switches.purgedOnActivity = 'id_null';
  purge('b@example.org');
  assert.deepEqual(unit.values('visitor-activities', { fields: 'prospectId,prospect.email' }), [
    { prospectId: kept, prospect: null },
    { prospectId: null, prospect: null },
  ]);
});

test('a deleted prospect still shows through its activity, flagged', () => {
  const { unit, formId } = unitWithForm();
  unit.world.deleteProspect(prospectOf(unit.world.submitForm(formId, { email: 'a@example.org' })));
  assert.deepEqual(unit.values('visitor-activities', { fields: 'prospect.email,prospect.isDeleted' }), [
    { prospect: { email: 'a@example.org', isDeleted: true } },
  ]);
});

test('an activity can turn out to be someone else’s', () => {
  const { unit, campaignId, formId } = unitWithForm();
  const result = unit.world.submitForm(formId, { email: 'a@example.org' });
  const other = unit.world.createProspect({ email: 'b@example.org', campaignId });
  assert.ok(result.accepted && result.activityId !== null);
  unit.world.reassociate(result.activityId, other);
  assert.deepEqual(unit.values('visitor-activities', { fields: 'prospectId' }), [{ prospectId: other }]);
});

test('assets as pages show them; unknown ones are the caller’s mistake', () => {
  const { unit, campaignId, formId } = unitWithForm();
  const pageId = unit.world.createLandingPage({ name: 'Page', campaignId, formId });
  const asset = unit.world.asset('landing_page', pageId);
  assert.deepEqual(
    [asset.name, asset.fields.map((field) => field.name)],
    ['Page', ['email', 'firstName', 'lastName']],
  );
  assert.throws(() => unit.world.asset('form', pageId), RangeError);
  assert.throws(() => unit.world.createForm({ name: 'x', campaignId: 1 }), RangeError);
  const fields = [{ name: 'shoe__c', label: 'Shoe', required: false }];
  assert.throws(() => unit.world.createForm({ name: 'x', campaignId, fields }), RangeError);
});
