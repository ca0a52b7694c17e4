import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY } from '../../src/clock.ts';
import type { FieldValue } from '../../src/domain.ts';
import {
  closedBecause,
  type Decision,
  decide,
  fitToForm,
  isEmail,
  type RegistrationRules,
} from '../../src/reconcile/plan-registrations.ts';
import type { KnownSession } from '../../src/store/sessions.ts';
import type { KnownSubmission } from '../../src/store/submissions.ts';
import { aField, aKnownSession, aKnownSubmission, anEvent, START } from '../support/builders.ts';

const RULES: RegistrationRules = { fields: new Map(), allowedDomains: [], deniedDomains: [] };

interface Case {
  submission?: Partial<KnownSubmission>;
  session?: Partial<KnownSession>;
  takesFromMs?: number;
  rules?: Partial<RegistrationRules>;
  nowMs?: number;
}

/** Campaign 70 belongs to session-1, campaign 71 to session-2. */
function decided({ submission, session, takesFromMs = 0, rules, nowMs = START }: Case): Decision {
  const sessions = new Map([
    [70, { session: aKnownSession(session), takesFromMs }],
    [71, { session: aKnownSession({ id: 'session-2' }), takesFromMs: 0 }],
  ]);
  const sessionOf = (campaignId: number) => sessions.get(campaignId);
  return decide(aKnownSubmission(submission), sessionOf, { ...RULES, ...rules }, nowMs);
}

function brief(decision: Decision): string {
  if (decision.kind === 'register') return decision.registration.sessionId;
  return decision.kind === 'end' ? decision.outcome : 'wait';
}

test('every way a submission can end', () => {
  const unpublished = { event: { ...anEvent({ published: false }), seenAtMs: START } };
  const noProspect = { prospectId: null, email: null };
  const cases: [string, Case][] = [
    ['session-1', {}],
    ['wait', { submission: noProspect, nowMs: START + 2 * DAY - 1 }],
    ['prospect_missing', { submission: noProspect, nowMs: START + 2 * DAY }],
    ['campaign_unlinked', { submission: { campaignId: 99 } }],
    ['campaign_unlinked', { submission: { campaignId: null, assetCampaignId: null } }],
    ['campaign_unlinked', { submission: { campaignId: 99, prospectDeleted: true } }],
    ['before_link', { takesFromMs: START + 1, submission: { prospectDeleted: true } }],
    ['session-1', { takesFromMs: START }],
    ['prospect_deleted', { submission: { prospectDeleted: true } }],
    ['invalid_email', { submission: { email: null } }],
    ['invalid_email', { submission: { email: 'ana@localhost' } }],
    ['denied_domain', { rules: { deniedDomains: ['example.com'] } }],
    ['denied_domain', { rules: { allowedDomains: ['example.org'] } }],
    ['session_gone', { session: { goneAtMs: START } }],
    ['session_canceled', { session: { status: 'canceled' } }],
    ['session_ended', { session: { status: 'past' } }],
    ['session_ended', { session: { status: 'past_not_started' } }],
    ['session_not_published', { session: { status: 'draft' } }],
    ['session_not_published', { session: unpublished }],
  ];
  for (const [expected, given] of cases) assert.equal(brief(decided(given)), expected, JSON.stringify(given));
});

test('a session takes people until it is over', () => {
  const open = (['upcoming', 'live', 'on_demand', 'unknown'] as const).map((status) => ({ status }));
  for (const over of [...open, { event: null }]) assert.equal(closedBecause(aKnownSession(over)), null);
});

