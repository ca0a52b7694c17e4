import assert from 'node:assert/strict';
import { afterEach, beforeEach } from 'node:test';
import nock from 'nock';
import { Agent } from 'undici';
import type { HttpOptions } from '../../src/clients/http.ts';
import { VirtualClock } from './virtual-clock.ts';

/** For a file of wire tests: no request leaves the machine, and every answer that a test prepares must be asked for. */
export function strictNock(): void {
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    nock.enableNetConnect();
    assert.deepEqual(pending, [], 'every prepared answer was asked for');
  });
}

/**
 * Never finds a host. A client that is slow to send on a connection could be one that the server speaks to first, so
 * nock connects it for real, and a failure of that would come before the prepared answer. Here it stays unanswered, and
 * nothing leaves the machine.
 */
export function offlineAgent(): Agent {
  return new Agent({ connect: { lookup: () => {} } });
}

/** What a client under test sends with. */
export function wireParts(nowMs: number): Omit<HttpOptions, 'vendor'> {
  return {
    dispatcher: offlineAgent(),
    clock: new VirtualClock(nowMs),
    timeoutMs: 10_000,
    maxBytes: 10_000_000,
  };
}
