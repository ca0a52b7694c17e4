import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { Database } from '../../src/store/database.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { temporaryFolder } from '../support/builders.ts';
import { open, PUT, stateErrorWith } from './state-file.ts';

const DUMP = new URL('../fixtures/schema.sql', import.meta.url);

test('the schema is the committed one', (t) => {
  const db = open(t, join(temporaryFolder(t), 'state.db'));
  assert.equal(
    db.schema(),
    readFileSync(DUMP, 'utf8'),
    'a new migration also needs a new test/fixtures/schema.sql',
  );
  assert.equal(db.pragma('user_version'), MIGRATIONS.length);
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
