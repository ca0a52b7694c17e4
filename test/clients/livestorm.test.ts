import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import nock from 'nock';
import { LivestormClient } from '../../src/clients/livestorm.ts';
import { HOUR, SECOND } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import {
  AuthError,
  ParkedError,
  RefusedError,
  RetryableError,
  UnreadableAnswerError,
} from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock, wireParts } from '../support/strict-nock.ts';

const HOST = 'https://api.livestorm.test';
const NOW = Date.parse('2026-03-02T08:00:00Z');
const NOW_S = NOW / SECOND;
const SESSION = '0b8c6f5e-1111-4222-8333-444455556666';
const PEOPLE = `/v1/sessions/${SESSION}/people`;

let governor: OpenGovernor;
let client: LivestormClient;
let call: Call;

beforeEach(() => {
  governor = new OpenGovernor('livestorm');
  client = new LivestormClient({
    http: wireParts(NOW),
    baseUrl: `${HOST}/v1/`,
    token: () => 'raw-token',
    governor,
  });
  call = { work: 'discovery', signal: new AbortController().signal };
});

strictNock();

/** Everything must carry the raw token and the media type. */
function api(): nock.Scope {
  return nock(HOST, { reqheaders: { authorization: 'raw-token', accept: 'application/vnd.api+json' } });
}

function meta(number: number, pages: number, records: number) {
  return {
    current_page: number,
    previous_page: number > 0 ? number - 1 : null,
    next_page: number + 1 < pages ? number + 1 : null,
    record_count: records,
    page_count: pages,
    items_per_page: 50,
  };
}

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

function personRow(
  id: string,
  attributes: Record<string, unknown> = {},
  detail: Record<string, unknown> | null = {},
) {
  return {
    id,
    type: 'people',
    attributes: {
      role: 'participant',
      created_at: 1700000000,
      first_name: 'Ada',
      last_name: 'Example',
      email: `${id}@example.org`,
      registrant_detail: detail && {
        created_at: 1738594704,
        updated_at: 1738594704,
        fields: [{ id: 'email', type: 'text', value: `${id}@example.org`, required: null }],
        attended: false,
        attendance_rate: null,
        attendance_duration: 0,
        has_viewed_replay: false,
        is_guest_speaker: false,
        ...detail,
      },
      messages_count: 0,
      questions_count: 0,
      replay_view_detail: null,
      ...attributes,
    },
  };
}

function onePage(rows: unknown[]) {
  return { data: rows, meta: meta(0, 1, rows.length) };
}

