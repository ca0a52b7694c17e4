import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AlreadyRunningError } from '../../src/errors.ts';
import { InstanceLock } from '../../src/store/instance-lock.ts';
import { temporaryFolder } from '../support/builders.ts';
import { stateErrorWith, unprivileged } from './state-file.ts';

const NODE = new URL('../../node_modules/.bin/node', import.meta.url).pathname;

test('the state directory belongs to one process, until it ends however it ends', async (t) => {
  const file = join(temporaryFolder(t), 'daemon.lock');
  const source = new URL('../../src/store/instance-lock.ts', import.meta.url).href;
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

test('a lock that cannot be written says what to do', (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o555 });
  unprivileged(() => {
    assert.throws(() => InstanceLock.take(join(closed, 'daemon.lock')), stateErrorWith(/writable/));
  });
});
