import { DAY, MINUTE } from '../../../src/clock.ts';
import type { BenchOptions } from '../bench.ts';
import type { Figure } from '../figures.ts';
import { callsSince, Stage } from '../stage.ts';

/** Calls while nothing happens, the first day apart. */
export async function idle({ full }: BenchOptions): Promise<Figure[]> {
  const days = full ? 30 : 10;
  await using stage = await Stage.open();
  await stage.minutes(DAY / MINUTE);
  const first = stage.calls();
  const none = new Map<string, number>();
  await stage.minutes(((days - 1) * DAY) / MINUTE);
  const perDay = (vendor: 'livestorm' | 'pardot'): number => callsSince(stage, first, vendor) / (days - 1);
  return [
    {
      name: `Livestorm calls while idle, over ${days} days`,
      value: perDay('livestorm'),
      unit: '/day',
      goal: { id: 'Q2', most: 30 },
      beside: 'limit 333 a day',
    },
    {
      name: 'Livestorm calls on the first day',
      value: callsSince(stage, none, 'livestorm') - perDay('livestorm') * (days - 1),
      unit: '/day',
    },
    {
      name: `Account Engagement calls while idle, over ${days} days`,
      value: perDay('pardot'),
      unit: '/day',
      goal: { id: 'Q3', most: 1800 },
      beside: 'limit 25,000 a day or more',
    },
  ];
}
