import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LivestormSwitches } from '../../../src/sandbox/livestorm/switches.ts';
import { application, Caller, DAY, fieldList, MINUTE } from './caller.ts';

const ADA = { email: 'ada@example.org', first_name: 'Ada', last_name: 'Example' };

describe('registering', () => {
  it('answers 201 with the person and mails once', () => {
    const api = new Caller();
    const session = api.session();
    const { status, json } = api.register(session, ADA);
    assert.equal(status, 201);
    assert.equal(json.data.attributes.email, ADA.email);
    assert.equal(json.data.attributes.first_name, 'Ada');
    assert.equal(json.data.attributes.role, 'participant');
    const detail = json.data.attributes.registrant_detail;
    assert.equal(detail.session_id, session);
    assert.equal(detail.registration_type, 'API');
    assert.deepEqual(detail.fields[0], { id: 'email', type: 'text', value: ADA.email, required: true });
    const [person] = api.registrants(session);
    assert.equal(person?.registeredBy, 'api');
    assert.equal(person?.confirmationsSent, 1);
  });

  it('keeps tracking and multiple answers', () => {
    const api = new Caller();
    const fields = [
      { id: 'email' },
      { id: 'colors', type: 'multiple', custom: true, options: ['red', 'green'], multipleAnswers: true },
    ] as const;
    const event = api.world.createEvent({ title: 'Colors', fields });
    const session = api.world.createSession(event.id, { startsAtMs: api.nowMs + DAY }).id;
    const given = fieldList({ email: ADA.email, colors: ['green'] });
    const { json } = api.call('POST', `/sessions/${session}/people`, {
      data: { type: 'people', attributes: { fields: given, utm_source: 'pardot' } },
    });
    const detail = json.data.attributes.registrant_detail;
    assert.equal(detail.utm_source, 'pardot');
    assert.deepEqual(detail.fields[1], {
      id: 'colors',
      type: 'multiple',
      value: ['green'],
      required: null,
      custom: true,
    });
  });

  it('gives one person the same id in several sessions', () => {
    const api = new Caller();
    const [first, second] = [api.session(), api.session()].map((id) => api.register(id, ADA).json.data);
    assert.equal(first.id, second.id);
    assert.notEqual(
      first.attributes.registrant_detail.password_key,
      second.attributes.registrant_detail.password_key,
    );
  });

  it('refuses malformed bodies with 400', () => {
    const api = new Caller();
    const target = `/sessions/${api.session()}/people`;
    for (const body of [
      undefined,
      {},
      { data: { type: 'sessions', attributes: { fields: [] } } },
      { data: { type: 'people' } },
      { data: { type: 'people', attributes: { fields: 'none' } } },
      { data: { type: 'people', attributes: { fields: [{ id: 'email', value: 1 }] } } },
    ]) {
      assert.equal(api.call('POST', target, body).status, 400, JSON.stringify(body));
    }
    const text = { authorization: api.livestorm.token, 'content-type': 'text/plain' };
    assert.equal(api.callNow('POST', target, application(ADA), text).status, 400);
    const plain = { authorization: api.livestorm.token, 'content-type': 'application/json' };
    assert.equal(api.callNow('POST', target, application(ADA), plain).status, 201);
  });
});

