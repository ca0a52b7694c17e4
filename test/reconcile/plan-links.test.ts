import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import {
  deservesLink,
  type ExistingLink,
  type LinkRules,
  planLinkEffects,
  planLinks,
  planRename,
} from '../../src/reconcile/plan-links.ts';
import type { SessionLink } from '../../src/store/links.ts';
import type { KnownSession } from '../../src/store/sessions.ts';
import { aKnownSession, anEvent, START } from '../support/builders.ts';

const RULES: LinkRules = {
  activatedAtMs: START,
  isEventWanted: ({ title }) => title !== 'Unwanted',
  existing: [],
};
const event = (over: object) => ({ event: { ...anEvent(over), seenAtMs: START } });

test('a published session created after activation gets a link', () => {
  const cases: [string, boolean, Partial<KnownSession>][] = [
    ['upcoming', true, {}],
    ['live', true, { status: 'live' }],
    ['on demand', true, { status: 'on_demand' }],
    ['over before it was first seen', true, { status: 'past' }],
    ['never started', false, { status: 'past_not_started' }],
    ['draft', false, { status: 'draft' }],
    ['canceled', false, { status: 'canceled' }],
    ['of a status not heard of', false, { status: 'unknown' }],
    ['breakout room', false, { isBreakoutRoom: true }],
    ['gone', false, { goneAtMs: START }],
    ['created before activation', false, { createdAtMs: START - 1 }],
    ['its event not read yet', false, { event: null }],
    ['its event not published', false, event({ published: false })],
    ['its event not wanted', false, event({ title: 'Unwanted' })],
  ];
  for (const [name, expected, over] of cases) {
    assert.equal(deservesLink(aKnownSession(over), RULES), expected, name);
  }
});

test('a session that has its link keeps it, under its first name', () => {
  const sessions = [aKnownSession(), aKnownSession({ id: 'session-2', estimatedStartedAtMs: null })];
  assert.deepEqual(planLinks(sessions, [aLink()], RULES), [
    { sessionId: 'session-2', name: 'Spring webinar - no date', existing: null },
  ]);
});

test('the configuration ties a session, or the one open session of an event, to a campaign of its own', () => {
  const bySession = { session: 'session-1', event: null, pardotCampaign: 70, list: 900 };
  const byEvent = { session: null, event: 'event-1', pardotCampaign: 71, list: null };
  const old = aKnownSession({ createdAtMs: START - HOUR });
  const over = aKnownSession({ id: 'over', status: 'past', createdAtMs: START - HOUR });
  const second = aKnownSession({ id: 'session-2', createdAtMs: START - HOUR });
  const other = aLink({ sessionId: 'other', pardotCampaignId: 70 });
  /** Links configured, sessions seen, links made; the sessions that get one, each with its campaign. */
  const cases: [string, ExistingLink[], KnownSession[], SessionLink[], string[]][] = [
    ['by session, even if older than we are', [bySession], [old], [], ['session-1 70']],
    ['by event', [byEvent], [old, over], [], ['session-1 71']],
    ['by an event with several open sessions', [byEvent], [old, second], [], []],
    [
      'by event, a breakout room beside',
      [byEvent],
      [old, { ...second, isBreakoutRoom: true }],
      [],
      ['session-1 71'],
    ],
    ['over already', [byEvent], [over], [], []],
    ['of another event', [{ ...byEvent, event: 'event-2' }], [old], [], []],
    ['a campaign that is taken', [bySession], [old], [other], []],
    ['a session that has its link', [bySession], [old], [aLink()], []],
    [
      'beside one that gets its own',
      [bySession],
      [old, aKnownSession({ id: 'new' })],
      [],
      ['session-1 70', 'new null'],
    ],
  ];
  for (const [name, existing, sessions, links, expected] of cases) {
    const planned = planLinks(sessions, links, { ...RULES, existing });
    assert.deepEqual(
      planned.map((link) => `${link.sessionId} ${link.existing?.pardotCampaign ?? null}`),
      expected,
      name,
    );
  }
});

test('a session that is moved takes its names along, forth and back; only of what we made', () => {
  const name = 'Old title - 2026-03-02 10:00 UTC';
  const link = (over: Partial<SessionLink> = {}) => aLink({ name, listId: 900, ...over });
  const at = (hours: number, over: Partial<KnownSession> = {}) =>
    aKnownSession({ estimatedStartedAtMs: START + hours * HOUR, ...over });
  const to = 'Old title - 2026-03-02 11:00 UTC';
  const rename = planRename(link(), at(3));
  assert.deepEqual(rename?.payload, { from: name, to });
  assert.equal(planRename(link(), at(2)), null);
  assert.equal(planRename(link(), at(0, { estimatedStartedAtMs: null }))?.payload.to, 'Old title - no date');
  assert.equal(planRename(link({ origin: 'existing' }), at(3)), null);
  assert.equal(planRename(link({ listId: null }), at(3)), null);
  for (const status of ['live', 'past'] as const) {
    assert.deepEqual(planRename(link(), at(3, { status }))?.payload, { from: name, to }, 'moved before that');
    assert.equal(planRename(link(), at(0, { status, estimatedStartedAtMs: null })), null);
  }
  for (const status of ['draft', 'canceled', 'on_demand', 'past_not_started'] as const) {
    assert.equal(planRename(link(), at(3, { status })), null, status);
  }
  const backFromElsewhere = planRename(link({ name: 'Old title - no date' }), at(3));
  assert.equal(backFromElsewhere?.payload.to, to);
  assert.notEqual(backFromElsewhere?.naturalKey, rename?.naturalKey, 'another rename, with its own from');
});

test('first the campaign, then, once mirrored, the list, under the frozen name', () => {
  const renamed = aKnownSession(event({ title: 'Renamed' }));
  const plan = (over: Partial<SessionLink>, session = renamed) =>
    planLinkEffects(aLink(over), session).map(({ kind, payload }) => ({ kind, ...payload }));
  const campaign = { kind: 'salesforce_campaign', name: 'First name' };
  assert.deepEqual(plan({}), [{ ...campaign, startDate: '2026-03-02' }]);
  assert.deepEqual(plan({}, aKnownSession({ estimatedStartedAtMs: null })), [
    { ...campaign, startDate: null },
  ]);
  assert.deepEqual(plan({ salesforceCampaignId: '701' }), []);
  const mirrored = { salesforceCampaignId: '701', pardotCampaignId: 70 };
  assert.deepEqual(plan(mirrored), [{ kind: 'pardot_list', name: 'First name', campaignId: 70 }]);
  assert.deepEqual(plan({ ...mirrored, listId: 900 }), []);
  const adopted = { origin: 'existing', pardotCampaignId: 70 } as const;
  assert.deepEqual(plan(adopted), [{ kind: 'pardot_list', name: 'First name', campaignId: 70 }]);
  assert.deepEqual(plan({ ...adopted, listId: 900 }), []);
});

function aLink(over: Partial<SessionLink> = {}): SessionLink {
  return {
    sessionId: 'session-1',
    name: 'First name',
    createdAtMs: START,
    origin: 'made',
    salesforceCampaignId: null,
    campaignMadeAtMs: null,
    pardotCampaignId: null,
    mirroredAtMs: null,
    listId: null,
    listedAtMs: null,
    ...over,
  };
}
