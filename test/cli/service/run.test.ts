import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { runCommand } from '../../../src/cli/service/run.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/builders.ts';

type Signal = Parameters<Parameters<Terminal['onSignal']>[0]>[0];

/** The service beside a sandbox, in this process; `says` waits for a line of its log. */
async function service(t: TestContext) {
  const dir = temporaryFolder(t);
  const sandbox = await Sandbox.start({});
  t.after(() => sandbox[Symbol.asyncDispose]());
  const config = await sandbox.writeConfig(dir);
  let log = '';
  let heard = Promise.withResolvers<void>();
  let send = (_signal: Signal): void => undefined;
  const hear = (text: string): void => {
    log += text;
    heard.resolve();
    heard = Promise.withResolvers();
  };
  const terminal: Terminal = {
    write: hear,
    writeError: hear,
    env: {},
    logs: { write: hear },
    onSignal: (handler) => {
      send = handler;
    },
  };
  const ended = runCommand({ config, once: false, dryRun: false }, terminal);
  const says = async (text: string): Promise<void> => {
    while (!log.includes(text)) await heard.promise;
  };
  await says('"started"');
  return {
    ended,
    says,
    log: () => log,
    send: (signal: Signal) => send(signal),
    stateDir: join(dir, 'state'),
  };
}

test('a new configuration that cannot be put in place for want of the state ends the program', async (t) => {
  const { ended, send, stateDir } = await service(t);
  const other = new Sqlite(join(stateDir, 'state.db'));
  other.exec('DROP TABLE meta');
  other.close();
  send('reload');
  await assert.rejects(ended, /meta/);
});

test('told to stop, it takes no new configuration any more', async (t) => {
  const { ended, send, log } = await service(t);
  send('stop');
  send('reload');
  assert.equal(await ended, 0);
  assert.match(log(), /"stopped"/);
  assert.doesNotMatch(log(), /new configuration/);
});
