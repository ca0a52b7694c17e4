import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseInstant } from '../../../src/sandbox/livestorm/instants.ts';
import { Caller, DAY, ids, type Json, MINUTE } from './caller.ts';

function attributes(api: Caller, sessionId: string): Json {
  return api.get(`/sessions/${sessionId}`).json.data.attributes;
}

describe('a session', () => {
  it('goes from upcoming through live to past, missing times being 0 and duration null', () => {
    const api = new Caller();
    const id = api.session();
    const { status, started_at, ended_at, canceled_at, duration, event_id } = attributes(api, id);
    assert.deepEqual([status, started_at, ended_at, canceled_at, duration], ['upcoming', 0, 0, 0, null]);
    const event = () => api.get(`/events/${event_id}`).json.data.attributes.scheduling_status;
    assert.equal(event(), 'upcoming');
    api.world.startSession(id);
    const startedAtMs = api.nowMs;
    assert.equal(attributes(api, id).status, 'live');
    assert.equal(event(), 'live');
    api.advance(30 * MINUTE);
    api.world.endSession(id);
    const endedAtMs = api.nowMs;
    const past = attributes(api, id);
    assert.equal(past.status, 'past');
    assert.equal(past.ended_at, endedAtMs / 1000);
    assert.equal(past.duration, (endedAtMs - startedAtMs) / 1000);
    assert.equal(past.updated_at, past.ended_at);
    assert.equal(event(), 'ended');
  });

  it('becomes past_not_started by time alone, and may still start', () => {
    const api = new Caller();
    const id = api.session(60 * MINUTE);
    const before = attributes(api, id);
    api.advance(121 * MINUTE);
    const after = attributes(api, id);
    assert.equal(after.status, 'past_not_started');
    assert.equal(after.updated_at, before.updated_at);
    assert.equal(api.world.session(id).status, 'past_not_started');
    assert.deepEqual(ids(api.get('/sessions?filter[status]=past_not_started')), [id]);
    api.livestorm.switches.notStartedTouches = true;
    assert.equal(attributes(api, id).updated_at, before.estimated_started_at + 3600);
    api.world.startSession(id);
    assert.equal(attributes(api, id).status, 'live');
  });

  it('is canceled with one l, its event with two', () => {
    const api = new Caller();
    const id = api.session();
    api.world.cancelSession(id);
    const session = attributes(api, id);
    assert.equal(session.status, 'canceled');
    assert.ok(session.canceled_at > 0);
    const event = api.get(`/events/${session.event_id}`).json.data;
    assert.equal(event.attributes.scheduling_status, 'cancelled');
  });

  it('counts registrants with the team, without moving updated_at unless switched', () => {
    const api = new Caller();
    const id = api.session();
    const before = attributes(api, id);
    assert.equal(before.registrants_count, 3);
    api.register(id, { email: 'ada@example.org' });
    const after = attributes(api, id);
    assert.deepEqual([after.registrants_count, after.updated_at], [4, before.updated_at]);
    api.livestorm.switches.registrationTouchesSession = true;
    api.register(id, { email: 'bob@example.org' });
    assert.ok(attributes(api, id).updated_at > before.updated_at);
  });

  it('can be moved, renamed and deleted through the API', () => {
    const api = new Caller();
    const id = api.session();
    const change = (given: unknown) =>
      api.call('PATCH', `/sessions/${id}`, { data: { type: 'sessions', attributes: given } });
    const moved = change({
      estimated_started_at: '2026-07-01 10:30:00',
      timezone: 'Europe/Paris',
      name: 'B',
    });
    assert.equal(moved.status, 200);
    assert.equal(moved.json.data.attributes.estimated_started_at, Date.parse('2026-07-01T08:30:00Z') / 1000);
    assert.equal(api.world.session(id).name, 'B');
    assert.equal(change({ estimated_started_at: 'soon' }).status, 422);
    assert.equal(api.call('DELETE', `/sessions/${id}`).status, 204);
    assert.equal(api.get(`/sessions/${id}`).status, 404);
    assert.throws(() => api.world.session(id), /no session/);
  });

  it('starts with a team member, a speaker and an anonymous person', () => {
    const api = new Caller();
    const rows = api.get(`/sessions/${api.session()}/people`).json.data.map((row: Json) => row.attributes);
    assert.equal(rows.length, 3);
    const host = rows.find((row: Json) => row.role === 'team_member');
    assert.equal(host.registrant_detail.fields[0].value, null);
    assert.equal(rows.filter((row: Json) => row.registrant_detail.is_guest_speaker).length, 1);
    assert.equal(rows.filter((row: Json) => row.email.endsWith('@unknown.livestorm.co')).length, 1);
    const alone = new Caller({ extraPeople: false });
    assert.deepEqual(alone.world.people(alone.session()), []);
  });
});

