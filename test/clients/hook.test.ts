import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHook } from '../../src/clients/hook.ts';
import { systemClock } from '../../src/clock.ts';
import { createDispatcher } from '../../src/composition.ts';
import { WireServer } from '../support/wire-server.ts';

const never = new AbortController().signal;
const hookTo = (address: string) =>
  createHook(address, { clock: systemClock, dispatcher: createDispatcher() });

test('a hook is called by GET, or by POST with JSON, and a success is null', async () => {
  await using server = await new WireServer((response) => response.end('ok')).listen();
  const hook = hookTo(`${server.url}/secret?x=1`);
  assert.equal(await hook(null, never), null);
  assert.equal(await hook({ text: 'hello' }, never), null);
  assert.deepEqual(
    server.requests.map(({ method, url, body }) => [method, url, body]),
    [
      ['GET', '/secret?x=1', ''],
      ['POST', '/secret?x=1', '{"text":"hello"}'],
    ],
  );
});

test('a hook follows no redirect, and its failure is told without its address', async () => {
  await using server = await new WireServer((response) => {
    response.writeHead(302, { location: '/elsewhere' }).end();
  }).listen();
  assert.equal(await hookTo(`${server.url}/secret`)(null, never), 'it answers with status 302');
  assert.equal(server.requests.length, 1);
  server.answer = (response) => response.socket?.destroy();
  const problem = await hookTo(`${server.url}/secret`)(null, never);
  assert.match(problem ?? '', /^the connection failed \(\w+\)$/);
});
