import assert from 'node:assert/strict';
import { MINUTE } from '../../src/clock.ts';
import { StateError } from '../../src/errors.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Database } from '../../src/store/database.ts';
import { Boundaries, type Fineness } from './boundaries.ts';
import type { Life } from './life.ts';
import { finalState, play } from './scenario.ts';
import { Stage } from './stage.ts';

/** Where each life of one run of the scenario ends; the one after the last goes on to the end. */
export interface Deaths {
  readonly fineness: Fineness;
  readonly at: readonly number[];
}

export type Case = { readonly deaths: Deaths } | { readonly fullDisk: FullDisk };

export interface Ended {
  /** What differs from the run without a crash; null when nothing was lost and nothing doubled. */
  readonly problem: string | null;
  /** Deaths that no life came to: there are fewer boundaries than that. */
  readonly left: number;
  /** How many boundaries the last life came to. */
  readonly boundaries: number;
}

export function playCase(what: Case): Promise<Ended> {
  return 'deaths' in what ? playWith(what.deaths) : playOnFullDisk(what.fullDisk);
}

/** Plays the scenario with these deaths and compares what the vendors have in the end with a run without any. */
export async function playWith(
  { fineness, at }: Deaths,
  options: { onLife?: (life: Life) => void } = {},
): Promise<Ended> {
  const boundaries = new Boundaries(fineness, at);
  using stage = await Stage.open({ ...options, boundaries, onOpen: withoutFileLocks });
  const problem = await problemOf(stage, () => {
    assert.deepEqual(stage.failures, [], 'a round failed');
  });
  return { problem, left: boundaries.left, boundaries: boundaries.seen };
}

/**
 * The disk takes nothing from this commit on, counted from 0 after the start: only this one, or all until so many minutes
 * later.
 */
export interface FullDisk {
  readonly commit: number;
  readonly minutes: 0 | 3;
  /** Counts only commits with a statement that begins like this. */
  readonly of?: string;
}

/** Plays the scenario on a disk that is full for a while. The daemon goes on by itself; `boundaries`: its commits. */
export async function playOnFullDisk({ commit, minutes, of = '' }: FullDisk): Promise<Ended> {
  let commits = 0;
  let freeAtMs = Number.POSITIVE_INFINITY;
  let isStarted = false;
  let writesBefore = 0;
  let underWay = MOST_AT_ONCE;
  const isFull = () => commits > commit && stage.clock.now() < freeAtMs;
  using stage = await Stage.open({
    onOpen: withoutFileLocks,
    onCommit: (writes) => {
      // On a disk that is full at the start the program does not start at all.
      if (!isStarted) return;
      if (writes.some((sql) => sql.startsWith(of)) && commits++ === commit) {
        freeAtMs = stage.clock.now() + minutes * MINUTE;
        writesBefore = writesTo(stage.sandbox);
        throw diskFull();
      }
      if (isFull()) throw diskFull();
    },
    onRound: () => {
      if (isFull()) {
        const sent = writesTo(stage.sandbox) - writesBefore;
        assert.ok(sent <= underWay, `sent ${sent} requests that it could not record`);
        writesBefore += sent;
        underWay = 0;
      }
      isStarted = true;
    },
  });
  const problem = await problemOf(stage, () => {
    assert.ok(stage.failures.every(isStateErrorWithHint), `not a StateError: ${stage.failures.join()}`);
  });
  return { problem, left: commits > commit ? 0 : 1, boundaries: commits };
}

/** How many requests have changed something at a vendor, or may have. */
export function writesTo({ log }: Sandbox): number {
  return log.entries().filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth2/')).length;
}

export function isStateErrorWithHint(error: unknown): boolean {
  return error instanceof StateError && (error.hint ?? '') !== '';
}

/** Nobody else opens these files, and taking the locks for every read costs a fifth of a run. */
function withoutFileLocks(db: Database): void {
  db.pragma('locking_mode = EXCLUSIVE');
}

/** Plays to the end and compares. `check` may refuse the rounds; what it throws is the problem. */
export async function problemOf(stage: Stage, check: () => void): Promise<string | null> {
  try {
    await play(stage);
    check();
    assert.deepEqual(finalState(stage.sandbox), await wanted());
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Requests that had been recorded when the disk was full, and then left. No kind of effect has more at once. */
const MOST_AT_ONCE = 3;

/** As SQLite says it. */
function diskFull(): Error {
  return Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
}

let undisturbed: Promise<unknown> | undefined;

function wanted(): Promise<unknown> {
  undisturbed ??= (async () => {
    using stage = await Stage.open();
    await play(stage);
    return finalState(stage.sandbox);
  })();
  return undisturbed;
}
