import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { runCommand } from '../../../src/cli/service/run.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/builders.ts';
import { WireServer } from '../../support/wire-server.ts';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The service beside a sandbox, in this process, with lines for `status` in its configuration. */
async function service(t: TestContext, lines: readonly string[], env: Record<string, string> = {}) {
  const dir = temporaryFolder(t);
  const sandbox = await Sandbox.start({});
  t.after(() => sandbox[Symbol.asyncDispose]());
  const config = await sandbox.writeConfig(dir);
  appendFileSync(config, `status:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  let log = '';
  let heard = Promise.withResolvers<void>();
  let send = (_signal: 'stop' | 'reload'): void => undefined;
  const hear = (text: string): void => {
    log += text;
    heard.resolve();
    heard = Promise.withResolvers();
  };
  const terminal: Terminal = {
    write: hear,
    writeError: hear,
    env,
    logs: { write: hear },
    resources: () => ({ residentBytes: 1, heapBytes: 1, cpuSeconds: 1, uptimeSeconds: 1 }),
    onSignal: (handler) => {
      send = handler;
    },
  };
  const ended = runCommand({ config, once: false, dryRun: false }, terminal);
  const says = async (text: string): Promise<void> => {
    while (!log.includes(text)) await heard.promise;
  };
  await says('"started"');
  const stop = async (): Promise<void> => {
    send('stop');
    assert.equal(await ended, 0);
  };
  return { config, log: () => log, says, send: (signal: 'stop' | 'reload') => send(signal), stop };
}

test('the service has its page from its start to its stop, and moves it with a new configuration', async (t) => {
  const [first, second] = [await freePort(), await freePort()];
  const on = await service(t, [`listen: 127.0.0.1:${first}`]);
  const health = await fetch(`http://127.0.0.1:${first}/healthz`);
  assert.deepEqual([health.status, await health.json()], [200, { status: 'ok', jobs: [] }]);
  const metrics = await (await fetch(`http://127.0.0.1:${first}/metrics`)).text();
  assert.match(metrics, /^process_resident_memory_bytes 1$/m);
  writeFileSync(on.config, readFileSync(on.config, 'utf8').replace(String(first), String(second)));
  on.send('reload');
  await on.says('new configuration applied');
  assert.equal((await fetch(`http://127.0.0.1:${second}/`)).status, 200);
  await assert.rejects(fetch(`http://127.0.0.1:${first}/`));
  await on.stop();
  await assert.rejects(fetch(`http://127.0.0.1:${second}/`));
});

test('an address that is taken is an error in the log, and the work goes on', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  const on = await service(t, [`listen: 127.0.0.1:${(taken.address() as AddressInfo).port}`]);
  assert.match(on.log(), /"level":"error".*EADDRINUSE.*the status page cannot listen there/);
  await on.stop();
});

test('without an address there is no page, and nobody is told anything', async (t) => {
  const on = await service(t, ['alert_failures: 1']);
  assert.doesNotMatch(on.log(), /status page/);
  await on.stop();
});

test('the heartbeat address is called once every job has run, and stays out of the log when it fails', async (t) => {
  const called = Promise.withResolvers<void>();
  await using server = await new WireServer((response) => {
    response.writeHead(500).end();
    called.resolve();
  }).listen();
  const url = `${server.url}/very-secret-path`;
  const on = await service(t, ['heartbeat_url: { env: HEARTBEAT }'], { HEARTBEAT: url });
  await called.promise;
  await on.says('the heartbeat address could not be called');
  assert.deepEqual(
    server.requests.map(({ method, url: path, body }) => [method, path, body]),
    [['GET', '/very-secret-path', '']],
  );
  assert.doesNotMatch(on.log(), /very-secret/);
  await on.stop();
});
