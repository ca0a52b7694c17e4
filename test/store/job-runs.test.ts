import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { Database } from '../../src/store/database.ts';
import { JobRuns } from '../../src/store/job-runs.ts';

const START = Date.parse('2026-03-02T08:00:00Z');

let db: Database;
let runs: JobRuns;

beforeEach(() => {
  db = Database.openEmpty();
  runs = new JobRuns(db);
});

function ran(afterMs: number, counts: Record<string, number> = {}, problem: string | null = null): void {
  const atMs = START + afterMs;
  runs.record({ job: 'people', startedAtMs: atMs, finishedAtMs: atMs, counts, problem });
}

/** When the run ended that another program finds in the file, after the start. */
function inFile(): number | undefined {
  const [run] = new JobRuns(db).all();
  return run && run.finishedAtMs - START;
}

test('quiet runs are written once a minute, and known here at once', () => {
  ran(0, { read: 0 });
  assert.equal(inFile(), 0);
  ran(10 * SECOND);
  ran(59 * SECOND);
  assert.equal(inFile(), 0);
  assert.equal(runs.all()[0]?.succeededAtMs, START + 59 * SECOND);
  ran(MINUTE);
  assert.equal(inFile(), MINUTE);
  assert.deepEqual(runs.totals().get('people'), { ok: 4, failed: 0 });
});

test('a run that did something or failed is written at once, and so is the first good one after it', () => {
  ran(0);
  ran(10 * SECOND, { done: 1 });
  assert.equal(inFile(), 10 * SECOND);
  ran(20 * SECOND);
  assert.equal(inFile(), 20 * SECOND);
  ran(25 * SECOND);
  ran(30 * SECOND, {}, 'no answer');
  assert.equal(inFile(), 30 * SECOND);
  assert.equal(new JobRuns(db).all()[0]?.succeededAtMs, START + 25 * SECOND);
  ran(40 * SECOND);
  assert.equal(inFile(), 40 * SECOND);
});

test('after the clock has been set back runs are written all the same', () => {
  ran(0);
  ran(-5 * MINUTE);
  assert.equal(inFile(), -5 * MINUTE);
});
