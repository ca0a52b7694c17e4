import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Agent, buildConnector } from 'undici';
import { LivestormClient } from '../../src/clients/livestorm.ts';
import { systemClock } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { createGovernor } from '../../src/governor/vendor-governor.ts';
import { MemoryState } from '../support/memory-state.ts';

const CONNECTING_MS = 400;
/** What a busy machine may delay the server's first look by. Without regard to connections it is 600 ms and more. */
const TOLERANCE_MS = 150;

/** As far away as another continent: each new connection takes its time. */
function slowToConnect(): Agent {
  const connect = buildConnector({});
  return new Agent({
    connect: (options, connected) => void setTimeout(() => connect(options, connected), CONNECTING_MS),
  });
}

test('Livestorm never sees more than 5 requests in 1,000 ms, however long connections take', async () => {
  const seenAt: number[] = [];
  const server = createServer((_request, response) => {
    seenAt.push(performance.now());
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispatcher = slowToConnect();
  const startsPerWindow = { count: 5, windowMs: 1_050 };
  const client = new LivestormClient({
    http: { dispatcher, clock: systemClock, timeoutMs: 10_000, maxBytes: 1_000 },
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    token: () => 'raw-token',
    governor: createGovernor({
      vendor: 'livestorm',
      clock: systemClock,
      state: new MemoryState(),
      limits: { startsPerWindow, concurrency: 3 },
    }),
  });
  const call: Call = { work: 'registrations', signal: new AbortController().signal };
  await Promise.all(Array.from({ length: 10 }, () => client.ping(call)));
  await dispatcher.destroy();
  await new Promise((resolve) => server.close(resolve));
  const gaps = seenAt.slice(5).map((at, i) => Math.round(at - (seenAt[i] ?? 0)));
  assert.equal(seenAt.length, 10);
  assert.ok(
    gaps.every((gap) => gap > 1_000 - TOLERANCE_MS),
    `six requests within ${Math.min(...gaps)} ms`,
  );
});