function refusal(status: number, detail: string) {
  return { errors: [{ title: 'Refused', detail, code: String(status), status: 'refused' }] };
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
function reading(pages: readonly (readonly string[] | null)[], records: number): void {
  for (const [number, ids] of pages.entries()) {
    const answer = api()
      .get(PEOPLE)
      .query({ 'page[number]': String(number), 'page[size]': '50' });
    if (ids === null) answer.reply(400, refusal(400, 'no such page'));
    else
      answer.reply(200, { data: ids.map((id) => personRow(id)), meta: meta(number, pages.length, records) });
  }
}

test('a list that drifts while it is paged is read once more', async () => {
  reading([['a', 'b'], ['b']], 3);
  reading([['a', 'b'], ['c']], 3);
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.deepEqual(registrants.map(({ personId }) => personId).sort(), ['a', 'b', 'c']);
  assert.equal(complete, true);
});

test('two drifting readings that together hold everybody are complete', async () => {
  reading([['a', 'b'], ['b']], 3);
  reading([['c', 'b'], ['c']], 3);
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.deepEqual(registrants.map(({ personId }) => personId).sort(), ['a', 'b', 'c']);
  assert.equal(complete, true);
});

test('a list that drifts twice is handed out as incomplete', async () => {
  reading([['a'], ['a']], 3);
  reading([['b'], ['b']], 3);
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.equal(registrants.length, 2);
  assert.equal(complete, false);
});

test('400 on a later page is the end of a list that has shrunk, and makes it be read again', async () => {
  reading([['a'], null], 2);
  reading([['a']], 1);
  const { registrants, complete } = await client.listRegistrants(SESSION, call);
  assert.deepEqual([registrants.length, complete], [1, true]);
});

test('400 on the first page is a refusal', async () => {
  reading([null], 0);
  await assert.rejects(client.listRegistrants(SESSION, call), { name: 'RefusedError', status: 400 });
});

test('a next_page that does not go forward is no endless loop', async () => {
  api()
    .get(PEOPLE)
    .query(true)
    .reply(200, { data: [personRow('a')], meta: { ...meta(0, 2, 2), next_page: 0 } });
  await assert.rejects(client.listRegistrants(SESSION, call), { field: 'meta.next_page' });
});

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

const FIELDS = { email: 'ada@example.org', topics: ['a', 'b'] };

function register() {
  return client.register(SESSION, FIELDS, call);
}

test('a registration sends fields only, in the vendor media type', async () => {
  nock(HOST, {
    reqheaders: {
      authorization: 'raw-token',
      accept: 'application/vnd.api+json',
      'content-type': 'application/vnd.api+json',
    },
  })
    .post(PEOPLE, {
      data: {
        type: 'people',
        attributes: {
          fields: [
            { id: 'email', value: 'ada@example.org' },
            { id: 'topics', value: ['a', 'b'] },
          ],
        },
      },
    })
    .reply(201, { data: personRow('p-1') });
  assert.deepEqual(await register(), { result: 'registered', personId: 'p-1', role: 'participant' });
});

for (const [status, detail, expected] of [
  [409, 'Conflict', { result: 'already_registered' }],
  [422, 'This person has already been invited', { result: 'already_registered' }],
  [400, 'Email has already been taken', { result: 'already_registered' }],
  [422, "The field 'job_title' doesn't exist", { result: 'unknown_field', fieldId: 'job_title' }],
  [400, 'Field doesn’t exist', { result: 'unknown_field', fieldId: null }],
] as const) {
  test(`registration answered ${status} "${detail}": ${expected.result}`, async () => {
    api().post(PEOPLE).reply(status, refusal(status, detail));
    assert.deepEqual(await register(), expected);
  });
}

for (const [status, detail] of [
  [422, 'The session has already ended'],
  [422, 'The session has already been canceled'],
  [404, 'Session not found'],
  [400, 'Email is invalid'],
] as const) {
  test(`registration answered ${status} "${detail}": refused`, async () => {
    api().post(PEOPLE).reply(status, refusal(status, detail));
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof RefusedError);
      assert.equal(error.status, status);
      assert.ok(error.message.includes(detail));
      return true;
    });
  });
}

test('addresses are taken out of what the vendor says', async () => {
  api().post(PEOPLE).reply(422, refusal(422, 'ada+x@example.org cannot join (ada%40example.org)'));
  await assert.rejects(register(), (error) => {
    assert.ok(error instanceof RefusedError);
    assert.doesNotMatch(error.message, /example/);
    assert.match(error.message, /\[address\] cannot join/);
    return true;
  });
});

for (const body of ['', 'not JSON', '{"data":{"id":null}}', '<html><body>Created</body></html>']) {
  test(`201 with the body ${JSON.stringify(body)}: done, the id is lost`, async () => {
    api().post(PEOPLE).reply(201, body);
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof RetryableError);
      assert.deepEqual([error.applied, error.status], ['done', 201]);
      return true;
    });
  });
}

for (const [status, body] of [
  [500, '{"errors":[]}'],
  [502, '<html>Bad gateway</html>'],
  [503, ''],
  [408, ''],
  [200, '<!DOCTYPE html><html></html>'],
  [403, '<html>Blocked</html>'],
  [302, ''],
] as const) {
  test(`registration answered ${status} ${JSON.stringify(body)}: unknown`, async () => {
    api().post(PEOPLE).reply(status, body);
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof RetryableError, String(error));
      assert.deepEqual([error.applied, error.status, error.notBeforeMs], ['unknown', status, undefined]);
      return true;
    });
    assert.deepEqual(governor.parks, []);
  });
}

for (const status of [401, 403] as const) {
  test(`${status} needs a person`, async () => {
    api().get('/v1/ping').reply(status, refusal(status, 'Unauthorized'));
    await assert.rejects(client.ping(call), (error) => {
      assert.ok(error instanceof AuthError);
      assert.match(error.hint ?? '', /Events: write/);
      return true;
    });
  });
}

