import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../systemd/notify-socket.pl', import.meta.url));
const NOTIFY = new URL('../src/notify.ts', import.meta.url).href;
const LISTENER = `use Socket; $| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0); bind(S, pack_sockaddr_un($ARGV[0])) or die;
  print "bound\\n"; for (;;) { defined recv(S, $message, 4096, 0) or die; print $message }`;
const hasPerl = spawnSync('perl', ['-MSocket', '-e', '1']).status === 0;

/** What systemd would hear, line by line. */
async function listen(
  t: TestContext,
): Promise<{ path: string; heard: (lines: number) => Promise<string[]> }> {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-test-'));
  const path = join(dir, 'notify');
  const listener: ChildProcessByStdio<null, Readable, null> = spawn('perl', ['-e', LISTENER, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => {
    listener.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });
  let text = '';
  listener.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const lines = () => text.split('\n').slice(0, -1);
  const heard = async (count: number): Promise<string[]> => {
    while (lines().length <= count) await once(listener.stdout, 'data');
    return lines().slice(1);
  };
  await heard(0);
  return { path, heard };
}

function runNotifier(env: Record<string, string>): { status: number | null; stdout: string; stderr: string } {
  const script = `import { createNotifier } from '${NOTIFY}';
    const notify = createNotifier(process.env, { warn: (_, message) => console.log(message) });
    notify('READY=1', 'STATUS=running'); notify('WATCHDOG=1'); console.log('went on')`;
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
  const { NOTIFY_SOCKET: _, ...inherited } = process.env;
  return spawnSync('perl', [LAUNCHER, ...node], { encoding: 'utf8', env: { ...inherited, ...env } });
}

test('messages reach systemd through the socket that the launcher leaves open', {
  skip: !hasPerl && 'no perl here',
}, async (t) => {
  const { path, heard } = await listen(t);
  const { status, stdout } = runNotifier({ NOTIFY_SOCKET: path });
  assert.equal(status, 0);
  assert.equal(stdout, 'went on\n');
  assert.deepEqual(await heard(3), ['READY=1', 'STATUS=running', 'WATCHDOG=1']);
});

test('without systemd nothing is told; a socket that is gone is said, and not in the way', {
  skip: !hasPerl && 'no perl here',
}, () => {
  assert.deepEqual(runNotifier({}).stdout, 'went on\n');
  const gone = runNotifier({ NOTIFY_FD: '200' });
  assert.match(gone.stdout, /could not be told[\s\S]*went on/);
  const wrong = runNotifier({ NOTIFY_SOCKET: '/nowhere/notify' });
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.stderr, /cannot reach systemd at \/nowhere\/notify/);
});
