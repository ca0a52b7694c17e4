import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fineness } from './boundaries.ts';
import { playWith } from './enumeration.ts';
import type { Life } from './life.ts';

// Some of the boundaries and pairs; `npm run crashes` has all of them.
test('a crash at any boundary of the canonical scenario loses nothing and doubles nothing', async () => {
  const { boundaries } = await playWith({ fineness: 'every', at: [] });
  assert.ok(boundaries > 500, `${boundaries} boundaries`);
  for (let at = 0; at < boundaries; at += 110) await survives('every', [at]);
});

test('nor does a second crash after the restart', async () => {
  for (const at of [
    [0, 3],
    [8, 2],
    [15, 4],
    [33, 7],
    [64, 12],
    [112, 5],
  ]) {
    await survives('notable', at);
  }
});

test('the comparison notices what is sent again blindly', async () => {
  let noticed: string | null = null;
  for (let at = 25; at < 60 && noticed === null; at++) {
    ({ problem: noticed } = await playWith({ fineness: 'notable', at: [at] }, { onLife: sendBlindly }));
  }
  assert.match(noticed ?? '', /^\+ .*Spring webinar/m, 'a second list');
});

async function survives(fineness: Fineness, at: readonly number[]): Promise<void> {
  const { problem, left } = await playWith({ fineness, at });
  const again = `npm run crashes -- --only ${at.join()}`;
  assert.deepEqual({ problem, left }, { problem: null, left: 0 }, again);
}

/** A planted bug: what was on its way counts as not sent. */
function sendBlindly({ store: { effects } }: Life): void {
  effects.recoverInterrupted = (kind) => {
    const interrupted = effects.all(kind).filter(({ state }) => state === 'sending');
    for (const effect of interrupted) {
      effects.postpone(effect, 'pending', effect.nextAttemptAtMs, { class: 'Planted', message: 'planted' });
    }
    return interrupted.length;
  };
}
