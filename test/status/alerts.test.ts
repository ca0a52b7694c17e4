import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { type AlertMessage, Alerts } from '../../src/status/alerts.ts';
import { recordingLog } from '../support/builders.ts';
import { allRan, busy, failed, NOW, type Stage, stage, submitted, webinar } from './stage.ts';

const never = new AbortController().signal;

/** Alerts whose hook takes messages, or answers with what is wrong. */
function alerting({ store, clock, overview }: Stage) {
  const taken: AlertMessage[] = [];
  const { log, lines } = recordingLog();
  const hook = { problem: null as string | null, calls: 0 };
  const create = (): Alerts =>
    new Alerts({
      store,
      clock,
      log,
      call: async (body) => {
        hook.calls++;
        if (hook.problem === null) taken.push(body as AlertMessage);
        return hook.problem;
      },
    });
  let alerts = create();
  return {
    taken,
    lines,
    hook,
    tell: () => alerts.tell(overview().problems, never),
    restart: () => {
      alerts = create();
    },
    told: () => taken.map(({ firing, resolved }) => [firing.map(keyOf), resolved.map(keyOf)]),
  };
}

const keyOf = ({ alert, subject }: { alert: string; subject: string }) => `${alert} ${subject}`.trim();

function healthy(t: TestContext): Stage {
  const on = stage(t);
  on.store.meta.activate(NOW - 60 * MINUTE);
  allRan(on.store);
  return on;
}

test('an alert is told once, also over a restart, and told again as over when it has been for five minutes', async (t) => {
  const on = healthy(t);
  const { taken, tell, restart, told } = alerting(on);
  await tell();
  assert.deepEqual(told(), [], 'nothing is wrong');
  on.signs.dueSinceMs.set('ended_sessions', NOW - 16 * MINUTE);
  await tell();
  await tell();
  restart();
  await tell();
  assert.deepEqual(told(), [[['flow_lag attendance'], []]]);
  on.signs.dueSinceMs.delete('ended_sessions');
  await tell();
  await on.clock.advance(4 * MINUTE);
  await tell();
  assert.equal(taken.length, 1, 'it may come back');
  await on.clock.advance(MINUTE);
  await tell();
  await tell();
  assert.deepEqual(told().slice(1), [[[], ['flow_lag attendance']]]);
  assert.match(taken[1]?.text ?? '', /^livestorm-pardot: Over: Attendance to prospects: 16 min behind/);
});

test('lag, failures, dead credentials, held people, quota and stuck jobs are told, in one message, without people', async (t) => {
  const on = stage(t);
  busy(on);
  on.signs.stuckJobs = ['people'];
  const { taken, tell } = alerting(on);
  await tell();
  const [message] = taken;
  assert.deepEqual(message?.firing.map(keyOf), [
    'job_stuck people',
    'auth salesforce',
    'flow_lag attendance',
    'failures',
    'held',
    'quota livestorm',
  ]);
  assert.match(
    message?.text ?? '',
    /livestorm-pardot: 2 things failed for good\. .* \(livestorm-pardot failed list\)/,
  );
  assert.doesNotMatch(JSON.stringify(message), /example\.com|person\d/);
});

test('a hook that fails is tried again, later and later, and nothing is forgotten', async (t) => {
  const on = healthy(t);
  const { taken, tell, hook, lines, restart } = alerting(on);
  webinar(on.store, 's-1', 'Webinar');
  submitted(on.store, 's-1', 'ana@example.com', NOW - 2 * MINUTE * 60);
  failed(on.store, 's-1', 'ana@example.com');
  hook.problem = 'it answers with status 500';
  for (let seconds = 0; seconds < 240; seconds += 15) {
    await tell();
    await on.clock.advance(15 * SECOND);
  }
  assert.equal(hook.calls, 4, 'at 0, 30, 90 and 210 seconds');
  assert.equal(lines.filter(({ level }) => level === 'warn').length, 4);
  restart();
  hook.problem = null;
  await tell();
  assert.equal(taken.length, 1, 'a restart has not forgotten it');
});

test('from how many failures on is configured', async (t) => {
  const on = healthy(t);
  webinar(on.store, 's-1', 'Webinar');
  submitted(on.store, 's-1', 'ana@example.com', NOW - 60 * MINUTE);
  failed(on.store, 's-1', 'ana@example.com');
  const kinds = on.overview().problems.map(({ kind }) => kind);
  assert.deepEqual(kinds, ['failures']);
});
