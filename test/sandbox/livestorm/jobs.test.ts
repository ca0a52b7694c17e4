import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answer, Caller, fieldList, type Json, SECOND } from './caller.ts';

function bulk(api: Caller, session: string, emails: readonly string[]): Answer {
  const tasks = emails.map((email) => ({ fields: fieldList({ email }), utm_source: 'pardot' }));
  return api.call('POST', `/sessions/${session}/people/bulk`, {
    data: { type: 'jobs', attributes: { tasks } },
  });
}

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `p${i}@example.org`);
}

describe('bulk registration', () => {
  it('is accepted, processing, then ended', () => {
    const api = new Caller();
    const session = api.session();
    const accepted = bulk(api, session, addresses(50));
    assert.equal(accepted.status, 202);
    assert.deepEqual(accepted.json.data.attributes, {
      status: 'processing',
      total_tasks: 50,
      total_processed_tasks: 0,
      total_success: 0,
      total_fail: 0,
    });
    const job = `/jobs/${accepted.json.data.id}`;
    assert.equal(api.get(job).json.data.attributes.status, 'processing');
    api.advance(2 * SECOND);
    assert.deepEqual(api.get(job).json.data.attributes, {
      status: 'ended',
      total_items: 50,
      total_processed_items: 50,
      total_succeeded: 50,
      total_failed: 0,
    });
    assert.equal(api.registrants(session).length, 50);
    assert.ok(api.registrants(session).every((person) => person.confirmationsSent === 1));
  });

  it('fails as a whole when one row failed, and tells row by row', () => {
    const api = new Caller();
    const session = api.session();
    api.register(session, { email: 'p1@example.org' });
    const { id } = bulk(api, session, ['p0@example.org', 'P1@example.org', 'nonsense']).json.data;
    const rows = () => api.get(`/jobs/${id}/tasks`).json.data.map((task: Json) => task.attributes);
    assert.ok(rows().every((row: Json) => row.status === 'processing' && row.errors.length === 0));
    api.advance(10 * SECOND);
    assert.equal(api.get(`/jobs/${id}`).json.data.attributes.status, 'failed');
    assert.deepEqual(
      rows().map((row: Json) => [row.email, row.status, row.errors[0]?.code]),
      [
        ['p0@example.org', 'succeeded', undefined],
        ['P1@example.org', 'failed', '409'],
        ['nonsense', 'failed', '422'],
      ],
    );
    assert.match(rows()[1].errors[0].detail, /already been invited/);
    assert.equal(api.registrants(session).length, 2);
    assert.equal(api.world.confirmationsSent(session, 'p1@example.org'), 1);
  });

  it('breaks with 500 when its tasks are paged', () => {
    const api = new Caller();
    const { id } = bulk(api, api.session(), addresses(1)).json.data;
    const broken = api.get(`/jobs/${id}/tasks?page[size]=50`);
    assert.equal(broken.status, 500);
    assert.match(broken.text, /<html>/);
  });

  it('takes at most 50 tasks, at least one, for a session that exists', () => {
    const api = new Caller();
    const session = api.session();
    assert.equal(bulk(api, session, addresses(51)).status, 422);
    assert.equal(bulk(api, session, []).status, 400);
    assert.equal(bulk(api, 'nope', addresses(1)).status, 404);
    assert.equal(api.registrants(session).length, 0);
  });

  it('refuses each row of a closed session', () => {
    const api = new Caller();
    const session = api.session();
    api.world.cancelSession(session);
    const { id } = bulk(api, session, addresses(2)).json.data;
    api.advance(10 * SECOND);
    assert.equal(api.get(`/jobs/${id}`).json.data.attributes.total_failed, 2);
  });

  it('spells counters and rows otherwise when switched', () => {
    const api = new Caller({ jobCounters: 'prose', jobTaskEmail: false, jobDurationMs: 0 });
    const { data } = bulk(api, api.session(), addresses(1)).json;
    assert.deepEqual(data.attributes, {
      status: 'ended',
      total_items: 1,
      total_processed_items: 1,
      total_fail: 0,
      total_success: 1,
    });
    assert.deepEqual(api.get(`/jobs/${data.id}/tasks`).json.data[0].attributes, {
      status: 'succeeded',
      errors: [],
    });
  });

  it('understands the wrapped form only when switched', () => {
    const api = new Caller();
    const session = api.session();
    const attributes = { tasks: [{ attributes: { fields: fieldList({ email: 'p0@example.org' }) } }] };
    const body = { type: 'jobs', data: { attributes } };
    assert.equal(api.call('POST', `/sessions/${session}/people/bulk`, body).status, 400);
    api.livestorm.switches.bulkWrappedTasks = true;
    assert.equal(api.call('POST', `/sessions/${session}/people/bulk`, body).status, 202);
    assert.equal(api.registrants(session)[0]?.registeredBy, 'bulk');
  });
});
