import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, MINUTE } from '../../../src/clock.ts';
import { Sandbox } from '../../../src/sandbox/sandbox.ts';
import type { BenchOptions } from '../bench.ts';
import { type Figure, rounded } from '../figures.ts';
import { Stage } from '../stage.ts';

const KIB = 1024;

/**
 * Submissions day after day. What the sandbox itself keeps of them is measured apart and taken off the growth of the
 * heap.
 */
export async function soak({ full }: BenchOptions): Promise<Figure[]> {
  const [days, activities] = full ? [90, 1_000_000] : [4, 12_000];
  const minutes = (days * DAY) / MINUTE;
  const kept = (await keptBySandbox(activities / 2)) / (activities / 2);
  await using stage = await Stage.open({ switches: { pardot: { dailyLimit: 1_000_000 } } });
  const { pardot } = stage.sandbox;
  const campaignId = pardot.world.createCampaign({ name: 'Newsletter' });
  const formId = pardot.world.createForm({ name: 'Newsletter', campaignId });
  let submitted = 0;
  let minute = 0;
  const liveUntil = async (end: number) => {
    while (minute < end) {
      await stage.minutes(1);
      minute++;
      for (const due = Math.floor((activities * minute) / minutes); submitted < due; submitted++) {
        pardot.world.submitForm(formId, { email: `person${submitted % 1000}@example.org` });
      }
    }
  };
  await liveUntil(minutes / 2);
  const before = { ...(await holding(stage.config.stateDir)), submitted };
  await liveUntil(minutes);
  const after = await holding(stage.config.stateDir);
  const count = submitted - before.submitted;
  return [
    { name: `submissions in ${days} days`, value: submitted, unit: '' },
    {
      name: 'growth of the heap, without what the sandbox keeps',
      value: (after.heap - before.heap) / count - kept,
      unit: 'bytes/activity',
      goal: { id: 'R7', most: 100 },
      beside: `with it ${rounded((after.heap - before.heap) / count)}; the sandbox alone keeps ${rounded(kept)}`,
    },
    {
      name: 'growth of open descriptors',
      value: after.descriptors - before.descriptors,
      unit: '',
      goal: { id: 'R7', most: 0 },
    },
    {
      name: 'growth of the state on disk',
      value: (after.disk - before.disk) / count,
      unit: 'bytes/activity',
      beside: 'one row of data for each',
    },
    { name: 'state on disk', value: after.disk / KIB, unit: 'KiB' },
  ];
}

/** Bytes of heap that the sandbox takes for so many submissions. */
async function keptBySandbox(count: number): Promise<number> {
  const sandbox = Sandbox.create();
  const { world } = sandbox.pardot;
  const formId = world.createForm({ name: 'Form', campaignId: world.createCampaign({ name: 'Form' }) });
  const submit = (from: number) => {
    for (let index = from; index < from + count; index++) {
      world.submitForm(formId, { email: `person${index % 1000}@example.org` });
    }
  };
  submit(0);
  const before = await heap();
  submit(count);
  const grown = (await heap()) - before;
  return sandbox.log.total('pardot') + grown;
}

/** Once is not enough: what is let go by finalizers goes with the next collection. */
async function heap(): Promise<number> {
  if (!globalThis.gc) throw new Error('the bench needs --expose-gc');
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

async function holding(stateDir: string): Promise<{ heap: number; descriptors: number; disk: number }> {
  const disk = readdirSync(stateDir).reduce((sum, name) => sum + statSync(join(stateDir, name)).size, 0);
  return { heap: await heap(), descriptors: readdirSync('/proc/self/fd').length, disk };
}
