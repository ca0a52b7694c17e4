/**
 * One session with many registrants from Livestorm, half of whom attend: the daemon in a process of its own against
 * the sandbox in this one, at the vendors' real rates, time skipping ahead in between. Prints what it cost as JSON.
 *
 *   npm run large-session -- 5000
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WarpClock } from '../../src/cli/demo/warp-clock.ts';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Order, Report } from './large-session-daemon.ts';

const people = Number(process.argv[2] ?? 5000);
const clock = new WarpClock();
await using sandbox = await Sandbox.start({
  clock,
  switches: { livestorm: { monthlyLimit: 1_000_000 }, pardot: { mirrorDelayMs: 0 } },
});
const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-large-'));
const yaml = await sandbox.writeConfig(dir);
writeFileSync(
  yaml,
  readFileSync(yaml, 'utf8').replace('external_activities: true', 'external_activities: false'),
);
const child = fork(fileURLToPath(new URL('./large-session-daemon.ts', import.meta.url)), [yaml], {
  execArgv: ['--import', 'tsx', '--max-semi-space-size=1'],
});
await once(child, 'message');

let last: Report = { failures: [], peakMiB: 0, open: 0 };
async function round(skipMs: number): Promise<Report> {
  clock.skip(skipMs);
  child.send({ skipMs } satisfies Order);
  [last] = (await once(child, 'message')) as [Report];
  for (const failure of last.failures) process.stderr.write(`${failure}\n`);
  return last;
}

async function rounds(what: string, isDone: () => boolean): Promise<void> {
  for (let minute = 0; minute < 120 && !isDone(); minute++) await round(MINUTE);
  if (!isDone()) throw new Error(`not done within two hours: ${what}`);
  process.stderr.write(`${what}: peak ${last.peakMiB} MiB\n`);
}

const calls = () => ({
  livestorm: sandbox.log.total('livestorm'),
  pardot: sandbox.log.total('pardot'),
  salesforce: sandbox.log.total('salesforce'),
});
const perPerson = (before: ReturnType<typeof calls>) =>
  Object.fromEntries(
    Object.entries(calls()).map(([vendor, count]) => [
      vendor,
      Number(((count - before[vendor as keyof typeof before]) / people).toFixed(4)),
    ]),
  );

await round(0);
const { livestorm, pardot } = sandbox;
const event = livestorm.world.createEvent({ title: 'Large' });
const startsAtMs = clock.now() + 4 * HOUR;
const session = livestorm.world.createSession(event.id, { startsAtMs });
await rounds('linked', () => pardot.world.lists().length === 1);

const emails = Array.from({ length: people }, (_, index) => `person${index}@example.org`);
for (const email of emails) livestorm.world.registerOnPage(session.id, { email, firstName: 'Person' });
const beforeRegistrants = calls();
await rounds('all are prospects on the list', () =>
  emails.every((email) => pardot.world.prospectsByEmail(email)[0]?.lists.length === 1),
);
await rounds('nothing is open', () => last.open === 0);
const registering = perPerson(beforeRegistrants);

await round(startsAtMs - clock.now());
livestorm.world.startSession(session.id);
for (const email of emails.slice(0, people / 2))
  livestorm.world.join(session.id, email, { durationSeconds: 1800 });
await round(HOUR);
livestorm.world.endSession(session.id);
const beforeAttendance = calls();
for (const waitMs of [6 * MINUTE, 30 * MINUTE, 3 * HOUR, DAY]) {
  await round(waitMs);
  await rounds('attendance of this reading is written', () => last.open === 0);
}
const right = emails.filter((email, index) => {
  const { Webinar_Attended__c: attended } = pardot.world.prospectsByEmail(email)[0]?.customFields ?? {};
  return attended === String(index < people / 2);
});
child.disconnect();
rmSync(dir, { recursive: true, force: true });
const report = {
  people,
  prospects: pardot.world.prospects().length,
  attendanceRight: right.length,
  callsPerPerson: { registering, attendance: perPerson(beforeAttendance) },
  daemonPeakMiB: last.peakMiB,
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
