import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { LivestormClient } from '../../src/clients/livestorm.ts';
import { SECOND } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { UnreadableAnswerError } from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock } from '../support/strict-nock.ts';
import {
  api,
  livestormOptions,
  meta,
  NOW,
  onePage,
  PEOPLE,
  personRow,
  refusal,
  SESSION,
} from './livestorm-api.ts';

const NOW_S = NOW / SECOND;

const call: Call = { work: 'discovery', signal: new AbortController().signal };
let governor: OpenGovernor;
let client: LivestormClient;

beforeEach(() => {
  governor = new OpenGovernor('livestorm');
  client = new LivestormClient(livestormOptions(governor));
});

strictNock();

function sessionRow(id: string, attributes: Record<string, unknown> = {}) {
  return {
    id,
    type: 'sessions',
    attributes: {
      event_id: 'ev-1',
      status: 'upcoming',
      timezone: 'Europe/Paris',
      name: null,
      duration: null,
      estimated_started_at: 1768953600,
      started_at: 0,
      ended_at: 0,
      canceled_at: 0,
      created_at: 1738594771,
      updated_at: NOW_S - 60,
      registrants_count: 1,
      breakout_room_parent_session_id: null,
      ...attributes,
    },
  };
}

test('sessions changed since: pages of 50 from 0, until next_page is null', async () => {
  const since = { 'filter[updated_since]': String(NOW_S - 600), 'page[size]': '50' };
  api()
    .get('/v1/sessions')
    .query({ ...since, 'page[number]': '0' })
    .reply(200, { data: [sessionRow('a'), sessionRow('b')], meta: meta(0, 2, 3) });
  api()
    .get('/v1/sessions')
    .query({ ...since, 'page[number]': '1' })
    .reply(200, { data: [sessionRow('c')], meta: meta(1, 2, 3) });
  const sessions = await client.listSessions({ updatedSinceMs: NOW - 600 * SECOND + 999 }, call);
  assert.deepEqual(
    sessions.map(({ id }) => id),
    ['a', 'b', 'c'],
  );
  assert.equal(governor.runs, 2);
});

test('rows that do not satisfy the filter are left out when the vendor ignores it', async () => {
  const rows = [
    sessionRow('old', { updated_at: NOW_S - 6000, estimated_started_at: NOW_S - 6000 }),
    sessionRow('unplanned', { estimated_started_at: 0 }),
    sessionRow('wanted', { estimated_started_at: NOW_S }),
  ];
  const sinceMs = NOW - 600 * SECOND;
  for (const filter of ['filter[updated_since]', 'filter[date_from]']) {
    api()
      .get('/v1/sessions')
      .query({ [filter]: String(sinceMs / SECOND), 'page[number]': '0', 'page[size]': '50' })
      .reply(200, onePage(rows));
  }
  for (const query of [{ updatedSinceMs: sinceMs }, { startsSinceMs: sinceMs }]) {
    const sessions = await client.listSessions(query, call);
    assert.deepEqual(
      sessions.map(({ id }) => id),
      ['unplanned', 'wanted'],
    );
  }
});

test('on-demand sessions are asked for by status, and checked', async () => {
  api()
    .get('/v1/sessions')
    .query({ 'filter[status]': 'on_demand', 'page[number]': '0', 'page[size]': '50' })
    .reply(
      200,
      onePage([sessionRow('live', { status: 'live' }), sessionRow('open', { status: 'on_demand' })]),
    );
  const sessions = await client.listOnDemand(call);
  assert.deepEqual(
    sessions.map(({ id }) => id),
    ['open'],
  );
});

test('a session list that drifts twice is no basis for a cursor', async () => {
  for (const _ of [1, 2]) {
    api()
      .get('/v1/sessions')
      .query(true)
      .reply(200, { data: [sessionRow('a')], meta: meta(0, 1, 2) });
  }
  await assert.rejects(client.listSessions({ updatedSinceMs: 0 }, call), { name: 'RetryableError' });
});

test('the team is asked for by role, and checked', async () => {
  api()
    .get(PEOPLE)
    .query({ 'filter[role]': 'team_member', 'page[number]': '0', 'page[size]': '50' })
    .reply(200, onePage([personRow('ada'), personRow('host', { role: 'team_member' })]));
  const team = await client.listTeam(SESSION, call);
  assert.deepEqual(
    team.map(({ personId }) => personId),
    ['host'],
  );
});

