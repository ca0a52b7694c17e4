import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { AlreadyRunningError, StateError } from '../../src/errors.ts';
import { Database, InstanceLock } from '../../src/store/database.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { temporaryFolder } from '../support/builders.ts';

const NODE = new URL('../../node_modules/.bin/node', import.meta.url).pathname;
const DUMP = new URL('../fixtures/schema.sql', import.meta.url);
const PUT = 'INSERT INTO meta (key, value) VALUES (?, ?)';

function open(t: TestContext, file: string): Database {
  const db = Database.open(file);
  t.after(() => db[Symbol.dispose]());
  return db;
}

/** Root may write everywhere; these tests look at what happens to the daemon's own user. */
function unprivileged(work: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

const stateErrorWith = (hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof StateError, String(error));
  assert.match(error.hint ?? '', hint);
  return true;
};

test('the schema is the committed one', (t) => {
  const db = open(t, join(temporaryFolder(t), 'state.db'));
  assert.equal(
    db.schema(),
    readFileSync(DUMP, 'utf8'),
    'a new migration also needs a new test/fixtures/schema.sql',
  );
  assert.equal(db.pragma('user_version'), MIGRATIONS.length);
});

test('every connection is durable and forgets what it deletes', (t) => {
  const file = join(temporaryFolder(t), 'deep', 'state.db');
  for (const key of ['first', 'second']) {
    const db = open(t, file);
    db.run(PUT, key, 'x');
    const pragmas = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete'];
    assert.deepEqual(
      pragmas.map((name) => db.pragma(name)),
      ['wal', 2, 1, 1],
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

test('a state file of a newer version is refused and stays as it is', (t) => {
  const file = join(temporaryFolder(t), 'state.db');
  open(t, file)[Symbol.dispose]();
  const raw = new Sqlite(file);
  raw.pragma(`user_version = ${MIGRATIONS.length + 1}`);
  raw.close();
  const before = readFileSync(file);
  assert.throws(() => Database.open(file), stateErrorWith(/newer version/));
  assert.throws(() => Database.openReadOnly(file), stateErrorWith(/newer version/));
  assert.deepEqual(readFileSync(file), before);
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
    assert.throws(() => InstanceLock.take(join(closed, 'daemon.lock')), stateErrorWith(/writable/));
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

test('a command writes beside the daemon, and never migrates under it', (t) => {
  const file = join(temporaryFolder(t), 'state.db');
  assert.throws(() => Database.openBeside(file), stateErrorWith(/start the daemon/));
  const daemon = open(t, file);
  const command = Database.openBeside(file);
  t.after(() => command[Symbol.dispose]());
  command.transaction(() => command.run(PUT, 'a', '1'));
  daemon.run(PUT, 'b', '2');
  assert.equal(daemon.all('SELECT * FROM meta').length, 2);
  assert.equal(command.pragma('synchronous'), 2);
  const raw = new Sqlite(file);
  raw.pragma('user_version = 1');
  raw.close();
  assert.throws(() => Database.openBeside(file), stateErrorWith(/restart the daemon/));
  assert.throws(() => Database.openReadOnly(file), stateErrorWith(/restart the daemon/));
  assert.equal(daemon.pragma('user_version'), 1);
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

test('the state directory belongs to one process, until it ends however it ends', async (t) => {
  const file = join(temporaryFolder(t), 'daemon.lock');
  const source = new URL('../../src/store/database.ts', import.meta.url).href;
  const script = `import { InstanceLock } from '${source}';
    globalThis.held = InstanceLock.take('${file}'); console.log('held'); process.stdin.resume();`;
  const child = spawn(NODE, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const [first] = await once(child.stdout, 'data');
  assert.match(String(first), /held/);
  assert.throws(
    () => InstanceLock.take(file),
    (error: unknown) => {
      assert.ok(error instanceof AlreadyRunningError);
      assert.match(error.hint ?? '', /twice/);
      return true;
    },
  );
  child.kill('SIGKILL');
  await exited;
  const lock = InstanceLock.take(file);
  assert.throws(() => InstanceLock.take(file), AlreadyRunningError);
  lock[Symbol.dispose]();
  InstanceLock.take(file)[Symbol.dispose]();
});
