import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { temporaryFolder } from '../support/builders.ts';
import { Disk, type Luck } from './power-cut/disk.ts';
import { readFixture } from './power-cut/fixture.ts';
import { type Replayed, replay } from './power-cut/replay.ts';
import { parseTrace, type Recording } from './power-cut/strace.ts';

// Of the committed recordings of a short scenario; `npm run power-cuts` records and replays the whole one.
function replayed(t: TestContext, synchronous: Recording['synchronous'], every: number): Replayed {
  const scratch = join(temporaryFolder(t), 'state');
  return replay(readFixture(synchronous), { scratch, random: new Random(1), somePerOperation: 1, every });
}

test('after a power cut every acknowledged commit is there, and nothing half', (t) => {
  const { points, damages } = replayed(t, 'FULL', 3);
  assert.deepEqual(damages, []);
  assert.ok(points > 300, `${points} points`);
});

test('with synchronous lowered to NORMAL the same check finds lost commits', (t) => {
  const { damages } = replayed(t, 'NORMAL', 20);
  assert.ok(damages.some(({ kind }) => kind === 'lost'));
});

const NOTHING: Luck = { entries: () => 0, sector: () => false, torn: (length) => length };
const EVERYTHING: Luck = { entries: (pending) => pending, sector: () => true, torn: (length) => length };

test('the disk keeps what was synced, and of the rest what luck says', () => {
  const disk = new Disk();
  const write = (offset: number, text: string) =>
    disk.apply({ kind: 'write', file: 'a', offset, bytes: Buffer.from(text) });
  disk.apply({ kind: 'create', file: 'a' });
  write(0, 'one');
  disk.apply({ kind: 'sync', file: 'a' });
  assert.deepEqual([...disk.afterCut(NOTHING).keys()], [], 'its entry in the folder is not synced');
  disk.apply({ kind: 'sync folder' });
  write(510, 'abcd');
  assert.equal(disk.afterCut(NOTHING).get('a')?.toString(), 'one');
  assert.equal(disk.afterCut(EVERYTHING).get('a')?.length, 514);
  const sectors = [false, true];
  const second = disk.afterCut({ ...EVERYTHING, sector: () => sectors.shift() ?? false }).get('a');
  assert.equal(second?.subarray(510).toString(), '\0\0cd', 'the first of the two sectors is missing');
  assert.equal(disk.afterCut({ ...EVERYTHING, torn: () => 1 }).get('a')?.length, 511);
  disk.apply({ kind: 'unlink', file: 'a' });
  assert.equal(disk.afterCut(NOTHING).get('a')?.toString(), 'one');
  assert.equal(disk.afterCut(EVERYTHING).size, 0);
});

test('the trace of strace is read as it is', () => {
  const hex = (text: string) => text.replaceAll(/./gs, (c) => `\\x${Buffer.from(c).toString('hex')}`);
  const open = (name: string, flags: string) =>
    `openat(AT_FDCWD<${hex('/x')}>, "${hex(`/s/${name}`)}", ${flags}, 0644) = 21<${hex(`/s/${name}`)}>`;
  const trace = [
    open('state.db', 'O_RDWR|O_CREAT|O_CLOEXEC'),
    open('state.db', 'O_RDWR|O_CREAT|O_CLOEXEC'),
    open('state.db-shm', 'O_RDWR|O_CREAT|O_CLOEXEC'),
    open('elsewhere', 'O_RDWR|O_CREAT'),
    `pwrite64(21<${hex('/s/state.db')}>, "${hex('a, b')}", 4, 8192) = 2`,
    `pwrite64(21<${hex('/s/state.db')}>, "${hex('full')}", 4, 0) = -1 ENOSPC (No space left on device)`,
    `fsync(21<${hex('/s/state.db')}>)        = 0`,
    `fsync(22<${hex('/s')}>) = 0`,
    `ftruncate(21<${hex('/s/state.db')}>, 4096) = 0`,
    `write(1<${hex('pipe:[1]')}>, "${hex('acknowledged 0a1b\n')}", 18) = 18`,
    `write(2<${hex('pipe:[2]')}>, "${hex('acknowledged 0a1b\n')}", 18) = 18`,
    `unlink("${hex('/s/state.db')}") = 0`,
    '+++ exited with 0 +++',
  ].join('\n');
  assert.deepEqual(parseTrace(trace, '/s'), [
    { kind: 'create', file: 'state.db' },
    { kind: 'write', file: 'state.db', offset: 8192, bytes: Buffer.from('a,') },
    { kind: 'sync', file: 'state.db' },
    { kind: 'sync folder' },
    { kind: 'truncate', file: 'state.db', size: 4096 },
    { kind: 'acknowledged', digest: '0a1b' },
    { kind: 'unlink', file: 'state.db' },
  ]);
});
