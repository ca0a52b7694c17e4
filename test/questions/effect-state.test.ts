import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectState } from '../../src/questions/effect-state.ts';
import type { Effect } from '../../src/store/effects.ts';
import { START } from '../support/builders.ts';

const EFFECT: Effect = {
  id: 1,
  kind: 'livestorm_registration',
  naturalKey: 's/e',
  sessionId: 's',
  emailKey: 'e',
  prospectId: null,
  payload: {},
  state: 'pending',
  reason: null,
  attempts: 0,
  nextAttemptAtMs: START,
  createdAtMs: START - 1000,
  sentAtMs: null,
  finishedAtMs: null,
  problem: null,
  carriedBy: null,
};
const problem = { class: 'RetryableError', message: 'no answer' };

const CASES: readonly (readonly [Partial<Effect>, string, string | null])[] = [
  [
    {},
    'registration in Livestorm: planned',
    'sent as soon as the service runs, from 2026-03-02T08:00:00Z on',
  ],
  [
    { attempts: 3, problem },
    'registration in Livestorm: failed 3 of 60 times: no answer',
    'retried at 2026-03-02T08:00:00Z',
  ],
  [
    { state: 'parked', problem },
    'registration in Livestorm: waits: no answer',
    'tried again at 2026-03-02T08:00:00Z',
  ],
  [
    { state: 'unknown', problem },
    'registration in Livestorm: may have been applied: no answer',
    'looked for at 2026-03-02T08:00:00Z',
  ],
  [{ state: 'sending' }, 'registration in Livestorm: on its way', 'its answer is awaited'],
  [
    { state: 'dead', problem },
    'registration in Livestorm: given up: no answer',
    'see livestorm-pardot failed list',
  ],
  [
    { state: 'skipped', reason: 'team_member' },
    'registration in Livestorm: not done, is a Livestorm team member, not registered',
    null,
  ],
  [{ state: 'skipped' }, 'registration in Livestorm: not done, something newer took its place', null],
  [
    { state: 'skipped', kind: 'external_activity', payload: { type: 'Registered' } },
    'external activity Registered: not done, the prospect has been told under another address',
    null,
  ],
  [{ state: 'done', kind: 'list_membership', payload: { listId: 7 } }, 'put on list 7: done', null],
  [
    { state: 'done', kind: 'external_activity', payload: { type: 'Registered' } },
    'external activity Registered: done',
    null,
  ],
  [
    { carriedBy: 5, kind: 'prospect' },
    'prospect in Account Engagement: goes along in an import',
    'the import ends by itself',
  ],
];

for (const [over, text, next] of CASES) {
  test(text, () => {
    const state = effectState({ ...EFFECT, ...over });
    assert.deepEqual([state.text, state.next], [text, next]);
  });
}