test('a session is read with every spelling of absence', async () => {
  api()
    .get('/v1/sessions/s%2F1')
    .reply(200, {
      data: sessionRow('s/1', {
        event_id: undefined,
        event_type_id: 'ev-9',
        status: 'something_new',
        started_at: null,
        ended_at: '',
        canceled_at: undefined,
        registrants_count: '7',
        name: 'Morning',
        breakout_room_parent_session_id: 'parent',
      }),
    });
  assert.deepEqual(await client.session('s/1', call), {
    id: 's/1',
    eventId: 'ev-9',
    status: 'unknown',
    name: 'Morning',
    estimatedStartedAtMs: 1768953600_000,
    startedAtMs: null,
    endedAtMs: null,
    canceledAtMs: null,
    createdAtMs: 1738594771_000,
    updatedAtMs: NOW - 60_000,
    registrantsCount: 7,
    isBreakoutRoom: true,
  });
});

test('an event is read with its form', async () => {
  api()
    .get('/v1/events/ev-1')
    .reply(200, {
      data: {
        id: 'ev-1',
        type: 'events',
        attributes: {
          title: 'Launch',
          status: 'published',
          scheduling_status: 'cancelled',
          estimated_duration: 30,
          fields: [
            { id: 'email', type: 'text', order: 0, required: true },
            {
              id: 'topics',
              type: 'multiple',
              required: null,
              options: { items: [{ value: 'a' }], multiple_answers: true },
            },
          ],
        },
      },
    });
  assert.deepEqual(await client.event('ev-1', call), {
    id: 'ev-1',
    title: 'Launch',
    published: true,
    schedulingStatus: 'cancelled',
    estimatedDurationMs: 1_800_000,
    fields: [
      { id: 'email', required: true, type: 'text', multipleAnswers: false },
      { id: 'topics', required: false, type: 'multiple', multipleAnswers: true },
    ],
  });
});

test('what Livestorm does not know is null', async () => {
  api().get('/v1/sessions/x').reply(404, refusal(404, 'Session not found'));
  api().get('/v1/events/x').reply(404, refusal(404, 'Event Not found'));
  assert.equal(await client.session('x', call), null);
  assert.equal(await client.event('x', call), null);
});

test('registrants: attendance, replay, fields and who is no attendee', async () => {
  api()
    .get(PEOPLE)
    .query({ 'page[number]': '0', 'page[size]': '50' })
    .reply(
      200,
      onePage([
        personRow(
          'ada',
          { messages_count: 3, questions_count: '2', replay_view_detail: { watched_at: 1738600000 } },
          {
            attended: true,
            attendance_rate: '87.5',
            attendance_duration: 1800,
            fields: [
              { id: 'email', value: 'ada@example.org' },
              { id: 'topics', value: ['a', 'b'] },
              { id: 'company', value: null },
              { id: 'size', value: 12 },
            ],
          },
        ),
        personRow('iso', { replay_view_detail: { watched_at: '2025-02-03T16:26:40Z' } }),
        personRow('naive', { replay_view_detail: { watched_at: '2025-02-03 16:26:40' } }),
        personRow('flag', {}, { has_viewed_replay: true }),
        personRow('team', { role: 'team_member' }),
        personRow('speaker', { role: 'host' }, { is_guest_speaker: true }),
        personRow('anon', { email: '1738594704+uuid@Unknown.livestorm.co' }),
      ]),
    );
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.equal(complete, true);
  assert.deepEqual(registrants[0], {
    personId: 'ada',
    email: 'ada@example.org',
    firstName: 'Ada',
    lastName: 'Example',
    role: 'participant',
    isGuestSpeaker: false,
    isAnonymous: false,
    registeredAtMs: 1738594704_000,
    fields: { email: 'ada@example.org', topics: ['a', 'b'], company: null, size: '12' },
    attendance: { attended: true, durationSeconds: 1800, rate: 87.5, messages: 3, questions: 2 },
    replay: { watchedAtMs: 1738600000_000 },
  });
  const by = Object.fromEntries(registrants.map((registrant) => [registrant.personId, registrant]));
  assert.deepEqual(by.iso?.replay, { watchedAtMs: 1738600000_000 });
  assert.deepEqual(by.naive?.replay, { watchedAtMs: 1738600000_000 });
  assert.deepEqual(by.flag?.replay, { watchedAtMs: null });
  assert.equal(by.team?.role, 'team_member');
  assert.deepEqual([by.speaker?.role, by.speaker?.isGuestSpeaker], ['unknown', true]);
  assert.equal(by.anon?.isAnonymous, true);
});

