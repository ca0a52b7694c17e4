import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../src/clock.ts';
import type { FormRoute, LinkTarget } from '../../src/questions/link-facts.ts';
import { lintLinks } from '../../src/questions/lint-links.ts';
import type { KnownSession } from '../../src/store/sessions.ts';
import { aField, aKnownSession, anEvent, past, START } from '../support/builders.ts';

function aTarget(session: Partial<KnownSession> = {}, pardotCampaignId: number | null = 70): LinkTarget {
  const known = aKnownSession({
    event: { ...anEvent({ fields: [] }), seenAtMs: START },
    ...session,
  });
  return {
    session: known,
    link: {
      sessionId: known.id,
      name: `Link of ${known.id}`,
      createdAtMs: START,
      origin: 'made',
      salesforceCampaignId: '701000000000001AAA',
      campaignMadeAtMs: START,
      pardotCampaignId,
      mirroredAtMs: START,
      listId: 10,
      listedAtMs: START,
    },
  };
}

function aRoute(target: LinkTarget | null, over: Partial<FormRoute> = {}): FormRoute {
  return {
    form: 'form:11',
    name: 'Sign-up',
    campaignId: 70,
    campaignName: null,
    inner: null,
    submissions: 1,
    lastAtMs: START,
    sinceClosed: 0,
    ledSomewhere: target !== null,
    neverFilled: null,
    target,
    ...over,
  };
}

const EVENT = { ...anEvent({ fields: [aField({ required: true })] }), seenAtMs: START };
const asking = aTarget({ event: EVENT });
const over = aTarget(past(START));
const draft = aTarget({ status: 'draft' });
const open = aTarget();
const second = aTarget({ id: 'session-2' }, 71);
const unmirrored = aTarget({}, null);
const inner = { form: 'form:12', campaignId: 71 };
const mapping = new Map([['company', 'company']]);

/** Title → routes, targets, mapping, and what is found. */
const CASES: Readonly<
  Record<
    string,
    readonly [readonly FormRoute[], readonly LinkTarget[], readonly string[], ReadonlyMap<string, string>?]
  >
> = {
  'all is well': [[aRoute(open)], [open], []],
  'no form leads to a session': [[], [open], ['note no_form']],
  'the mirror is awaited': [[], [unmirrored], ['note link_incomplete']],
  'the event is not published': [[aRoute(draft)], [draft], ['note not_published']],
  'two forms for one session': [
    [aRoute(open), aRoute(open, { form: 'form:12' })],
    [open],
    ['note several_forms'],
  ],
  'a landing page and its own form are one door': [
    [aRoute(open), aRoute(open, { form: 'landing_page:3', inner: { form: 'form:11', campaignId: 70 } })],
    [open],
    [],
  ],
  'submitted after the end': [[aRoute(over, { sinceClosed: 2 })], [over], ['loses session_closed']],
  'not submitted after the end': [[aRoute(over)], [over], []],
  'submitted after the end, long ago': [
    [aRoute(over, { sinceClosed: 2, lastAtMs: START - 40 * DAY })],
    [over],
    [],
  ],
  'a form that led to a session has another campaign': [
    [aRoute(null, { campaignId: 5, ledSomewhere: true })],
    [],
    ['loses campaign_unlinked'],
  ],
  'a form named like an open event has another campaign': [
    [aRoute(open), aRoute(null, { form: 'form:12', campaignId: 5, name: 'spring WEBINAR sign-up' })],
    [open],
    ['loses campaign_unlinked'],
  ],
  'a form that is about something else': [[aRoute(null, { campaignId: 5 })], [], []],
  'a form without campaign that is submitted': [
    [aRoute(null, { campaignId: null })],
    [],
    ['loses no_campaign'],
  ],
  'a form without campaign that nobody uses': [[aRoute(null, { campaignId: null, lastAtMs: null })], [], []],
  'page and form lead to two sessions': [
    [aRoute(open, { form: 'landing_page:3', inner }), aRoute(second, { form: 'form:12' })],
    [open, second],
    ['loses landing_page_differs'],
  ],
  'page leads somewhere, its form nowhere': [
    [aRoute(open, { form: 'landing_page:3', inner: { ...inner, campaignId: 5 } })],
    [open],
    ['warning landing_page_differs'],
  ],
  'a required field is not mapped': [[aRoute(asking)], [asking], ['warning field_unmapped'], new Map()],
  'a required field that nobody fills': [
    [aRoute(asking, { neverFilled: new Set(['company']) })],
    [asking],
    ['warning field_never_filled'],
  ],
  'a required field that is filled, or not known to be empty': [
    [aRoute(asking, { neverFilled: new Set() })],
    [asking],
    [],
  ],
};

for (const [title, [routes, targets, expected, fields = mapping]] of Object.entries(CASES)) {
  test(title, () => {
    const warnings = lintLinks({ routes, targets, mapping: fields }, START + HOUR);
    assert.deepEqual(
      warnings.map(({ severity, kind }) => `${severity} ${kind}`),
      expected,
    );
  });
}
