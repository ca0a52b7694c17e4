import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import { request } from 'undici';
import { createDispatcher } from '../src/composition.ts';

test('no vendor is offered HTTP/2, where a refused stream is sent again by itself, past governor and ledger', async () => {
  const offered: string[][] = [];
  const server = createServer({
    ALPNCallback: ({ protocols }) => {
      offered.push(protocols);
      return undefined;
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispatcher = createDispatcher();
  const { port } = server.address() as AddressInfo;
  await assert.rejects(request(`https://127.0.0.1:${port}/`, { method: 'POST', dispatcher }));
  await dispatcher.destroy();
  await new Promise((resolve) => server.close(resolve));
  assert.deepEqual(offered, [['http/1.1']]);
});
