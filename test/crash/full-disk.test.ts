import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isStateErrorWithHint, playOnFullDisk, problemOf, writesTo } from './enumeration.ts';
import { Stage } from './stage.ts';

interface Trouble {
  begin(): void;
  end(): void;
}

/** Rounds after which the trouble begins, and after which it ends: while people register. */
const BEGINS = 5;
const ENDS = 9;

/** The whole scenario with trouble in the middle, in one life: nothing lost, nothing doubled, nothing sent meanwhile. */
async function playThrough(dir: string, trouble: Trouble): Promise<void> {
  let round = 0;
  let writes = 0;
  let failuresMeanwhile = 0;
  using stage = await Stage.open({
    dir,
    onRound: () => {
      if (round === BEGINS) {
        writes = writesTo(stage.sandbox);
        trouble.begin();
      }
      if (round === ENDS) {
        trouble.end();
        assert.equal(writesTo(stage.sandbox), writes, 'nothing was sent that could not be recorded');
        failuresMeanwhile = stage.failures.length;
      }
      round++;
    },
  });
  const problem = await problemOf(stage, () => {
    assert.ok(stage.failures.every(isStateErrorWithHint), stage.failures.join('\n'));
    assert.ok(failuresMeanwhile > ENDS - BEGINS, 'the trouble was noticed');
    assert.equal(stage.failures.length, failuresMeanwhile, 'and was over when it ended');
  });
  assert.equal(problem, null);
}

/** A file system of 16 MiB in memory; undefined where this user may not mount. */
function smallFileSystem(t: TestContext): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'livestorm-pardot-small-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]);
  t.after(() => {
    if (status === 0) execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  return status === 0 ? folder : undefined;
}

test('a full file system stops the work with a clear error; it goes on by itself when there is space again', async (t) => {
  const folder = smallFileSystem(t);
  if (folder === undefined) return t.skip('mounting a small file system is not permitted here');
  const filler = join(folder, 'filler');
  await playThrough(join(folder, 'stage'), {
    begin: () => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    },
    end: () => rmSync(filler),
  });
});

test('so does a disk that refuses to write', async (t) => {
  const limit = (size: string) => spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${size}:`]);
  if (limit('unlimited').status !== 0) return t.skip('there is no prlimit here (util-linux)');
  t.after(() => limit('unlimited'));
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-refusing-'));
  // No file of this process grows beyond a kilobyte: each write is answered with EFBIG.
  await playThrough(dir, { begin: () => limit('1024'), end: () => limit('unlimited') });
});

// Some of the commits; `npm run crashes` has all of them.
test('wherever the disk is full, for one commit or for some minutes, nothing is lost or doubled', async () => {
  for (const [commit, minutes] of [
    [12, 3],
    [77, 0],
    [110, 3],
    [141, 0],
    [215, 3],
    [300, 0],
  ] as const) {
    const { problem, left } = await playOnFullDisk({ commit, minutes });
    assert.deepEqual({ problem, left }, { problem: null, left: 0 }, `--only-full ${commit},${minutes}`);
  }
});

test('a plan that the disk did not take is made again', async () => {
  const plans = { minutes: 3, of: 'INSERT INTO effect' } as const;
  const { boundaries } = await playOnFullDisk({ ...plans, commit: Number.POSITIVE_INFINITY });
  assert.ok(boundaries > 5, `${boundaries} plans`);
  for (let commit = 0; commit < boundaries; commit += 2) {
    const { problem } = await playOnFullDisk({ ...plans, commit });
    assert.equal(problem, null, `plan ${commit}`);
  }
});
