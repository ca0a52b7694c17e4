import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import nock from 'nock';
import { guardJsforce } from '../../src/clients/jsforce-guard.ts';
import { offlineAgent } from '../support/strict-nock.ts';

/** For a file of wire tests through jsforce: as `strictNock`, with the guard in place. */
export function strictJsforce(): void {
  const agent = offlineAgent();
  before(() => {
    nock.disableNetConnect();
    guardJsforce(agent, 2_000);
  });
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    assert.deepEqual(pending, [], 'every prepared answer was asked for');
  });
  after(async () => {
    nock.restore();
    await agent.close();
  });
}
