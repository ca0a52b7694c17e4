import { DAY, HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { Random } from '../../../src/sandbox/kernel/clock.ts';
import { type Figure, percentile } from '../figures.ts';
import { Stage } from '../stage.ts';

const PEOPLE = 600;
const SPAN = 6 * HOUR;
const HOSTED = 'hosted connector: up to 600 s (vendor’s article)';

/** Form submitted → registered in Livestorm: people new to Pardot, each alone, reads lagging 0 to 60 s. */
export async function latency(): Promise<Figure[]> {
  await using stage = await Stage.open({ switches: { pardot: { readLagMs: { min: 0, max: MINUTE } } } });
  stage.daemon.start();
  const { sessionId, formId } = await stage.linkedWebinar(stage.clock.now() + 5 * DAY);
  const random = new Random(7);
  const startMs = stage.clock.now();
  const times = Array.from({ length: PEOPLE }, () => startMs + random.next() * SPAN).sort((a, b) => a - b);
  const submittedAtMs = new Map<string, number>();
  for (const [index, atMs] of times.entries()) {
    await stage.runTo(atMs);
    const email = `person${index}@example.org`;
    stage.sandbox.pardot.world.submitForm(formId, { email, firstName: 'Person', lastName: String(index) });
    submittedAtMs.set(email, stage.clock.now());
  }
  await stage.runTo(stage.clock.now() + 10 * MINUTE);
  const seconds = stage.sandbox.livestorm.world.people(sessionId).flatMap(({ email, registeredAtMs }) => {
    const atMs = submittedAtMs.get(email);
    return atMs === undefined ? [] : [(registeredAtMs - atMs) / SECOND];
  });
  if (seconds.length !== PEOPLE) throw new Error(`${seconds.length} of ${PEOPLE} were registered`);
  const of = (share: number): number => percentile(seconds, share);
  return [
    {
      name: 'form to registration, p50',
      value: of(0.5),
      unit: 's',
      goal: { id: 'L1', most: 65 },
      beside: HOSTED,
    },
    {
      name: 'form to registration, p95',
      value: of(0.95),
      unit: 's',
      goal: { id: 'L1', most: 110 },
      beside: HOSTED,
    },
    {
      name: 'form to registration, longest',
      value: of(1),
      unit: 's',
      beside: 'of it up to 60 s read lag of Account Engagement',
    },
  ];
}