describe('registering again', () => {
  it('is refused whatever the letter case, and mails nobody', () => {
    const api = new Caller();
    const session = api.session();
    api.register(session, ADA);
    const again = api.register(session, { email: 'ADA@Example.org' });
    assert.equal(again.status, 409);
    assert.match(again.json.errors[0].detail, /already/);
    assert.equal(api.world.confirmationsSent(session, ADA.email), 1);
    assert.equal(api.registrants(session).length, 1);
  });

  it('answers 422, or registers and mails again, when switched', () => {
    const api = new Caller({ duplicate: 422 });
    const session = api.session();
    api.register(session, ADA);
    const again = api.register(session, ADA);
    assert.deepEqual([again.status, again.json.errors[0].code], [422, '422']);
    api.livestorm.switches.duplicate = 201;
    assert.equal(api.register(session, ADA).status, 201);
    assert.equal(api.registrants(session).length, 1);
    assert.equal(api.world.confirmationsSent(session, ADA.email), 2);
  });

  it('stores the address folded, as sent, or apart by case', () => {
    const register = (emailCase: LivestormSwitches['emailCase']) => {
      const api = new Caller({ emailCase });
      const session = api.session();
      const first = api.register(session, { email: 'Ada@Example.org' });
      const second = api.register(session, { email: 'ada@example.org' });
      const found = api.get(`/sessions/${session}/people?filter[email]=ada@example.org`).json.data.length;
      return [first.json.data.attributes.email, second.status, found];
    };
    assert.deepEqual(register('folded'), ['ada@example.org', 409, 1]);
    assert.deepEqual(register('kept'), ['Ada@Example.org', 409, 0]);
    assert.deepEqual(register('distinct'), ['Ada@Example.org', 201, 1]);
  });

  it('after leaving counts as a second e-mail', () => {
    const api = new Caller();
    const session = api.session();
    api.register(session, ADA);
    assert.equal(api.call('DELETE', `/sessions/${session}/people?filter[email]=${ADA.email}`).status, 204);
    assert.equal(api.registrants(session).length, 0);
    assert.equal(api.register(session, ADA).status, 201);
    assert.equal(api.world.confirmationsSent(session, ADA.email), 2);
  });

  it('finds page registrations too', () => {
    const api = new Caller();
    const session = api.session();
    const fields = { company: 'Example' };
    const person = api.world.registerOnPage(session, { email: ADA.email, firstName: 'Ada', fields });
    assert.equal(person.registeredBy, 'page');
    assert.equal(api.register(session, ADA).status, 409);
    assert.equal(api.world.registerOnPage(session, { email: ADA.email }).confirmationsSent, 1);
  });
});

describe('what is refused', () => {
  it('fields the form does not have', () => {
    const api = new Caller();
    const session = api.session();
    const refused = api.register(session, { ...ADA, shoe_size: '38' });
    assert.equal(refused.status, 422);
    assert.equal(refused.json.errors[0].detail, "The field 'shoe_size' doesn't exist");
    assert.equal(api.registrants(session).length, 0);
    api.livestorm.switches.unknownField = 400;
    assert.equal(api.register(session, { ...ADA, shoe_size: '38' }).status, 400);
  });

  it('invalid and missing addresses', () => {
    const api = new Caller();
    const session = api.session();
    for (const fields of [{ email: 'nonsense' }, { email: 'a b@example.org' }, { email: '' }, {}]) {
      assert.equal(api.register(session, fields).status, 422, JSON.stringify(fields));
    }
    api.livestorm.switches.badEmail = 400;
    assert.equal(api.register(session, {}).status, 400);
    assert.equal(api.registrants(session).length, 0);
  });

  it('a flat address, unless switched', () => {
    const api = new Caller();
    const session = api.session();
    const body = { data: { type: 'people', attributes: { email: ADA.email } } };
    assert.equal(api.call('POST', `/sessions/${session}/people`, body).status, 422);
    api.livestorm.switches.flatEmail = true;
    assert.equal(api.call('POST', `/sessions/${session}/people`, body).status, 201);
  });

  it('nobody on a form without address: the person becomes anonymous', () => {
    const api = new Caller();
    const event = api.world.createEvent({ title: 'Open', fields: [{ id: 'first_name' }] });
    const session = api.world.createSession(event.id, { startsAtMs: api.nowMs + DAY }).id;
    const { status, json } = api.register(session, { first_name: 'Ada' });
    assert.equal(status, 201);
    assert.match(json.data.attributes.email, /^\d+\+[0-9a-f-]{36}@unknown\.livestorm\.co$/);
    api.livestorm.switches.anonymousWithoutEmailField = false;
    assert.equal(api.register(session, { first_name: 'Ada' }).status, 422);
  });

  it('everybody new once the contact allowance is used up', () => {
    const api = new Caller({ contactAllowance: 1 });
    const session = api.session();
    assert.equal(api.register(session, ADA).status, 201);
    assert.equal(api.register(session, { email: 'bob@example.org' }).status, 402);
    assert.equal(api.register(session, ADA).status, 409);
    api.livestorm.switches.contactAllowance = 2;
    assert.equal(api.register(session, { email: 'bob@example.org' }).status, 201);
  });
});

