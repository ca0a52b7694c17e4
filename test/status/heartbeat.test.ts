import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { Heartbeat } from '../../src/status/heartbeat.ts';
import { recordingLog } from '../support/builders.ts';
import { allRan, NOW, type Stage, stage } from './stage.ts';

const never = new AbortController().signal;

function beating({ store, clock, signs }: Stage) {
  const { log, lines } = recordingLog();
  const calls: unknown[] = [];
  const state = { problem: null as string | null };
  const call = async (body: object | null) => {
    calls.push(body);
    return state.problem;
  };
  const heartbeat = new Heartbeat({ clock, log, call, daemon: signs, runs: () => store.jobRuns.all() });
  return { calls, lines, state, beat: () => heartbeat.beat(never) };
}

test('the heartbeat is sent after complete cycles only, at most once a minute, with nothing in it', async (t) => {
  const on = stage(t);
  const { calls, beat } = beating(on);
  await beat();
  assert.equal(calls.length, 0, 'nothing has run');
  allRan(on.store, NOW - SECOND);
  on.signs.dueSinceMs.set('people', NOW);
  await beat();
  assert.equal(calls.length, 0, 'nothing has run since the start');
  allRan(on.store, NOW + 1);
  on.signs.dueSinceMs.clear();
  await beat();
  await beat();
  assert.deepEqual(calls, [null]);
  await on.clock.advance(59 * SECOND);
  await beat();
  assert.equal(calls.length, 1);
  await on.clock.advance(SECOND);
  await beat();
  assert.equal(calls.length, 2, 'nothing is due: an hourly job does not hold it up');
});

test('a job that is due, failed or stuck holds the heartbeat up until it has run well', async (t) => {
  const on = stage(t);
  const { calls, beat } = beating(on);
  allRan(on.store, NOW + 1);
  await on.clock.advance(SECOND);
  await beat();
  await on.clock.advance(2 * MINUTE);
  on.signs.dueSinceMs.set('people', on.clock.now());
  await beat();
  on.signs.dueSinceMs.clear();
  const run = { job: 'people', startedAtMs: NOW, finishedAtMs: on.clock.now(), counts: {} };
  on.store.jobRuns.record({ ...run, problem: 'Livestorm does not answer' });
  await beat();
  on.store.jobRuns.record({ ...run, problem: null });
  on.signs.stuckJobs = ['sessions'];
  await beat();
  assert.equal(calls.length, 1);
  on.signs.stuckJobs = [];
  await beat();
  assert.equal(calls.length, 2);
});

test('a heartbeat that fails is a warning, and a clock set back silences nothing', async (t) => {
  const on = stage(t);
  const { calls, beat, lines, state } = beating(on);
  state.problem = 'it answers with status 503';
  allRan(on.store, NOW + 1);
  await beat();
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['warn'],
  );
  on.clock.jump(-3 * HOUR);
  await beat();
  await on.clock.advance(MINUTE);
  await beat();
  assert.equal(calls.length, 2);
});
