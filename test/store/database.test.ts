import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { StateError } from '../../src/errors.ts';
import { Database } from '../../src/store/database.ts';
import { temporaryFolder } from '../support/builders.ts';
import { open, PUT, stateErrorWith, unprivileged } from './state-file.ts';

test('every connection is durable, forgets what it deletes and keeps little in memory', (t) => {
  const file = join(temporaryFolder(t), 'deep', 'state.db');
  for (const key of ['first', 'second']) {
    const db = open(t, file);
    db.run(PUT, key, 'x');
    const pragmas = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'cache_size'];
    assert.deepEqual(
      pragmas.map((name) => db.pragma(name)),
      ['wal', 2, 1, 1, -2000],
    );
  }
  assert.equal(statSync(join(file, '..')).mode & 0o777, 0o700);
});

test('a transaction that fails leaves nothing, its inner ones included', (t) => {
  const db = open(t, join(temporaryFolder(t), 'state.db'));
  const failing = () =>
    db.transaction(() => {
      db.transaction(() => db.run(PUT, 'inner', 'x'));
      throw new Error('stop');
    });
  assert.throws(failing, /stop/);
  assert.equal(db.get('SELECT * FROM meta'), undefined);
});

test('what cannot be opened says what to do', (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o555 });
  const readable = join(folder, 'readable.db');
  open(t, readable)[Symbol.dispose]();
  chmodSync(readable, 0o444);
  const nonsense = join(folder, 'nonsense.db');
  writeFileSync(nonsense, 'no database, whatever its name says'.repeat(100));

  unprivileged(() => {
    assert.throws(() => Database.open(join(closed, 'state.db')), stateErrorWith(/writable/));
    assert.throws(() => Database.open(join(closed, 'deeper', 'state.db')), stateErrorWith(/writable/));
    assert.throws(() => Database.open(readable), stateErrorWith(/writable/));
  });
  assert.throws(() => Database.open(nonsense), stateErrorWith(/no state file/));
  for (const stateDir of [nonsense, join(nonsense, 'deeper')]) {
    assert.throws(() => Database.open(join(stateDir, 'state.db')), stateErrorWith(/must be a folder/));
  }
  assert.throws(() => Database.openReadOnly(join(folder, 'missing.db')), stateErrorWith(/start the daemon/));
});

test('a reader beside the daemon sees what is committed and cannot write', (t) => {
  const file = join(temporaryFolder(t), 'state.db');
  const writer = open(t, file);
  const reader = Database.openReadOnly(file);
  t.after(() => reader[Symbol.dispose]());
  writer.transaction(() => {
    writer.run(PUT, 'a', '1');
    assert.equal(reader.get('SELECT * FROM meta'), undefined);
  });
  assert.deepEqual(reader.get('SELECT * FROM meta'), { key: 'a', value: '1' });
  assert.throws(() => reader.run(PUT, 'b', '2'), StateError);
});

test('a copy starts from the state, the write-ahead log included, and changes nothing in it', (t) => {
  const file = join(temporaryFolder(t), 'state.db');
  const original = open(t, file);
  original.run(PUT, 'a', '1');
  const copy = Database.openCopy(file);
  t.after(() => copy[Symbol.dispose]());
  copy.run(PUT, 'b', '2');
  assert.equal(copy.all('SELECT * FROM meta').length, 2);
  assert.equal(original.all('SELECT * FROM meta').length, 1);
  assert.equal(Database.openCopy(join(file, '..', 'none.db')).schema(), original.schema());
});
