import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { runningService } from './running-service.ts';

test('a new configuration that cannot be put in place for want of the state ends the program', async (t) => {
  const { ended, send, stateDir } = await runningService(t);
  const other = new Sqlite(join(stateDir, 'state.db'));
  other.exec('DROP TABLE meta');
  other.close();
  send('reload');
  await assert.rejects(ended, /meta/);
});

test('told to stop, it takes no new configuration any more', async (t) => {
  const { ended, send, log } = await runningService(t);
  send('stop');
  send('reload');
  assert.equal(await ended, 0);
  assert.match(log(), /"stopped"/);
  assert.doesNotMatch(log(), /new configuration/);
});