describe('the team', () => {
  it('is registered already in every session, or registers with its role', () => {
    const api = new Caller();
    const host = { email: 'host@workspace.example' };
    assert.equal(api.register(api.session(), host).status, 409);
    api.livestorm.switches.extraPeople = false;
    const { status, json } = api.register(api.session(), host);
    assert.deepEqual([status, json.data.attributes.role], [201, 'team_member']);
    assert.equal(json.data.attributes.registrant_detail.password_key, null);
    assert.doesNotMatch(json.data.attributes.registrant_detail.connection_link, /key=/);
  });
});

describe('the status of the session', () => {
  const prepare: Record<string, (api: Caller, id: string) => void> = {
    upcoming: () => {},
    live: (api, id) => api.world.startSession(id),
    past: (api, id) => {
      api.world.startSession(id);
      api.world.endSession(id);
    },
    past_not_started: (api) => api.advance(DAY + 61 * MINUTE),
    canceled: (api, id) => api.world.cancelSession(id),
    on_demand: (api, id) => api.world.makeOnDemand(id),
  };
  const answers = (switches: Partial<LivestormSwitches>) =>
    Object.entries(prepare).map(([status, act]) => {
      const api = new Caller(switches);
      const session = api.session();
      act(api, session);
      assert.equal(api.get(`/sessions/${session}`).json.data.attributes.status, status);
      return [status, api.register(session, ADA).status];
    });

  it('decides', () => {
    assert.deepEqual(Object.fromEntries(answers({})), {
      upcoming: 201,
      live: 201,
      past: 422,
      past_not_started: 422,
      canceled: 422,
      on_demand: 201,
    });
  });

  it('decides otherwise when switched', () => {
    assert.deepEqual(
      Object.fromEntries(answers({ closedSession: 201, liveSession: 422, onDemandSession: 422 })),
      {
        upcoming: 201,
        live: 422,
        past: 201,
        past_not_started: 201,
        canceled: 201,
        on_demand: 422,
      },
    );
  });

  it('is draft until the event is published', () => {
    const api = new Caller();
    const event = api.world.createEvent({ title: 'Soon', published: false });
    const session = api.world.createSession(event.id, { startsAtMs: api.nowMs + DAY });
    assert.equal(session.status, 'draft');
    assert.equal(api.register(session.id, ADA).status, 422);
    api.world.publishEvent(event.id);
    assert.equal(api.register(session.id, ADA).status, 201);
  });
});

describe('leaving', () => {
  const twoSessions = (switches: Partial<LivestormSwitches> = {}) => {
    const api = new Caller(switches);
    const event = api.world.createEvent({ title: 'Twice' });
    const ids = [1, 2].map(
      (day) => api.world.createSession(event.id, { startsAtMs: api.nowMs + day * DAY }).id,
    );
    for (const id of ids) api.register(id, ADA);
    return { api, ids, left: () => ids.map((id) => api.registrants(id).length) };
  };

  it('by id through the API means one session, or the event when switched', () => {
    const one = twoSessions();
    const person = one.api.registrants(one.ids[0] ?? '')[0]?.personId;
    assert.equal(one.api.call('DELETE', `/sessions/${one.ids[0]}/people/${person}`).status, 204);
    assert.deepEqual(one.left(), [0, 1]);
    const all = twoSessions({ unregisterScope: 'event' });
    all.api.call('DELETE', `/sessions/${all.ids[0]}/people?filter[email]=${ADA.email}`);
    assert.deepEqual(all.left(), [0, 0]);
    assert.equal(all.api.call('DELETE', `/sessions/${all.ids[0]}/people`).status, 400);
  });

  it('in the product means the event', () => {
    const { api, ids, left } = twoSessions();
    api.world.unregister(ids[0] ?? '', ADA.email);
    assert.deepEqual(left(), [0, 0]);
  });
});
