import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answer, Caller, DAY, SECOND, START } from './caller.ts';

function statuses(api: Caller, count: number): number[] {
  return Array.from({ length: count }, () => api.callNow('GET', '/ping').status);
}

function allowance(answer: Answer): Record<string, string | undefined> {
  return {
    monthly: answer.headers['ratelimit-monthly-remaining'],
    interval: answer.headers['ratelimit-interval-remaining'],
  };
}

describe('the limit per second', () => {
  it('lets five requests through each full second', () => {
    const api = new Caller();
    assert.deepEqual(statuses(api, 6), [200, 200, 200, 200, 200, 429]);
    api.advance(SECOND);
    assert.deepEqual(statuses(api, 6), [200, 200, 200, 200, 200, 429]);
  });

  it('counts a fixed window by default, so that ten fit around the turn of a second', () => {
    const api = new Caller();
    api.advance(900);
    statuses(api, 5);
    api.advance(200);
    assert.deepEqual(statuses(api, 6), [200, 200, 200, 200, 200, 429]);
  });

  it('slides when switched', () => {
    const api = new Caller({ rateWindow: 'sliding' });
    api.advance(900);
    statuses(api, 5);
    api.advance(999);
    assert.deepEqual(statuses(api, 1), [429]);
    api.advance(1);
    assert.deepEqual(statuses(api, 6), [200, 200, 200, 200, 200, 429]);
  });

  it('names itself in the 429 and asks for one second', () => {
    const api = new Caller();
    statuses(api, 5);
    const refused = api.callNow('GET', '/ping');
    assert.match(refused.json.errors[0].detail.toLowerCase(), /throttle limit/);
    assert.equal(refused.headers['retry-after'], '1');
    assert.equal(refused.headers['ratelimit-reset'], String((START + 30 * DAY) / SECOND));
    assert.deepEqual(allowance(refused), { monthly: '9994', interval: '0' });
  });

  it('measures the most starts in any 1,000 ms, over all requests', () => {
    const api = new Caller();
    api.advance(900);
    statuses(api, 4);
    api.advance(999);
    api.callNow('GET', '/ping', undefined, { authorization: 'wrong' });
    assert.equal(api.livestorm.limits.maxStartsInAnySecond(), 5);
    api.advance(1);
    statuses(api, 4);
    assert.equal(api.livestorm.limits.maxStartsInAnySecond(), 5);
    statuses(api, 1);
    assert.equal(api.livestorm.limits.maxStartsInAnySecond(), 6);
  });
});

describe('the quota of 30 days', () => {
  it('is told on every answer, errors included, and not touched by strangers', () => {
    const api = new Caller();
    const strange = api.callNow('GET', '/ping', undefined, { authorization: 'wrong' });
    assert.deepEqual(allowance(strange), { monthly: '10000', interval: '5' });
    assert.deepEqual(allowance(api.callNow('GET', '/ping')), { monthly: '9999', interval: '4' });
    const missing = api.callNow('GET', '/events/nope');
    assert.equal(missing.status, 404);
    assert.deepEqual(allowance(missing), { monthly: '9998', interval: '3' });
    assert.equal(missing.headers['ratelimit-monthly-limit'], '10000');
    assert.equal(missing.headers['ratelimit-interval-limit'], '5');
  });

  it('refuses until 30 days after the first call', () => {
    const api = new Caller({ monthlyLimit: 2 });
    assert.deepEqual(statuses(api, 2), [200, 200]);
    api.advance(10 * DAY);
    const refused = api.callNow('GET', '/ping');
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], String((20 * DAY) / SECOND));
    assert.equal(refused.headers['ratelimit-reset'], String((START + 30 * DAY) / SECOND));
    assert.equal(refused.headers['ratelimit-monthly-remaining'], '0');
    api.advance(20 * DAY);
    assert.deepEqual(statuses(api, 3), [200, 200, 429]);
  });

  it('is eaten by others, at a rate or at once', () => {
    const api = new Caller({ othersCallsPerDay: 100 });
    assert.equal(api.callNow('GET', '/ping').headers['ratelimit-monthly-remaining'], '9999');
    api.advance(2 * DAY);
    assert.equal(api.callNow('GET', '/ping').headers['ratelimit-monthly-remaining'], '9798');
    api.livestorm.limits.spendByOthers(9798);
    assert.equal(api.callNow('GET', '/ping').status, 429);
  });
});

describe('the switches of the headers', () => {
  it('spells the month as the older edition did', () => {
    const { headers } = new Caller({ rateLimitHeaders: 'montly' }).get('/ping');
    assert.equal(headers['ratelimit-montly-remaining'], '9999');
    assert.equal(headers['ratelimit-monthly-remaining'], undefined);
    assert.equal(headers['ratelimit-interval-remaining'], '4');
  });

  it('leaves them out, also from a 429', () => {
    const api = new Caller({ rateLimitHeaders: 'missing', retryAfter: false, burstLimit: 0 });
    const answer = api.get('/ping');
    assert.equal(answer.status, 429);
    assert.deepEqual(Object.keys(answer.headers), ['content-type']);
  });

  it('tells the reset in other forms', () => {
    const api = new Caller({ burstLimit: 0, rateLimitReset: 'iso' });
    assert.equal(api.callNow('GET', '/ping').headers['ratelimit-reset'], '2026-03-31T09:00:00.000Z');
    api.livestorm.switches.rateLimitReset = 'milliseconds';
    assert.equal(api.callNow('GET', '/ping').headers['ratelimit-reset'], String(START + 30 * DAY));
  });
});
