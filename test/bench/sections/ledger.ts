import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/clock.ts';
import { applyDue, type EffectHandler } from '../../../src/reconcile/apply.ts';
import { openStore } from '../../../src/store/store.ts';
import { type Figure, median } from '../figures.ts';

const EFFECTS = 2000;
const RUNS = 5;

/** Effects through the outbox on a real disk, without a network: wanted, sending, done, each durable. */
export async function ledger(): Promise<Figure[]> {
  const rates: number[] = [];
  for (let run = 0; run < RUNS; run++) rates.push(await ratePerSecond());
  return [
    {
      name: 'effects through the ledger',
      value: median(rates),
      unit: '/s',
      beside: 'the vendors take 5 a second; two durable commits each',
    },
  ];
}

async function ratePerSecond(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-ledger-'));
  const store = openStore(dir);
  const handler: EffectHandler<unknown> = {
    kind: 'external_activity',
    work: 'attendance',
    parallel: 2,
    settleMs: 0,
    send: async () => ({ state: 'done' }),
  };
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  store.transaction(() => {
    for (let index = 0; index < EFFECTS; index++) {
      store.effects.want({ kind: handler.kind, naturalKey: String(index), payload: {} }, 0);
    }
  });
  const startedAt = performance.now();
  const counts = await applyDue({ store, clock: systemClock, log }, handler, {
    forced: false,
    stopping: () => false,
    call: (work) => ({ work, signal: new AbortController().signal }),
  });
  const tookS = (performance.now() - startedAt) / 1000;
  store[Symbol.dispose]();
  rmSync(dir, { recursive: true });
  if (counts.done !== EFFECTS) throw new Error(`${counts.done ?? 0} of ${EFFECTS} effects were done`);
  return EFFECTS / tookS;
}
