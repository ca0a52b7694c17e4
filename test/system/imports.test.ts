import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../src/clock.ts';
import type { PardotSwitches } from '../../src/sandbox/pardot/switches.ts';
import type { EffectKind } from '../../src/store/effects.ts';
import { type LinkedWebinar, World } from '../support/world.ts';

const PEOPLE = 300;
const people = Array.from({ length: PEOPLE }, (_, index) => `person${index}@example.org`);

async function start(options: Parameters<typeof World.start>[0] = {}): Promise<World> {
  const world = await World.start(options);
  world.restart({ bulk: { ...world.config.bulk, pardotImportFrom: 50 } });
  return world;
}

/** Everybody registers on the page between two polls. */
function registerAll(world: World, { sessionId }: LinkedWebinar): void {
  for (const [index, email] of people.entries()) {
    world.sandbox.livestorm.world.registerOnPage(sessionId, {
      email,
      firstName: `First "${index}", ä`,
      lastName: `Last${index}`,
    });
  }
}

const open = (world: World, kind: EffectKind): number =>
  world.store.effects.open().filter((effect) => effect.kind === kind).length;

const isDone = (world: World, kind: EffectKind): boolean =>
  world.store.effects.all(kind).length > 0 && open(world, kind) === 0;

/** Requests to Pardot that concern people: no polling of campaigns and submissions. */
function peopleCalls(world: World): string[] {
  return world.sandbox.log
    .entries()
    .filter(({ vendor, path }) => vendor === 'pardot' && /imports|prospects|list-memberships/.test(path))
    .map(({ method, path }) => `${method} ${path}`);
}

/** Every person: one live prospect with the campaign, once on the list. */
function assertAllThere(world: World, { sessionId, campaignId }: LinkedWebinar): void {
  const listId = world.store.links.get(sessionId)?.listId;
  for (const email of people) {
    const [prospect, ...others] = world.sandbox.pardot.world.prospectsByEmail(email);
    assert.deepEqual(others, [], `${email} is there once`);
    assert.equal(prospect?.campaignId, campaignId);
    assert.deepEqual(
      prospect?.lists.map((list) => list.listId),
      [listId],
    );
    const known = world.store.sessionProspects.get(sessionId, email);
    assert.equal(known?.prospectId, prospect?.id);
  }
  assert.deepEqual(world.failures, []);
}

/** The session takes place: everybody with an even number attends. */
async function hold(world: World, { sessionId, startsAtMs }: LinkedWebinar): Promise<void> {
  const { livestorm } = world.sandbox;
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  for (const [index, email] of people.entries()) {
    if (index % 2 === 0) livestorm.world.join(sessionId, email, { durationSeconds: 900 + index });
  }
  await world.skipTo(startsAtMs + HOUR);
  livestorm.world.endSession(sessionId);
}

function assertAttendanceWritten(world: World, isExpected: (email: string) => boolean = () => true): void {
  for (const [index, email] of people.entries()) {
    if (!isExpected(email)) continue;
    const [prospect] = world.sandbox.pardot.world.prospectsByEmail(email);
    assert.equal(prospect?.customFields.Webinar_Attended__c, String(index % 2 === 0), email);
    if (index % 2 === 0) {
      assert.equal(String(prospect?.customFields.Webinar_Duration__c), String(900 + index), email);
    }
  }
}

test('a large session goes to Pardot in a few calls: prospects, list and attendance', async () => {
  await using world = await start();
  const webinar = await world.linkedWebinar();
  registerAll(world, webinar);
  world.sandbox.log.clear();
  await world.until('everybody is on the list', () => isDone(world, 'prospect'), 30);
  assertAllThere(world, webinar);
  const [first] = world.sandbox.pardot.world.prospectsByEmail('person7@example.org');
  assert.equal(first?.fields.firstName, 'First "7", ä');
  const registering = peopleCalls(world);
  assert.ok(registering.length <= PEOPLE * 0.05, registering.join('\n'));
  assert.ok(isDone(world, 'list_membership'));

  world.sandbox.log.clear();
  await hold(world, webinar);
  for (const wait of [6 * MINUTE, 30 * MINUTE, 3 * HOUR]) await world.skipTo(world.clock.now() + wait);
  await world.until('attendance is written', () => isDone(world, 'prospect_fields'), 60);
  assertAttendanceWritten(world);
  const attending = peopleCalls(world);
  assert.ok(attending.length <= PEOPLE * 0.05, attending.join('\n'));
  assertAllThere(world, webinar);
});

