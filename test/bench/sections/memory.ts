import { DAY, HOUR, MINUTE } from '../../../src/clock.ts';
import type { BenchOptions } from '../bench.ts';
import type { Figure } from '../figures.ts';
import { Lapse } from '../lapse.ts';

const MIB = 2 ** 20;
const SPEED = 10;

/** Resident memory of the program as built, with the flags of the unit. */
export async function memory({ full }: BenchOptions): Promise<Figure[]> {
  const { idle, peak, cpuMs } = await largeSession(10_000);
  const larger = full ? await largeSession(50_000) : null;
  return [
    {
      name: 'resident memory, idle',
      value: idle / MIB,
      unit: 'MiB',
      goal: { id: 'P1', most: 90 },
      beside: 'Node alone: 42 MiB',
    },
    { name: 'peak with 10,000 registrants', value: peak / MIB, unit: 'MiB', goal: { id: 'P1', most: 120 } },
    {
      name: 'processor time with 10,000 registrants',
      value: cpuMs / 10_000,
      unit: 'ms/person',
      beside: 'the vendors take 200 ms for one registration',
    },
    ...(larger ? [{ name: 'peak with 50,000 registrants', value: larger.peak / MIB, unit: 'MiB' }] : []),
  ];
}

/** Many register in Livestorm, half of them come, and everything is carried to Account Engagement by import. */
async function largeSession(people: number): Promise<{ idle: number; peak: number; cpuMs: number }> {
  await using lapse = await Lapse.start({
    speed: SPEED,
    switches: { livestorm: { monthlyLimit: 1_000_000, burstLimit: 100 }, pardot: { mirrorDelayMs: 0 } },
    yaml: (text) =>
      text
        .replace('external_activities: true', 'external_activities: false')
        .replace('monthly_budget: 10000', 'monthly_budget: 1000000'),
  });
  const { livestorm, pardot } = lapse.sandbox;
  const event = livestorm.world.createEvent({ title: 'Large' });
  const startsAtMs = lapse.clock.now() + DAY;
  const { id } = livestorm.world.createSession(event.id, { startsAtMs });
  await lapse.skip(6 * MINUTE);
  await lapse.until('the session is linked', () => pardot.world.lists().length > 0);
  await lapse.pass(3 * MINUTE);
  const { rss: idle, cpuMs: begunMs } = await lapse.holding();

  const emails = Array.from({ length: people }, (_, index) => `person${index}@example.org`);
  for (const email of emails)
    livestorm.world.registerOnPage(id, { email, firstName: 'Person', lastName: 'Example' });
  await lapse.skip(16 * MINUTE);
  await lapse.until('all are prospects', () => pardot.world.prospects().length >= people);
  await lapse.pass(3 * MINUTE);
  await lapse.skip(startsAtMs - lapse.clock.now());
  livestorm.world.startSession(id);
  for (const email of emails.slice(0, people / 2)) livestorm.world.join(id, email, { durationSeconds: 1800 });
  await lapse.skip(HOUR);
  livestorm.world.endSession(id);
  const has = (seconds: string) => (email: string, index: number) => {
    const fields = pardot.world.prospectsByEmail(email)[0]?.customFields;
    return fields?.Webinar_Duration__c === (index < people / 2 ? seconds : '0');
  };
  await lapse.skip(6 * MINUTE);
  await lapse.until('the first figures are written', () => emails.every(has('1620')));
  await lapse.skip(30 * MINUTE);
  await lapse.until('the final figures are written', () => emails.every(has('1800')));
  await lapse.skip(3 * HOUR);
  await lapse.pass(3 * MINUTE);
  await lapse.skip(DAY);
  await lapse.pass(3 * MINUTE);
  const { peak, cpuMs } = await lapse.holding();
  return { idle, peak, cpuMs: cpuMs - begunMs };
}
