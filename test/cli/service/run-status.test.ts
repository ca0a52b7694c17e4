import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { WireServer } from '../../support/wire-server.ts';
import { type RunningService, runningService } from './running-service.ts';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Told to stop, it ends well. */
async function stop({ send, ended }: RunningService): Promise<void> {
  send('stop');
  assert.equal(await ended, 0);
}

test('the service has its page from its start to its stop, and moves it with a new configuration', async (t) => {
  const [first, second] = [await freePort(), await freePort()];
  const on = await runningService(t, { status: [`listen: 127.0.0.1:${first}`] });
  const health = await fetch(`http://127.0.0.1:${first}/healthz`);
  assert.deepEqual([health.status, await health.json()], [200, { status: 'ok', jobs: [] }]);
  const metrics = await (await fetch(`http://127.0.0.1:${first}/metrics`)).text();
  assert.match(metrics, /^process_resident_memory_bytes 1$/m);
  writeFileSync(on.config, readFileSync(on.config, 'utf8').replace(String(first), String(second)));
  on.send('reload');
  await on.says('new configuration applied');
  assert.equal((await fetch(`http://127.0.0.1:${second}/`)).status, 200);
  await assert.rejects(fetch(`http://127.0.0.1:${first}/`));
  await stop(on);
  await assert.rejects(fetch(`http://127.0.0.1:${second}/`));
});

test('an address that is taken is an error in the log, and the work goes on', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  const on = await runningService(t, {
    status: [`listen: 127.0.0.1:${(taken.address() as AddressInfo).port}`],
  });
  assert.match(on.log(), /"level":"error".*EADDRINUSE.*the status page cannot listen there/);
  await stop(on);
});

test('without an address there is no page, and nobody is told anything', async (t) => {
  const on = await runningService(t, { status: ['alert_failures: 1'] });
  assert.doesNotMatch(on.log(), /status page/);
  await stop(on);
});

test('the heartbeat address is called once every job has run, and stays out of the log when it fails', async (t) => {
  const called = Promise.withResolvers<void>();
  await using server = await new WireServer((response) => {
    response.writeHead(500).end();
    called.resolve();
  }).listen();
  const url = `${server.url}/very-secret-path`;
  const on = await runningService(t, {
    status: ['heartbeat_url: { env: HEARTBEAT }'],
    env: { HEARTBEAT: url },
  });
  await called.promise;
  await on.says('the heartbeat address could not be called');
  assert.deepEqual(
    server.requests.map(({ method, url: path, body }) => [method, path, body]),
    [['GET', '/very-secret-path', '']],
  );
  assert.doesNotMatch(on.log(), /very-secret/);
  await stop(on);
});
