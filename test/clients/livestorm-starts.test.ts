import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dispatcher } from 'undici';
import { LivestormClient } from '../../src/clients/livestorm.ts';
import type { Call } from '../../src/domain.ts';
import { createGovernor } from '../../src/governor/vendor-governor.ts';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { InProcessDispatcher } from '../support/in-process.ts';
import { MemoryState } from '../support/memory-state.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { START } from '../support/world.ts';

const CONNECTING_MS = 400;
const CONCURRENCY = 3;

/** As far away as another continent: each of the connections takes its time, and then stays. */
function slowToConnect(dispatcher: Dispatcher, clock: VirtualClock): Dispatcher {
  let connections = 0;
  return dispatcher.compose((dispatch) => (options, handler) => {
    if (connections++ >= CONCURRENCY) return dispatch(options, handler);
    void clock.sleep(CONNECTING_MS).then(() => dispatch(options, handler));
    return true;
  });
}

test('Livestorm never sees more than 5 requests in 1,000 ms, however long connections take', async () => {
  const clock = new VirtualClock(START, { virtualDeadlines: true });
  const sandbox = Sandbox.create({ clock, seed: 1, keys: newKeyPair() });
  const { livestorm, urls } = sandbox;
  const dispatcher = slowToConnect(new InProcessDispatcher(sandbox, clock), clock);
  const client = new LivestormClient({
    http: { dispatcher, clock, timeoutMs: 10_000, maxBytes: 1_000 },
    baseUrl: urls.livestorm,
    token: () => livestorm.token,
    governor: createGovernor({
      vendor: 'livestorm',
      clock,
      state: new MemoryState(),
      limits: { startsPerWindow: { count: 5, windowMs: 1_050 }, concurrency: CONCURRENCY },
    }),
  });
  const call: Call = { work: 'registrations', signal: new AbortController().signal };
  await Promise.all(Array.from({ length: 20 }, () => client.ping(call)));
  assert.equal(livestorm.limits.maxStartsInAnySecond(), 5);
});
