import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetch } from 'undici';
import { Rehearsal } from '../rehearsal.ts';

test('a fault armed on the page hits the requests it names, as often as told', async () => {
  await using rehearsal = await Rehearsal.start();
  const url = `${rehearsal.sandbox.urls.salesforce}/services/data/`;
  const rule = {
    vendor: 'salesforce',
    kind: 'status',
    status: '418',
    match: 'GET /services/data',
    skip: '1',
    times: '1',
  };
  await rehearsal.post('/faults', rule);
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await fetch(url)).status);
  assert.deepEqual(statuses, [200, 418, 200]);
  const { text } = await rehearsal.get('/faults');
  assert.match(text, /status \(418\)/);
  assert.match(text, /<code>GET \/services\/data<\/code>/);
  await rehearsal.post('/faults/clear', {});
  assert.equal(rehearsal.sandbox.faults.list().length, 0);
});

test('without a number the fault has no end', async () => {
  await using rehearsal = await Rehearsal.start();
  await rehearsal.post('/faults', { vendor: 'pardot', kind: 'html_503', times: '', match: '' });
  assert.match((await rehearsal.get('/faults')).text, /every request.*no end/s);
});

test('a rule that makes no sense is refused', async () => {
  await using rehearsal = await Rehearsal.start();
  const good = { vendor: 'pardot', kind: 'status', status: '500' };
  const REFUSED = [{ vendor: 'other' }, { kind: 'other' }, { match: '(' }, { times: '-1' }, { status: '99' }];
  for (const wrong of REFUSED) {
    assert.equal((await rehearsal.post('/faults', { ...good, ...wrong })).status, 400, JSON.stringify(wrong));
  }
  assert.equal(rehearsal.sandbox.faults.list().length, 0);
});
