import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Caller, DAY, ids, MINUTE } from './caller.ts';

describe('an event', () => {
  it('has a form, an owner and a status', () => {
    const api = new Caller();
    const { id } = api.world.createEvent({
      title: 'Spring Launch',
      published: false,
      estimatedDurationMinutes: 45,
      fields: [
        { id: 'email', required: true },
        { id: 'color', type: 'multiple', custom: true, options: ['red', 'blue'] },
      ],
    });
    const { attributes } = api.get(`/events/${id}`).json.data;
    assert.deepEqual(
      [
        attributes.status,
        attributes.scheduling_status,
        attributes.published_at,
        attributes.estimated_duration,
      ],
      ['draft', 'draft', 0, 45],
    );
    assert.equal(attributes.owner.attributes.role, 'team_member');
    assert.deepEqual(attributes.fields, [
      { id: 'email', type: 'text', order: 0, required: true },
      {
        id: 'color',
        type: 'multiple',
        order: 1,
        required: false,
        custom: true,
        options: { items: [{ value: 'red' }, { value: 'blue' }], multiple_answers: false },
      },
    ]);
    api.world.publishEvent(id);
    const published = api.get(`/events/${id}`).json.data.attributes;
    assert.deepEqual([published.status, published.scheduling_status], ['published', 'not_scheduled']);
    assert.ok(published.published_at > 0);
  });

  it('becomes on_demand with a session, or by hand, and follows its sessions again', () => {
    const api = new Caller();
    const session = api.session();
    const { eventId } = api.world.session(session);
    api.world.setSchedulingStatus(eventId, 'on_demand');
    assert.equal(api.world.event(eventId).schedulingStatus, 'on_demand');
    api.world.setSchedulingStatus(eventId, null);
    assert.equal(api.world.event(eventId).schedulingStatus, 'upcoming');
    api.world.makeOnDemand(session);
    assert.equal(api.get(`/events/${eventId}`).json.data.attributes.scheduling_status, 'on_demand');
    assert.equal(api.world.session(session).status, 'on_demand');
  });

  it('is found by title, status and change', () => {
    const api = new Caller();
    const launch = api.world.createEvent({ title: 'Spring Launch' }).id;
    api.advance(MINUTE);
    const draft = api.world.createEvent({ title: 'Autumn', published: false }).id;
    const since = Math.floor(api.nowMs / 1000);
    assert.deepEqual(ids(api.get('/events?filter[title]=launch')), [launch]);
    assert.deepEqual(ids(api.get('/events?filter[scheduling_status]=draft')), [draft]);
    assert.deepEqual(ids(api.get(`/events?filter[created_since]=${since}`)), [draft]);
    assert.deepEqual(ids(api.get('/events?filter[tag]=x')), []);
    api.world.renameEvent(launch, 'Summer Launch');
    assert.deepEqual(ids(api.get(`/events?filter[updated_since]=${since + 1}`)), [launch]);
    assert.equal(api.get(`/events/${launch}`).json.data.attributes.title, 'Summer Launch');
  });

  it('includes its sessions', () => {
    const api = new Caller();
    const session = api.session();
    const { eventId } = api.world.session(session);
    for (const target of ['/events?include=sessions', `/events/${eventId}?include=sessions`]) {
      const { data, included } = api.get(target).json;
      const event = Array.isArray(data) ? data[0] : data;
      assert.deepEqual(event.relationships.sessions.data, [{ type: 'sessions', id: session }]);
      assert.equal(included[0].attributes.event_id, eventId);
    }
    assert.deepEqual(ids(api.get(`/events/${eventId}/sessions`)), [session]);
  });
});

describe('the people of an event', () => {
  it('appear once, with a short detail', () => {
    const api = new Caller();
    const event = api.world.createEvent({ title: 'Twice' }).id;
    for (const day of [1, 2]) {
      const session = api.world.createSession(event, { startsAtMs: api.nowMs + day * DAY }).id;
      api.register(session, { email: 'ada@example.org' });
    }
    const list = api.get(`/events/${event}/people?filter[email]=ada@example.org`).json;
    assert.equal(list.meta.record_count, 1);
    const [ada] = list.data;
    assert.deepEqual(Object.keys(ada.attributes.registrant_detail), [
      'event_id',
      'created_at',
      'updated_at',
      'fields',
    ]);
    assert.deepEqual(api.get(`/events/${event}/people/${ada.id}`).json.data, ada);
    assert.equal(api.get(`/events/${event}/people/nope`).status, 404);
    assert.equal(api.get(`/events/${event}/people?filter[role]=team_member`).json.data.length, 1);
  });
});

describe('the contacts of the workspace', () => {
  it('have no registrant detail', () => {
    const api = new Caller();
    api.register(api.session(), { email: 'ada@example.org', first_name: 'Ada' });
    const [ada] = api.get('/people?filter[email]=ada@example.org').json.data;
    assert.equal(ada.attributes.first_name, 'Ada');
    assert.equal(ada.attributes.registrant_detail, undefined);
    assert.deepEqual(api.get(`/people/${ada.id}`).json.data, ada);
    assert.equal(api.get('/people?filter[role]=participant').json.data.length, 3);
  });
});
