import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { StateError } from '../../src/errors.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openStore, stateFile } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/builders.ts';
import { environment } from '../support/environment.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NOBODY = 65_534;
const AS_NOBODY = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/** A configuration for a sandbox that does not listen: these programs end before they call anybody. */
async function configuration(t: TestContext): Promise<{ dir: string; file: string }> {
  const dir = temporaryFolder(t);
  return { dir, file: await Sandbox.create().writeConfig(dir) };
}

/** `run`, started by the command line in front. */
function run(prefix: readonly string[], config: string): SpawnSyncReturns<string> {
  const [command = '', ...args] = [...prefix, process.execPath, '--import', 'tsx', MAIN];
  return spawnSync(command, [...args, 'run', '--once', '--config', config], {
    encoding: 'utf8',
    cwd: ROOT,
    env: environment({ TSX_DISABLE_CACHE: '1' }),
  });
}

test('with a state directory that cannot be written the program ends with 1 and says what to do', async (t) => {
  const { dir, file } = await configuration(t);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) {
    if (spawnSync('setpriv', [...AS_NOBODY, 'cat', MAIN]).status !== 0) {
      return t.skip('root writes everywhere, and this checkout is closed to any other user');
    }
    for (const name of readdirSync(dir)) chownSync(join(dir, name), NOBODY, NOBODY);
    chownSync(dir, NOBODY, NOBODY);
  }
  chmodSync(join(dir, 'state'), 0o555);
  const ended = run(isRoot ? ['setpriv', ...AS_NOBODY] : [], file);
  assert.equal(ended.status, 1, ended.stderr);
  assert.match(ended.stderr, /daemon\.lock: .*\n\s+make the state directory writable for the daemon/);
  assert.deepEqual(readdirSync(join(dir, 'state')), []);
});

test('with a disk that takes nothing the program ends with 1 and says what to do', async (t) => {
  if (spawnSync('prlimit', ['--version']).error) return t.skip('there is no prlimit here (util-linux)');
  const { file } = await configuration(t);
  const ended = run(['prlimit', '--fsize=1024'], file);
  assert.equal(ended.status, 1, ended.stderr);
  assert.match(ended.stderr, /state\.db: disk I\/O error\n\s+the disk refuses to read or write/);
});

test('a state file that is damaged somewhere is told as such by whoever reads there', (t) => {
  const dir = temporaryFolder(t);
  openStore(dir)[Symbol.dispose]();
  const raw = new Sqlite(stateFile(dir));
  const page = raw.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'checkpoint'").pluck().get();
  raw.close();
  const bytes = readFileSync(stateFile(dir));
  writeFileSync(stateFile(dir), bytes.fill(0xff, (Number(page) - 1) * 4096, Number(page) * 4096));
  using store = openStore(dir);
  assert.throws(
    () => store.checkpoints.read('sessions'),
    (error) => error instanceof StateError && error.hint === 'restore a backup',
  );
});
