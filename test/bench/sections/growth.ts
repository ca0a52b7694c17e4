import { HOUR, MINUTE } from '../../../src/clock.ts';
import type { BenchOptions } from '../bench.ts';
import { type Figure, slope } from '../figures.ts';
import { Stage } from '../stage.ts';

/** What a session costs the processor as its registrants grow; the sandbox in the same process is included. */
export async function growth({ full }: BenchOptions): Promise<Figure[]> {
  const sizes = full ? [100, 1000, 10_000, 100_000] : [100, 1000, 10_000];
  await cpuMs(100);
  const points: { size: number; cost: number }[] = [];
  for (const size of sizes) points.push({ size, cost: await cpuMs(size) });
  return [
    ...points.map(({ size, cost }) => ({
      name: `processor time with ${size.toLocaleString('en')} registrants`,
      value: cost / size,
      unit: 'ms/person',
    })),
    {
      name: 'exponent of growth from 1,000 on',
      value: slope(points.filter(({ size }) => size >= 1000)),
      unit: '',
      beside: 'linear is 1',
    },
  ];
}

/** Registrants of Livestorm become prospects by import, and their attendance is written. */
async function cpuMs(people: number): Promise<number> {
  const switches = {
    livestorm: { monthlyLimit: 10_000_000, order: 'stable' as const },
    pardot: { mirrorDelayMs: 0, dailyLimit: 1_000_000 },
  };
  await using stage = await Stage.open({
    switches,
    latencyMs: 0,
    config: (config) => ({
      ...config,
      livestorm: { ...config.livestorm, monthlyBudget: 10_000_000 },
      bulk: { ...config.bulk, pardotImportFrom: 1 },
      flows: { ...config.flows, externalActivities: false },
    }),
  });
  const { livestorm, pardot } = stage.sandbox;
  await stage.minutes(1);
  const startsAtMs = stage.clock.now() + 3 * HOUR;
  const { sessionId } = await stage.linkedWebinar(startsAtMs);
  const emails = Array.from({ length: people }, (_, index) => `person${index}@example.org`);
  for (const email of emails) livestorm.world.registerOnPage(sessionId, { email, firstName: 'Person' });
  const before = process.cpuUsage();
  await stage.minutes((startsAtMs - stage.clock.now()) / MINUTE);
  livestorm.world.startSession(sessionId);
  for (const email of emails) livestorm.world.join(sessionId, email, { durationSeconds: 1800 });
  await stage.minutes(HOUR / MINUTE);
  livestorm.world.endSession(sessionId);
  await stage.minutes(50);
  const { user, system } = process.cpuUsage(before);
  const isWritten = (email: string): boolean =>
    pardot.world.prospectsByEmail(email)[0]?.customFields.Webinar_Duration__c === '1800';
  const written = emails.filter(isWritten).length;
  if (written !== people) throw new Error(`attendance of ${written} of ${people} is written`);
  return (user + system) / 1000;
}