test('lost answers at every step, and a restart after every round: everybody once, all the same', async () => {
  await using world = await start();
  const webinar = await world.linkedWebinar();
  const { faults } = world.sandbox;
  const steps = [
    /^POST .*\/imports$/,
    /^POST .*\/batches$/,
    /^PATCH .*\/imports\/\d+$/,
    /^GET .*\/imports\/\d+$/,
    /^GET .*\/list-memberships$/,
  ];
  for (const match of steps) faults.arm({ vendor: 'pardot', kind: 'reset_after', match, times: 1 });
  registerAll(world, webinar);
  world.sandbox.log.clear();
  for (let round = 0; round < 40 && !isDone(world, 'prospect'); round++) {
    world.restart();
    await world.minutes();
  }
  assertAllThere(world, webinar);
  assert.ok(
    faults.list().every(({ hits }) => hits === 1),
    'every fault was met',
  );
  assert.ok(peopleCalls(world).length <= PEOPLE * 0.1);
  const submitted = peopleCalls(world).filter((call) => /^PATCH .*imports/.test(call));
  assert.equal(new Set(submitted).size, 1, 'no second import ran beside the first');
  const batches = peopleCalls(world).filter((call) => /batches$/.test(call));
  assert.equal(batches.length, 2);
  assert.equal(new Set(batches).size, 2, 'no import got its batch twice');
});

test('rows that are refused end as single calls end; who was there before keeps campaign and names', async () => {
  await using world = await start();
  const { pardot, livestorm } = world.sandbox;
  const old = pardot.world.createCampaign({ name: 'old' });
  const known = pardot.world.createProspect({
    email: 'person1@example.org',
    firstName: 'Kept',
    campaignId: old,
  });
  const binned = pardot.world.createProspect({ email: 'person2@example.org', campaignId: old });
  pardot.world.deleteProspect(binned);
  const webinar = await world.linkedWebinar();
  registerAll(world, webinar);
  livestorm.world.registerOnPage(webinar.sessionId, { email: `${'x'.repeat(250)}@example.org` });
  await world.until(
    'everybody has an end',
    () => isDone(world, 'prospect_import') && open(world, 'prospect') === 1,
  );
  await world.minutes(10);

  const prospect = pardot.world.prospect(known);
  assert.deepEqual([prospect?.campaignId, prospect?.fields.firstName], [old, 'Kept']);
  assert.equal(prospect?.fields.lastName, 'Last1', 'what was empty is filled');
  assert.equal(prospect?.lists.length, 1);
  assert.equal(pardot.world.prospect(binned)?.isDeleted, true);
  const ends = new Map(
    world.store.effects
      .all('prospect')
      .map(({ emailKey, state, reason }) => [emailKey, `${state} ${reason}`]),
  );
  assert.equal(ends.get('person2@example.org'), 'skipped prospect_deleted');
  assert.equal(ends.get(`${'x'.repeat(250)}@example.org`), 'dead dead');
  assert.equal([...ends.values()].filter((end) => end === 'done null').length, PEOPLE - 1);
});

const FAILURES: readonly [string, Partial<PardotSwitches>][] = [
  ['the import fails', { importEnd: 'failed' }],
  ['the API user may not import', { deniedAbilities: ['Prospect > Prospects > Import'] }],
  ['the batches of the day are used up', { importBatchesPerDay: 0 }],
];
for (const [what, switches] of FAILURES) {
  test(`${what}: single calls do it`, async () => {
    await using world = await start({ switches: { pardot: switches } });
    const webinar = await world.linkedWebinar();
    for (const email of people.slice(0, 60)) {
      world.sandbox.livestorm.world.registerOnPage(webinar.sessionId, { email });
    }
    await world.until('everybody is on the list', () => isDone(world, 'list_membership'), 40);
    for (const email of people.slice(0, 60)) {
      const [prospect, ...others] = world.sandbox.pardot.world.prospectsByEmail(email);
      assert.deepEqual([others.length, prospect?.lists.length], [0, 1]);
    }
    assert.equal(world.store.effects.all('prospect_import').length, 1, 'no second import is tried for them');
  });
}

