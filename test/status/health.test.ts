import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../src/clock.ts';
import { healthOf, readinessOf } from '../../src/status/health.ts';
import { allRan, failed, governor, NOW, stage, submitted, webinar } from './stage.ts';

test('alive as long as every job goes on', () => {
  assert.deepEqual(healthOf([]), { isFine: true, body: { status: 'ok', jobs: [] } });
  assert.deepEqual(healthOf(['people']), { isFine: false, body: { status: 'stuck', jobs: ['people'] } });
});

test('ready unless credentials are refused, a flow lags or a job is stuck; failures and pauses are no reason', (t) => {
  const { store, signs, overview } = stage(t);
  allRan(store);
  webinar(store, 's-1', 'Webinar');
  submitted(store, 's-1', 'ana@example.com', NOW - HOUR);
  failed(store, 's-1', 'ana@example.com');
  store.pauses.pause('all', NOW);
  assert.deepEqual(readinessOf(overview), { isFine: true, body: { status: 'ready', problems: [] } });
  store.saveGovernor('pardot', governor({ parks: { auth: NOW + HOUR } }));
  signs.dueSinceMs.set('form_submissions', NOW - 15 * MINUTE);
  signs.stuckJobs = ['sessions'];
  assert.deepEqual(readinessOf(overview), {
    isFine: false,
    body: {
      status: 'not ready',
      problems: [
        { problem: 'job_stuck', of: 'sessions' },
        { problem: 'auth', of: 'pardot' },
        { problem: 'flow_lag', of: 'form_registrations' },
      ],
    },
  });
});

test('somebody who waits for their registration makes the flow lag, however well its jobs run', (t) => {
  const { store, overview } = stage(t);
  allRan(store);
  webinar(store, 's-1', 'Webinar');
  submitted(store, 's-1', 'ana@example.com', NOW - HOUR, null);
  const key = { sessionId: 's-1', emailKey: 'ana@example.com' };
  const wanted = { kind: 'livestorm_registration', naturalKey: 's-1/ana@example.com', payload: {} } as const;
  store.effects.want({ ...wanted, ...key }, NOW - 20 * MINUTE);
  const lagOf = () => overview().flows.find(({ flow }) => flow === 'form_registrations')?.lagMs;
  assert.equal(lagOf(), 20 * MINUTE);
  const effect = store.effects.get('livestorm_registration', wanted.naturalKey);
  const problem = { class: 'RetryableError', message: 'it does not answer' };
  store.effects.postpone({ id: effect?.id ?? 0, attempts: 3 }, 'pending', NOW + 5 * MINUTE, problem);
  assert.equal(lagOf(), 20 * MINUTE, 'also while it waits for its next attempt');
  store.pauses.pause('form_registrations', NOW);
  assert.equal(lagOf(), 0, 'a pause is wanted');
});