describe('lists of sessions', () => {
  it('are filtered by status, date, change and breakout', () => {
    const api = new Caller();
    const first = api.session(DAY);
    api.advance(MINUTE);
    const second = api.session(3 * DAY);
    const room = api.world.createSession(api.world.session(first).eventId, {
      startsAtMs: api.nowMs + DAY,
      breakoutOf: first,
    }).id;
    const createdAt = Math.floor(api.nowMs / 1000);
    const list = (query: string) => new Set(ids(api.get(`/sessions?${query}`)));
    assert.deepEqual(list(''), new Set([first, second]));
    assert.deepEqual(list('filter[include_breakout_rooms]=true'), new Set([first, second, room]));
    assert.deepEqual(list(`filter[created_since]=${createdAt}`), new Set([second]));
    assert.deepEqual(list(`filter[date_from]=${createdAt + 2 * 86_400}`), new Set([second]));
    assert.deepEqual(list(`filter[date_to]=${createdAt + 2 * 86_400}`), new Set([first]));
    api.world.startSession(first);
    assert.deepEqual(list('filter[status]=live'), new Set([first]));
    assert.deepEqual(list('filter[status]=live,upcoming'), new Set());
    const movedAt = Math.floor(api.nowMs / 1000);
    api.world.reschedule(second, api.nowMs + 9 * DAY);
    assert.deepEqual(list(`filter[updated_since]=${movedAt}`), new Set([second]));
    api.livestorm.switches.timeFilters = 'ignored';
    assert.deepEqual(list(`filter[updated_since]=${movedAt}`), new Set([first, second]));
  });

  it('take no include, but those of an event and single sessions do', () => {
    const api = new Caller();
    const id = api.session();
    const { eventId } = api.world.session(id);
    assert.equal(api.get('/sessions?include=people').json.included, undefined);
    const people = api.get(`/sessions/${id}?include=people`).json;
    assert.equal(people.included.length, 3);
    assert.equal(people.data.relationships.people.data.length, 3);
    const both = api.get(`/events/${eventId}/sessions?include=event,people`).json;
    assert.deepEqual(
      both.included.map((each: Json) => each.type),
      ['events', 'people', 'people', 'people'],
    );
    assert.equal(api.get(`/sessions/${id}?include=event`).json.included[0].id, eventId);
  });

  it('have no rows of a deleted session, nor of its breakout rooms', () => {
    const api = new Caller();
    const id = api.session();
    const event = api.world.session(id).eventId;
    api.world.createSession(event, { startsAtMs: api.nowMs, breakoutOf: id });
    api.world.deleteSession(id);
    assert.deepEqual(ids(api.get('/sessions?filter[include_breakout_rooms]=true')), []);
  });
});

describe('instants', () => {
  it('are Unix seconds, ISO 8601, or local to the timezone', () => {
    const utc = Date.parse('2026-10-25T00:30:00Z');
    assert.equal(parseInstant(String(utc / 1000), 'UTC'), utc);
    assert.equal(parseInstant(utc / 1000, 'UTC'), utc);
    assert.equal(parseInstant('2026-10-25T00:30:00.000Z', 'Europe/Paris'), utc);
    assert.equal(parseInstant('2026-10-25T02:30:00+02:00', 'UTC'), utc);
    assert.equal(parseInstant('2026-10-24 20:30:00', 'America/New_York'), utc);
    assert.equal(parseInstant('2026-10-25', 'UTC'), Date.parse('2026-10-25T00:00:00Z'));
    assert.equal(parseInstant('2026-10-25', 'Mars/Olympus'), undefined);
    assert.equal(parseInstant('tomorrow', 'UTC'), undefined);
    assert.equal(parseInstant('2026-13-45', 'UTC'), undefined);
    assert.equal(parseInstant(null, 'UTC'), undefined);
  });
});