test("the activity's campaign decides; of a landing page the first that is linked", () => {
  const page = { formId: null, landingPageId: 30 };
  /** Campaign of the activity, of the asset now, of the form inside; whether the last two disagree. */
  const cases: [Partial<KnownSubmission>, string, boolean?][] = [
    [{ campaignId: 70, assetCampaignId: 70 }, 'session-1', false],
    [{ campaignId: 70, assetCampaignId: 71 }, 'session-1', true],
    [{ campaignId: 99, assetCampaignId: 71 }, 'campaign_unlinked'],
    [{ campaignId: null, assetCampaignId: 71 }, 'session-2', false],
    [{ campaignId: 70, assetCampaignId: null }, 'session-1', false],
    [{ formId: null, formHandlerId: 12, campaignId: 71, assetCampaignId: 71 }, 'session-2', false],
    [{ ...page, campaignId: 80, assetCampaignId: 80, innerCampaignId: 71 }, 'session-2', false],
    [{ ...page, campaignId: 71, assetCampaignId: 80, innerCampaignId: 70 }, 'session-2', false],
    [{ ...page, campaignId: 80, assetCampaignId: 70, innerCampaignId: 71 }, 'session-1', false],
    [{ ...page, campaignId: null, assetCampaignId: null, innerCampaignId: 70 }, 'session-1', false],
    [{ ...page, campaignId: 80, assetCampaignId: 81, innerCampaignId: null }, 'campaign_unlinked'],
    [{ campaignId: 99, assetCampaignId: 99, innerCampaignId: 70 }, 'campaign_unlinked'],
  ];
  for (const [submission, expected, disagrees] of cases) {
    const decision = decided({ submission });
    assert.equal(brief(decision), expected, JSON.stringify(submission));
    if (decision.kind === 'register') assert.equal(decision.disagrees, disagrees, JSON.stringify(submission));
  }
});

test('a registration carries the frozen address and the mapped fields that have a value', () => {
  const fields = { company: 'Acme', interests: ['a', 'b'], phone: '', tags: [], website: 'unmapped' };
  const rules = {
    fields: new Map([
      ['organisation', 'company'],
      ['topics', 'interests'],
      ...['phone', 'tags', 'missing'].map((name) => [name, name] as const),
    ]),
  };
  const decision = decided({ submission: { email: ' Ana@Example.com ', fields }, rules });
  assert.deepEqual(decision, {
    kind: 'register',
    disagrees: false,
    registration: {
      sessionId: 'session-1',
      emailKey: 'ana@example.com',
      email: 'Ana@Example.com',
      activityId: 1001,
      prospectId: 501,
      fields: { organisation: 'Acme', topics: ['a', 'b'] },
      requestedAtMs: START,
    },
  });
});

test('a listed domain covers its subdomains, denial wins', () => {
  const rules = { allowedDomains: ['example.com', 'example.org'], deniedDomains: ['bad.example.com'] };
  const cases: [string, boolean][] = [
    ['a@example.com', true],
    ['a@MAIL.Example.Org', true],
    ['a@notexample.com', false],
    ['a@bad.example.com', false],
    ['a@very.bad.example.com', false],
    ['a@example.com.evil.net', false],
  ];
  for (const [email, isWelcome] of cases) {
    assert.equal(
      brief(decided({ submission: { email }, rules })),
      isWelcome ? 'session-1' : 'denied_domain',
      email,
    );
  }
});

test('addresses', () => {
  const good = ['a@b.co', "o'neil+x@mail.example.com", 'jörg@exämple.de', `${'x'.repeat(64)}@example.com`];
  const bad = [
    '',
    'a',
    'a@b',
    'a@@b.co',
    'a b@c.de',
    'a@b..co',
    'a@.co',
    'a@b.co.',
    '<a@b.co>',
    'a@b.co,c@d.co',
  ];
  const long = [`${'x'.repeat(65)}@example.com`, `a@${'x'.repeat(250)}.co`];
  for (const email of good) assert.ok(isEmail(email), email);
  for (const email of [...bad, ...long]) assert.ok(!isEmail(email), email);
});

test('fields are cut to what the form has, in the shape it wants', () => {
  const form = [aField(), aField({ id: 'topics', type: 'multiple', multipleAnswers: true })];
  const cases: [Record<string, FieldValue>, Record<string, FieldValue>, string[]][] = [
    [{ company: 'Acme', topics: ['a'] }, { company: 'Acme', topics: ['a'] }, []],
    [{ company: ['Acme', 'Ltd'], topics: 'a; b;;' }, { company: 'Acme, Ltd', topics: ['a', 'b'] }, []],
    [{ company: 'Acme', phone: '1', fax: '2' }, { company: 'Acme' }, ['phone', 'fax']],
    [{}, {}, []],
  ];
  for (const [fields, fitting, dropped] of cases) {
    assert.deepEqual(fitToForm(fields, form), { fitting, dropped });
  }
});
