import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DAY } from '../../../src/clock.ts';
import { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { Program, runProgram } from '../../support/program.ts';
import { type Figure, median } from '../figures.ts';
import { unitFlags } from '../lapse.ts';

const RUNS = 7;
/** More than a run registers before it is stopped, few enough to be registered afterwards at five a second. */
const PEOPLE = 12;

/** Start to ready, and a stop in the middle of a burst, of the program as built. */
export async function program(): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-program-'));
  await using sandbox = await Sandbox.start({
    latencyMs: 200,
    switches: {
      livestorm: { monthlyLimit: 1_000_000 },
      pardot: { mirrorDelayMs: 0, readLagMs: { min: 0, max: 0 } },
    },
  });
  const config = await sandbox.writeConfig(dir);
  const once = () => runProgram(['run', '--once', '--config', config]);
  await once();
  const { livestorm, pardot } = sandbox;
  const event = livestorm.world.createEvent({ title: 'Webinar' });
  const session = livestorm.world.createSession(event.id, { startsAtMs: Date.now() + DAY });
  await once();
  const campaignId = pardot.world.campaigns().find(({ name }) => name.startsWith('Webinar'))?.id ?? 0;
  const formId = pardot.world.createForm({ name: 'Form', campaignId });
  const registered = () =>
    livestorm.world.people(session.id).filter(({ registeredBy }) => registeredBy === 'api');
  const starts: number[] = [];
  const stops: number[] = [];
  let submitted = 0;
  for (let run = 0; run < RUNS; run++) {
    for (let count = 0; count < PEOPLE; count++) {
      pardot.world.submitForm(formId, { email: `person${submitted++}@example.org`, firstName: 'Person' });
    }
    const before = registered().length;
    const spawnedAt = performance.now();
    await using running = new Program(['run', '--config', config], {}, unitFlags());
    await running.says('"started"');
    starts.push(performance.now() - spawnedAt);
    for (let waits = 0; registered().length < before + 3; waits++) {
      if (waits > 1000) throw new Error('nobody was registered within 20 s');
      await delay(20);
    }
    const toldAt = performance.now();
    running.kill('SIGTERM');
    const { code } = await running.ended();
    stops.push(performance.now() - toldAt);
    if (code !== 0) throw new Error(`ended with ${code}`);
  }
  // What was stopped in the middle goes on: nobody is lost, nobody mailed twice.
  for (let pass = 0; pass < 10 && registered().length < submitted; pass++) await once();
  const people = registered();
  const lost = submitted - people.length;
  const doubled = people.filter(({ confirmationsSent }) => confirmationsSent > 1).length;
  rmSync(dir, { recursive: true, force: true });
  return [
    { name: 'start to ready', value: median(starts), unit: 'ms', goal: { id: 'P2', most: 500 } },
    {
      name: 'stop in the middle of a burst',
      value: median(stops),
      unit: 'ms',
      goal: { id: 'P2', most: 1000 },
      beside: 'answers take 200 ms here',
    },
    { name: 'lost or doubled by that', value: lost + doubled, unit: '', goal: { id: 'P2', most: 0 } },
  ];
}
