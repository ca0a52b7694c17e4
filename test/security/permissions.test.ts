import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeBackup } from '../../src/retention/backup.ts';
import { restoreBackup } from '../../src/retention/restore.ts';
import { InstanceLock } from '../../src/store/instance-lock.ts';
import { lockFile, openStore, stateFile } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/builders.ts';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Mode of every file below a folder. */
function modesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(files.map(({ parentPath, name }) => [name, modeOf(join(parentPath, name))]));
}

/** The umask of a shell, and one that keeps nothing back. */
for (const umask of [0o022, 0o000]) {
  test(`state, log, lock and backups are for their owner alone under umask ${umask.toString(8)}, also in a folder open to all`, (t) => {
    const before = process.umask(umask);
    t.after(() => process.umask(before));
    const folder = temporaryFolder(t);
    const own = join(folder, 'own');
    const open = join(folder, 'open');
    mkdirSync(open, { mode: 0o755 });
    for (const stateDir of [own, open]) {
      const backup = join(stateDir, 'backups', 'state-2026-03-02T08-00-00Z.db');
      {
        using _lock = InstanceLock.take(lockFile(stateDir));
        using store = openStore(stateDir);
        store.meta.beat(1);
        makeBackup(store, backup);
        const modes = modesIn(stateDir);
        assert.deepEqual([...new Set(Object.values(modes))], ['600'], JSON.stringify(modes));
        assert.ok(Object.keys(modes).length >= 5, 'state, log, shared memory, lock and backup');
      }
      rmSync(stateFile(stateDir));
      restoreBackup(backup, stateDir, 2);
      openStore(stateDir)[Symbol.dispose]();
      assert.deepEqual([...new Set(Object.values(modesIn(stateDir)))], ['600']);
      assert.equal(modeOf(join(stateDir, 'backups')), '700');
    }
    assert.equal(modeOf(own), '700');
  });
}
