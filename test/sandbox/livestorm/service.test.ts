import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Caller } from './caller.ts';

describe('credentials', () => {
  it('accepts the raw token and nothing else', () => {
    const api = new Caller();
    const status = (authorization: string) =>
      api.callNow('GET', '/ping', undefined, { authorization }).status;
    assert.equal(status(api.livestorm.token), 200);
    assert.equal(status(`${api.livestorm.token} `), 401);
    assert.equal(status(''), 401);
    assert.equal(api.callNow('GET', '/ping', undefined, {}).status, 401);
  });

  it('looks Bearer tokens up as OAuth tokens and refuses them with a challenge', () => {
    const api = new Caller();
    const bearer = { authorization: `Bearer ${api.livestorm.token}` };
    const answer = api.callNow('GET', '/ping', undefined, bearer);
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="Doorkeeper", error="invalid_token"');
    assert.deepEqual(
      { code: answer.json.errors[0].code, status: answer.json.errors[0].status },
      { code: '401', status: 'unauthorized' },
    );
  });

  it('checks credentials before limits, limits before routes, routes before content', () => {
    const api = new Caller({ burstLimit: 1 });
    const wrong = { authorization: 'wrong' };
    assert.equal(api.callNow('GET', '/nowhere', undefined, wrong).status, 401);
    assert.equal(api.callNow('GET', '/nowhere').status, 404);
    assert.equal(api.callNow('GET', '/nowhere', undefined, wrong).status, 401);
    assert.equal(api.callNow('GET', '/nowhere').status, 429);
    assert.equal(api.call('POST', '/sessions/unknown/people', 'nonsense').status, 404);
    assert.equal(api.call('POST', `/sessions/${api.session()}/people`, 'nonsense').status, 400);
  });
});

describe('identity and errors', () => {
  it('answers ping with an empty body and me with the organization', () => {
    const api = new Caller();
    const ping = api.get('/ping');
    assert.deepEqual([ping.status, ping.text], [200, '']);
    assert.equal(api.get('/me').json.data.type, 'organizations');
    assert.deepEqual(api.get('/organization').json, api.get('/me').json);
  });

  it('spells errors with a slug as status and the number as code', () => {
    const answer = new Caller().get('/events/nope');
    assert.deepEqual(answer.json, {
      errors: [{ title: 'Not Found', detail: 'Event Not found', code: '404', status: 'not_found' }],
    });
    assert.equal(answer.headers['content-type'], 'application/vnd.api+json');
  });

  it('knows no route outside /v1, none with another method, and no unknown id', () => {
    const api = new Caller();
    const session = api.session();
    for (const [method, path] of [
      ['GET', '/../v2/ping'],
      ['POST', '/ping'],
      ['GET', '/users'],
      ['GET', '/sessions/nope'],
      ['PATCH', '/sessions/nope'],
      ['DELETE', '/sessions/nope'],
      ['GET', '/sessions/nope/people'],
      ['GET', `/sessions/${session}/people/nope`],
      ['DELETE', `/sessions/${session}/people/nope`],
      ['DELETE', `/sessions/${session}/people?filter[email]=nobody@example.org`],
      ['GET', '/events/nope/sessions'],
      ['GET', '/events/nope/people'],
      ['GET', '/people/nope'],
      ['GET', '/jobs/nope'],
      ['GET', '/jobs/nope/tasks'],
    ] as const) {
      assert.equal(api.call(method, path).status, 404, `${method} ${path}`);
    }
  });
});