for (const switches of [
  { importParts: 'importFile', importFieldKey: 'name', importFieldsCoverAll: true, importBatchStatus: 201 },
  { importParts: 'file', importFieldKey: 'field', importRefs: 'path', importErrorColumn: 'message' },
  { readLagMs: { min: 60_000, max: 60_000 }, importDurationMs: 1000, importOverwriteOff: 'fills_empty' },
  { importDurationMs: 40 * MINUTE, ampsea: false },
] as const) {
  test(`however imports are: ${JSON.stringify(switches)}`, async () => {
    await using world = await start({ switches: { pardot: switches } });
    const webinar = await world.linkedWebinar();
    registerAll(world, webinar);
    world.sandbox.log.clear();
    await world.until('everybody is on the list', () => isDone(world, 'prospect'), 60);
    assertAllThere(world, webinar);
    assert.ok(peopleCalls(world).length <= PEOPLE * 0.05);
  });
}

test('two sessions with the same people at once: one prospect each, on both lists', async () => {
  await using world = await start();
  const first = await world.linkedWebinar('First');
  const second = await world.linkedWebinar('Second');
  registerAll(world, first);
  registerAll(world, second);
  await world.until(
    'everybody is known',
    () => isDone(world, 'prospect') && isDone(world, 'list_membership'),
    40,
  );
  await world.minutes(10);
  for (const email of people) {
    const [prospect, ...others] = world.sandbox.pardot.world.prospectsByEmail(email);
    assert.deepEqual(others, []);
    assert.equal(prospect?.lists.length, 2);
  }
});

test('attendance by import: lost answers and restarts write it all the same; nobody is revived', async () => {
  await using world = await start();
  const { faults, pardot } = world.sandbox;
  const webinar = await world.linkedWebinar();
  registerAll(world, webinar);
  await world.until('everybody is on the list', () => isDone(world, 'prospect'), 30);
  const binned = world.store.sessionProspects.get(webinar.sessionId, 'person2@example.org')?.prospectId ?? 0;
  pardot.world.deleteProspect(binned);
  const steps = [/^POST .*\/imports$/, /^POST .*\/batches$/, /^PATCH .*\/imports\/\d+$/, /^GET .*\/errors$/];
  for (const match of steps) faults.arm({ vendor: 'pardot', kind: 'reset_after', match, times: 1 });
  world.sandbox.log.clear();
  await hold(world, webinar);
  for (let hour = 0; hour < 5; hour++) {
    await world.skipTo(world.clock.now() + HOUR);
    world.restart();
    await world.minutes(8);
  }
  assert.ok(isDone(world, 'prospect_fields'));
  assertAttendanceWritten(world, (email) => email !== 'person2@example.org');
  const prospect = pardot.world.prospect(binned);
  assert.deepEqual([prospect?.isDeleted, prospect?.customFields.Webinar_Attended__c ?? null], [true, null]);
  const ends = world.store.effects.all('prospect_fields').filter(({ prospectId }) => prospectId === binned);
  assert.ok(ends.some(({ state, reason }) => state === 'skipped' && reason === 'prospect_deleted'));
  assert.ok(
    faults.list().every(({ hits }) => hits === 1),
    'every fault was met',
  );
  assert.ok(peopleCalls(world).length <= PEOPLE * 0.1);
});

test('people who registered through a form go on the list by import', async () => {
  await using world = await start();
  const webinar = await world.linkedWebinar();
  const emails = people.slice(0, 60);
  for (const email of emails) world.sandbox.pardot.world.submitForm(webinar.formId, { email });
  world.sandbox.log.clear();
  await world.until('all are on the list', () => isDone(world, 'list_membership'), 60);
  for (const email of emails) {
    assert.equal(world.sandbox.pardot.world.prospectsByEmail(email)[0]?.lists.length, 1);
  }
  assert.ok(world.store.effects.all('membership_import').length > 0);
});