test('only people who are no attendees may lack what attendees have', async () => {
  api()
    .get(PEOPLE)
    .query(true)
    .reply(
      200,
      onePage([personRow('ada'), personRow('team', { role: 'team_member', email: null }, { fields: [] })]),
    );
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.deepEqual([registrants.map(({ personId }) => personId), complete], [['ada'], true]);
});

for (const [field, row] of [
  ['email', personRow('x', { email: null }, { fields: [] })],
  ['registrant_detail', personRow('x', {}, null)],
  ['registrant_detail.created_at', personRow('x', {}, { created_at: 0 })],
  ['registrant_detail.attended', personRow('x', {}, { attended: 'perhaps' })],
  ['registrant_detail.attendance_duration', personRow('x', {}, { attendance_duration: '10 min' })],
  ['messages_count', personRow('x', { messages_count: {} })],
] as const) {
  test(`a registrant whose ${field} cannot be read fails the reading, by name`, async () => {
    api()
      .get(PEOPLE)
      .query(true)
      .reply(200, onePage([row]));
    await assert.rejects(client.listRegistrants(SESSION, call), (error) => {
      assert.ok(error instanceof UnreadableAnswerError);
      assert.equal(error.field, field);
      assert.match(error.message, new RegExp(field));
      return true;
    });
  });
}

test('answers without next_page are paged by page_count', async () => {
  const old = { record_count: 2, page_count: 2, items_per_page: 50 };
  api()
    .get(PEOPLE)
    .query({ 'page[number]': '0', 'page[size]': '50' })
    .reply(200, { data: [personRow('a')], meta: old });
  api()
    .get(PEOPLE)
    .query({ 'page[number]': '1', 'page[size]': '50' })
    .reply(200, { data: [personRow('b')], meta: old });
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.deepEqual([registrants.length, complete], [2, true]);
});

/** One reading of the people list: its pages by number, 400 for null. */
test('find by e-mail: asks lower-cased, compares without case, trusts no ignored filter', async () => {
  const query = { 'filter[email]': 'ada@example.org', 'page[number]': '0', 'page[size]': '50' };
  api()
    .get(PEOPLE)
    .query(query)
    .reply(200, onePage([personRow('other'), personRow('p', { email: 'ADA@Example.org' })]));
  api()
    .get(PEOPLE)
    .query(query)
    .reply(200, onePage([personRow('other')]));
  api()
    .get(PEOPLE)
    .query(query)
    .reply(200, { data: [], meta: meta(0, 0, 0) });
  assert.equal((await client.findRegistrant(SESSION, ' Ada@example.org', call))?.personId, 'p');
  assert.equal(await client.findRegistrant(SESSION, 'ada@example.org', call), null);
  assert.equal(await client.findRegistrant(SESSION, 'ada@example.org', call), null);
});

test('find by e-mail: an address that Livestorm keeps as it was typed is found as well', async () => {
  const page = { 'page[number]': '0', 'page[size]': '50' };
  api()
    .get(PEOPLE)
    .query({ 'filter[email]': 'ada@example.org', ...page })
    .reply(200, { data: [], meta: meta(0, 0, 0) });
  api()
    .get(PEOPLE)
    .query({ 'filter[email]': 'ADA@Example.org', ...page })
    .reply(200, onePage([personRow('p', { email: 'ADA@Example.org' })]));
  assert.equal((await client.findRegistrant(SESSION, 'ADA@Example.org', call))?.personId, 'p');
});

test('an answer that is no list is named', async () => {
  api().get('/v1/sessions').query(true).reply(200, { data: {} });
  await assert.rejects(client.listSessions({ updatedSinceMs: 0 }, call), {
    name: 'UnreadableAnswerError',
    field: 'meta',
  });
});
