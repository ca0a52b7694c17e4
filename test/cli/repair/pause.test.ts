import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../../src/clock.ts';
import { FLOWS } from '../../../src/store/pauses.ts';
import { runCommand } from '../../support/command-line.ts';
import { World } from '../../support/world.ts';

const EMAIL = 'ada@example.org';

function commandsOf(world: World) {
  return (...args: string[]) =>
    runCommand([...args, '--config', join(world.dir, 'config.yaml')], {}, world.clock);
}

test('a paused flow goes on reading and planning, sends nothing, survives a restart, and catches up', async () => {
  await using world = await World.start({ inProcess: true });
  const run = commandsOf(world);
  const { sessionId, formId } = await world.linkedWebinar();
  const paused = await run('pause', 'form_registrations', '--reason', 'wrong texts', '--json');
  assert.equal(paused.code, 0);
  assert.equal(paused.json<{ changed: boolean }>().changed, true);
  world.sandbox.pardot.world.submitForm(formId, { email: EMAIL });
  await world.minutes(3);
  world.restart();
  await world.minutes(3);
  assert.equal(world.store.registrations.get(sessionId, EMAIL)?.outcome, null);
  assert.deepEqual(world.registered(sessionId), []);

  const status = await run('status', '--json');
  const { paused: shown } = status.json<{ paused: { flow: string; waiting: number }[] }>();
  assert.deepEqual(
    shown.map(({ flow, waiting }) => ({ flow, waiting })),
    [{ flow: 'form_registrations', waiting: 1 }],
  );
  assert.match((await run('status')).out, /Paused\n.*form_registrations/s);

  const resumed = await run('resume', 'form_registrations');
  assert.match(resumed.out, /1 person will be registered and get Livestorm's e-mail/);
  await world.minutes(1);
  assert.deepEqual(world.registered(sessionId), [{ email: EMAIL, confirmations: 1 }]);
  assert.deepEqual(
    world.store.decisions
      .latest(9)
      .map(({ action, subject, count, reason }) => [action, subject, count, reason]),
    [
      ['resume', 'form_registrations', 1, null],
      ['pause', 'form_registrations', 0, 'wrong texts'],
    ],
  );
});

test('every flow keeps back what is its own, and everything comes when it is resumed', async () => {
  await using world = await World.start({ inProcess: true });
  world.restart({ flows: { ...world.config.flows, externalActivities: true } });
  const run = commandsOf(world);
  const { sessionId, startsAtMs } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  for (const flow of FLOWS) assert.equal((await run('pause', flow)).code, 0);
  livestorm.world.registerOnPage(sessionId, { email: EMAIL });
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  livestorm.world.join(sessionId, EMAIL, { durationSeconds: 600 });
  await world.skipTo(startsAtMs + HOUR);
  livestorm.world.endSession(sessionId);
  await world.minutes(45);
  assert.deepEqual(pardot.world.prospectsByEmail(EMAIL), []);

  await run('resume', 'registrants');
  await world.minutes(10);
  const prospect = () => pardot.world.prospectsByEmail(EMAIL)[0];
  const types = () => prospect()?.externalActivities.map(({ type }) => type);
  assert.equal(prospect()?.lists.length, 1);
  assert.deepEqual(types(), ['Registered']);
  assert.equal(prospect()?.customFields.Webinar_Attended__c, undefined);

  await run('resume', 'attendance');
  await world.minutes(10);
  assert.ok(types()?.includes('Attended'));
  assert.equal(String(prospect()?.customFields.Webinar_Attended__c), 'true');
});

test('while everything is paused not even a campaign is made', async () => {
  await using world = await World.start({ inProcess: true });
  const run = commandsOf(world);
  assert.equal((await run('pause')).code, 0);
  const event = world.sandbox.livestorm.world.createEvent({ title: 'New' });
  world.sandbox.livestorm.world.createSession(event.id, { startsAtMs: world.clock.now() + HOUR });
  await world.minutes(10);
  assert.deepEqual(world.sandbox.salesforce.world.campaigns(), []);
  const single = await run('resume', 'attendance');
  assert.equal(single.code, 1);
  assert.match(single.error, /everything is paused/);
  assert.equal((await run('resume')).code, 0);
  await world.minutes(3);
  assert.equal(world.sandbox.salesforce.world.campaigns().length, 1);
});

test('resuming asks when many would be mailed, and says who is too late', async () => {
  await using world = await World.start({ inProcess: true });
  const run = commandsOf(world);
  const { formId, sessionId } = await world.linkedWebinar();
  await run('pause', 'form_registrations');
  for (let n = 0; n < 60; n++) world.sandbox.pardot.world.submitForm(formId, { email: `p${n}@example.org` });
  await world.minutes(5);
  const asked = await run('resume');
  assert.equal(asked.code, 3);
  assert.match(asked.out, /60 people will be registered[\s\S]*--yes/);
  assert.equal(world.store.pauses.all().length, 1);
  world.sandbox.livestorm.world.cancelSession(sessionId);
  await world.clock.advance(5 * MINUTE);
  await world.daemon.runOnce({ forced: true });
  const late = await run('resume', '--yes', '--json');
  assert.deepEqual(
    [
      late.code,
      late.json<{ mails: number; too_late: number }>().mails,
      late.json<{ too_late: number }>().too_late,
    ],
    [0, 0, 60],
  );
});

test('what is no flow, and what is not paused, is said', async () => {
  await using world = await World.start({ inProcess: true });
  const run = commandsOf(world);
  for (const [args, message, expected = 1] of [
    [['pause', 'nonsense'], /nonsense is no flow[\s\S]*form_registrations/, 2],
    [['resume', 'replays'], /replays is not paused/],
    [['resume'], /nothing is paused/],
  ] as const) {
    const { code, error } = await run(...args);
    assert.equal(code, expected);
    assert.match(error, message);
  }
});
