import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { DAY } from '../../src/clock.ts';
import { AlreadyRunningError, StateError } from '../../src/errors.ts';
import { keepNewest, makeBackup } from '../../src/retention/backup.ts';
import { backupFile, backupsIn } from '../../src/retention/backup-folder.ts';
import { restoreBackup } from '../../src/retention/restore.ts';
import { InstanceLock } from '../../src/store/instance-lock.ts';
import {
  lockFile,
  openBackup,
  openBackupReadOnly,
  openStoreReadOnly,
  stateFile,
} from '../../src/store/store.ts';
import { aSession, link, START, temporaryFolder, temporaryStore } from '../support/builders.ts';

test('a backup holds everything that is committed, for its owner alone, and is read back before it has its name', (t) => {
  const { store, stateDir } = temporaryStore(t);
  link(store, aSession());
  const file = backupFile(stateDir, START, 'backup');
  assert.equal(makeBackup(store, file), statSync(file).size);
  store.links.create('session-1', 'later', START);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(stateDir, 'backups')), ['state-2026-03-02T08-00-00Z.db']);
  using copy = openBackupReadOnly(file);
  assert.equal(copy.links.all().length, 1);
  assert.throws(() => makeBackup(store, file), /is there already/);
});

test('a backup that cannot be written leaves nothing', (t) => {
  const { store, stateDir } = temporaryStore(t);
  const file = join(stateDir, 'backups', 'x.db');
  store.keeping.copyTo = (part) => writeFileSync(part, 'not what it should be'.repeat(1000));
  assert.throws(() => makeBackup(store, file), StateError);
  assert.deepEqual(readdirSync(join(stateDir, 'backups')), []);
});

test('only the newest are kept, and files of others', (t) => {
  const { store, stateDir } = temporaryStore(t);
  for (let day = 0; day < 4; day++) makeBackup(store, backupFile(stateDir, START + day * DAY, 'backup'));
  const own = join(stateDir, 'backups', 'notes.txt');
  writeFileSync(own, 'mine');
  assert.equal(keepNewest(stateDir, 2).length, 2);
  assert.deepEqual(
    backupsIn(stateDir),
    [2, 3].map((day) => backupFile(stateDir, START + day * DAY, 'backup')),
  );
  assert.ok(existsSync(own));
});

test('a backup is put back, what it replaces is kept, and work of before is looked up first', (t) => {
  const stateDir = temporaryFolder(t);
  const backup = join(temporaryFolder(t), 'backup.db');
  {
    using store = openBackup(stateFile(stateDir));
    link(store, aSession());
    store.effects.want(
      { kind: 'livestorm_registration', naturalKey: 'session-1/a@b.co', payload: {} },
      START,
    );
    makeBackup(store, backup);
    link(store, aSession({ id: 'session-2' }), 71);
  }
  const before = readFileSync(backup);
  const { replaced, wasReadable } = restoreBackup(backup, stateDir, START + DAY);
  assert.ok(wasReadable);
  assert.deepEqual(readFileSync(backup), before);
  assert.deepEqual(backupsIn(stateDir), [replaced]);
  using kept = openBackupReadOnly(replaced ?? '');
  assert.equal(kept.links.all().length, 2);
  using store = openStoreReadOnly(stateDir);
  assert.equal(store.links.all().length, 1);
  assert.equal(store.meta.recoveredAtMs(), START + DAY);
  assert.equal(store.effects.open()[0]?.state, 'unknown');
  assert.equal(statSync(stateFile(stateDir)).mode & 0o777, 0o600);
});

test('a state that is damaged is put aside as it is', (t) => {
  const stateDir = temporaryFolder(t);
  const backup = join(temporaryFolder(t), 'backup.db');
  {
    using store = openBackup(stateFile(stateDir));
    makeBackup(store, backup);
  }
  writeFileSync(stateFile(stateDir), 'nonsense'.repeat(1000));
  const { replaced, wasReadable } = restoreBackup(backup, stateDir, START);
  assert.ok(!wasReadable);
  assert.match(readFileSync(replaced ?? '', 'utf8'), /^nonsense/);
  openStoreReadOnly(stateDir)[Symbol.dispose]();
});

test('nothing is replaced while a daemon runs, or by what is no sound backup', (t) => {
  const { store, stateDir } = temporaryStore(t);
  const folder = temporaryFolder(t);
  const file = (name: string): string => join(folder, name);
  makeBackup(store, file('good.db'));
  makeBackup(store, file('cut.db'));
  truncateSync(file('cut.db'), statSync(file('cut.db')).size - 8192);
  writeFileSync(file('text.db'), 'text'.repeat(1000));
  writeFileSync(file('empty.db'), '');
  const foreign = new Sqlite(file('foreign.db'));
  foreign.exec('CREATE TABLE effect (id); PRAGMA user_version = 1');
  foreign.close();
  const before = readFileSync(stateFile(stateDir));
  for (const name of ['cut.db', 'text.db', 'empty.db', 'foreign.db', 'missing.db']) {
    assert.throws(() => restoreBackup(file(name), stateDir, START), StateError, name);
  }
  {
    using _running = InstanceLock.take(lockFile(stateDir));
    assert.throws(() => restoreBackup(file('good.db'), stateDir, START), AlreadyRunningError);
  }
  assert.deepEqual(readFileSync(stateFile(stateDir)), before);
  assert.deepEqual(
    readdirSync(stateDir).filter((name) => name.includes('restoring')),
    [],
  );
});