test('402 pauses registrations for an hour and is not the person’s fault', async () => {
  api().post(PEOPLE).reply(402, refusal(402, 'Upgrade your plan'));
  await assert.rejects(register(), (error) => {
    assert.ok(error instanceof ParkedError);
    assert.deepEqual([error.reason, error.untilMs], ['allowance', NOW + HOUR]);
    return true;
  });
  assert.deepEqual(governor.parks, [{ reason: 'allowance', untilMs: NOW + HOUR }]);
});

const RESET_S = NOW_S + 86_400;
const SPENT = { 'RateLimit-Monthly-Limit': '10000', 'RateLimit-Monthly-Remaining': '0' };

for (const [what, headers, untilMs] of [
  ['Retry-After in seconds', { 'Retry-After': '7' }, NOW + 7 * SECOND],
  ['Retry-After as a date', { 'Retry-After': 'Mon, 02 Mar 2026 08:00:30 GMT' }, NOW + 30 * SECOND],
  ['no Retry-After', {}, NOW + 2 * SECOND],
  ['an unreadable Retry-After', { 'Retry-After': 'soon' }, NOW + 2 * SECOND],
  [
    'the monthly reset beside calls left',
    { 'Retry-After': '1', 'RateLimit-Reset': String(RESET_S), 'RateLimit-Monthly-Remaining': '44' },
    NOW + SECOND,
  ],
] as const) {
  test(`burst 429 with ${what}`, async () => {
    api().post(PEOPLE).reply(429, refusal(429, 'Throttle limit reached'), headers);
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof RetryableError);
      assert.deepEqual([error.applied, error.notBeforeMs], ['not_applied', untilMs]);
      return true;
    });
    assert.deepEqual(governor.parks, [{ reason: 'rate', untilMs }]);
    assert.equal(governor.parkedWhileRunning, 1, 'parked before the place was given back');
  });
}

for (const [what, headers, untilMs] of [
  ['reset in seconds', { ...SPENT, 'RateLimit-Reset': String(RESET_S) }, RESET_S * SECOND],
  ['reset in milliseconds', { ...SPENT, 'RateLimit-Reset': String(RESET_S * SECOND) }, RESET_S * SECOND],
  ['reset as ISO', { ...SPENT, 'RateLimit-Reset': '2026-03-03T08:00:00Z' }, RESET_S * SECOND],
  ['the old spelling', { 'RateLimit-Montly-Remaining': '0', 'Retry-After': '86400' }, RESET_S * SECOND],
  ['a long Retry-After alone', { 'Retry-After': '86400' }, RESET_S * SECOND],
  ['no time at all', SPENT, NOW + HOUR],
  ['an absurd reset', { ...SPENT, 'RateLimit-Reset': '32472144000' }, NOW + HOUR],
] as const) {
  test(`monthly 429 with ${what}`, async () => {
    api().post(PEOPLE).reply(429, refusal(429, 'Quota'), headers);
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof ParkedError);
      assert.deepEqual([error.reason, error.untilMs], ['quota', untilMs]);
      return true;
    });
    assert.deepEqual(governor.parks, [{ reason: 'quota', untilMs }]);
  });
}

test('every answer reports the quota, refusals too, in both spellings', async () => {
  api()
    .get('/v1/ping')
    .reply(200, '', { 'RateLimit-Monthly-Limit': '10000', 'RateLimit-Monthly-Remaining': '9999' });
  await client.ping(call);
  assert.deepEqual(governor.observed, { limit: 10_000, remaining: 9_999 });
  api()
    .get('/v1/sessions/x')
    .reply(404, '', { 'RateLimit-Montly-Limit': '10000', 'RateLimit-Montly-Remaining': '9998' });
  await client.session('x', call);
  assert.equal(governor.observed.remaining, 9_998);
  api().get('/v1/ping').reply(200, '', { 'RateLimit-Monthly-Remaining': 'many' });
  await client.ping(call);
  assert.equal(governor.observed.remaining, 9_998);
});

test('a connection that is reset: unknown', async () => {
  api()
    .post(PEOPLE)
    .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
  await assert.rejects(register(), { name: 'RetryableError', applied: 'unknown', code: 'ECONNRESET' });
});

test('an answer that is no list is named', async () => {
  api().get('/v1/sessions').query(true).reply(200, { data: {} });
  await assert.rejects(client.listSessions({ updatedSinceMs: 0 }, call), {
    name: 'UnreadableAnswerError',
    field: 'meta',
  });
});
