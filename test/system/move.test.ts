import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../src/clock.ts';
import { runCommand } from '../support/command-line.ts';
import { type LinkedWebinar, World } from '../support/world.ts';

interface Printed {
  readonly plan: string;
  readonly applied: boolean;
  readonly changed: boolean;
  readonly service_at_work: boolean;
  readonly people: readonly {
    readonly email: string;
    readonly register: boolean;
    readonly wrong_session: string;
    readonly leaves_list: boolean;
  }[];
  readonly left_alone: readonly { readonly email: string; readonly because: string }[];
}

async function move(world: World, wrong: LinkedWebinar, right: { sessionId: string }, ...more: string[]) {
  const { code, out, error } = await runCommand(
    [
      ...['move', '--config', join(world.dir, 'config.yaml'), '--form', String(wrong.formId)],
      ...['--from', wrong.sessionId, '--to', right.sessionId, ...more, '--json'],
    ],
    {},
    world.clock,
  );
  assert.equal(error, '');
  return { code, ...(JSON.parse(out) as Printed) };
}

const emails = (world: World, { sessionId }: { sessionId: string }): string[] =>
  world
    .registered(sessionId)
    .map(({ email }) => email)
    .toSorted();

const listsOf = (world: World, email: string): (number | null | undefined)[] =>
  world.sandbox.pardot.world
    .prospectsByEmail(email)
    .flatMap(({ lists }) => lists.map(({ listId }) => listId));

test('a wrong-session registration is repaired: right session, wrong one left, lists changed, never twice', async () => {
  await using world = await World.start();
  const wrong = await world.linkedWebinar('Wrong');
  const right = await world.linkedWebinar('Right');
  const { livestorm, pardot } = world.sandbox;
  const listId = (webinar: LinkedWebinar) => world.store.links.get(webinar.sessionId)?.listId ?? 0;
  const other = pardot.world.createForm({ name: 'Other form', campaignId: wrong.campaignId });
  for (const name of ['ada', 'bea', 'cy', 'dan']) {
    pardot.world.submitForm(wrong.formId, { email: `${name}@example.org`, firstName: name });
  }
  livestorm.world.registerOnPage(wrong.sessionId, { email: 'eve@example.org' });
  pardot.world.submitForm(wrong.formId, { email: 'eve@example.org' });
  pardot.world.submitForm(other, { email: 'dan@example.org' });
  await world.until('everybody is on the list', () => listsOf(world, 'eve@example.org').length === 1, 40);
  pardot.world.repoint('form', wrong.formId, right.campaignId);
  pardot.world.submitForm(wrong.formId, { email: 'cy@example.org' });
  await world.until('cy is in both', () => emails(world, right).length === 1, 5);
  await world.minutes(20);
  assert.deepEqual(
    emails(world, wrong),
    ['ada', 'bea', 'cy', 'dan'].map((name) => `${name}@example.org`),
  );

  const shown = await move(world, wrong, right);
  assert.equal(shown.code, 3);
  assert.equal(shown.applied, false);
  assert.deepEqual(
    shown.people.map(({ email, register, wrong_session, leaves_list }) => [
      email,
      register,
      wrong_session,
      leaves_list,
    ]),
    [
      ['ada@example.org', true, 'unregister', true],
      ['bea@example.org', true, 'unregister', true],
      ['cy@example.org', false, 'unregister', true],
      ['dan@example.org', true, 'stays', false],
      ['eve@example.org', true, 'stays', false],
    ],
  );
  assert.equal((await move(world, wrong, right)).plan, shown.plan);

  const applied = await move(world, wrong, right, '--apply', shown.plan);
  assert.deepEqual([applied.code, applied.applied, applied.service_at_work], [0, true, true]);
  const again = await move(world, wrong, right, '--apply', shown.plan);
  assert.deepEqual([again.code, again.applied, again.changed, again.people], [0, false, false, []]);
  world.restart();
  await world.minutes(3);
  world.restart();
  await world.minutes(60);

  const everybody = ['ada', 'bea', 'cy', 'dan', 'eve'].map((name) => `${name}@example.org`);
  assert.deepEqual(emails(world, right), everybody);
  assert.ok(world.registered(right.sessionId).every(({ confirmations }) => confirmations === 1));
  assert.deepEqual(emails(world, wrong), ['dan@example.org']);
  assert.ok(livestorm.world.people(wrong.sessionId).some(({ email }) => email === 'eve@example.org'));
  for (const email of everybody.slice(0, 3)) assert.deepEqual(listsOf(world, email), [listId(right)], email);
  for (const email of everybody.slice(3)) {
    assert.deepEqual(listsOf(world, email).toSorted(), [listId(wrong), listId(right)].toSorted(), email);
  }
  assert.equal(world.outcomeOf(wrong.sessionId, 'ada@example.org'), 'moved');
  assert.equal(world.outcomeOf(right.sessionId, 'ada@example.org'), 'registered');
  const done = await move(world, wrong, right);
  assert.deepEqual([done.code, done.people], [0, []]);
  assert.deepEqual(
    world.store.decisions.latest(9).map(({ action, count }) => [action, count]),
    [['move', 5]],
  );
});

test('an address in capitals is taken out of the wrong session, however Livestorm takes it', async () => {
  await using world = await World.start({ switches: { livestorm: { emailCase: 'kept' } } });
  const wrong = await world.linkedWebinar('Wrong');
  const right = await world.linkedWebinar('Right');
  world.sandbox.pardot.world.submitForm(wrong.formId, { email: 'Ada@Example.org' });
  await world.until(
    'registered',
    () => world.outcomeOf(wrong.sessionId, 'ada@example.org') === 'registered',
    5,
  );
  const { plan } = await move(world, wrong, right);
  await move(world, wrong, right, '--apply', plan);
  await world.minutes(10);
  assert.deepEqual([emails(world, wrong), emails(world, right)], [[], ['Ada@Example.org']]);
});

test('a plan that the world has left behind is refused, and nothing is written', async () => {
  await using world = await World.start();
  const wrong = await world.linkedWebinar('Wrong');
  const right = await world.linkedWebinar('Right');
  const { pardot } = world.sandbox;
  pardot.world.submitForm(wrong.formId, { email: 'ada@example.org' });
  await world.minutes(5);
  const { plan } = await move(world, wrong, right);
  pardot.world.submitForm(wrong.formId, { email: 'bea@example.org' });
  await world.minutes(5);
  const effects = world.store.effects.counts();
  const refused = await move(world, wrong, right, '--apply', plan);
  assert.deepEqual([refused.code, refused.changed, refused.people.length], [1, true, 2]);
  assert.deepEqual(world.store.effects.counts(), effects);
  assert.equal(world.outcomeOf(wrong.sessionId, 'ada@example.org'), 'registered');
});

for (const scope of ['session', 'event'] as const) {
  test(`within one event people leave before they are registered, also if Livestorm takes them out of the ${scope}`, async () => {
    await using world = await World.start({ switches: { livestorm: { unregisterScope: scope } } });
    const wrong = await world.linkedWebinar('Series');
    const { livestorm, pardot } = world.sandbox;
    const startsAtMs = world.clock.now() + 30 * HOUR;
    const { id: sessionId } = livestorm.world.createSession(wrong.eventId, { startsAtMs });
    const { id: third } = livestorm.world.createSession(wrong.eventId, { startsAtMs: startsAtMs + HOUR });
    const isLinked = (id: string) => world.store.links.get(id)?.listId != null;
    await world.until('linked', () => isLinked(sessionId) && isLinked(third), 90);
    pardot.world.submitForm(wrong.formId, { email: 'ada@example.org' });
    pardot.world.submitForm(wrong.formId, { email: 'bea@example.org' });
    livestorm.world.registerOnPage(third, { email: 'bea@example.org' });
    await world.minutes(40);
    const { plan, people } = await move(world, wrong, { sessionId });
    assert.deepEqual(
      people.map((person) => person.wrong_session),
      ['unregister', 'by_hand'],
    );
    assert.equal((await move(world, wrong, { sessionId }, '--apply', plan)).code, 3);
    await world.minutes(60);
    assert.deepEqual(
      world
        .registered(sessionId)
        .map(({ email, confirmations }) => [email, confirmations])
        .toSorted(),
      [
        ['ada@example.org', 1],
        ['bea@example.org', 1],
      ],
    );
    assert.deepEqual(emails(world, wrong), ['bea@example.org']);
    assert.ok(livestorm.world.people(third).some(({ email }) => email === 'bea@example.org'));
    // Still in the people list, but not back on the list.
    assert.deepEqual(listsOf(world, 'bea@example.org').length, 2);
    assert.ok(!listsOf(world, 'bea@example.org').includes(world.store.links.get(wrong.sessionId)?.listId));
  });
}

test('a move within one event can be taken back', async () => {
  await using world = await World.start();
  const first = await world.linkedWebinar('Series');
  const { livestorm, pardot } = world.sandbox;
  const startsAtMs = world.clock.now() + 30 * HOUR;
  const { id: sessionId } = livestorm.world.createSession(first.eventId, { startsAtMs });
  await world.until('linked', () => world.store.links.get(sessionId)?.listId != null, 90);
  pardot.world.submitForm(first.formId, { email: 'ada@example.org' });
  await world.minutes(10);
  const there = await move(world, first, { sessionId });
  await move(world, first, { sessionId }, '--apply', there.plan);
  await world.minutes(10);
  assert.deepEqual(
    [first, { sessionId }].map((session) => emails(world, session)),
    [[], ['ada@example.org']],
  );
  const back = await move(world, { ...first, sessionId }, first);
  await move(world, { ...first, sessionId }, first, '--apply', back.plan);
  await world.minutes(10);
  assert.deepEqual(
    [first, { sessionId }].map((session) => emails(world, session)),
    [['ada@example.org'], []],
  );
});

test('lost answers while people are moved: everybody is there once in the end', async () => {
  await using world = await World.start();
  const wrong = await world.linkedWebinar('Wrong');
  const right = await world.linkedWebinar('Right');
  const { pardot } = world.sandbox;
  for (const name of ['ada', 'bea']) pardot.world.submitForm(wrong.formId, { email: `${name}@example.org` });
  await world.minutes(10);
  const { plan } = await move(world, wrong, right);
  await move(world, wrong, right, '--apply', plan);
  for (const match of [/^DELETE .*people/, /^POST .*people/]) {
    world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'reset_after', match, times: 2 });
  }
  for (let round = 0; round < 10; round++) {
    await world.minutes(1);
    world.restart();
  }
  await world.minutes(20);
  assert.deepEqual(emails(world, wrong), []);
  assert.deepEqual(
    world.registered(right.sessionId).map(({ confirmations }) => confirmations),
    [1, 1],
  );
});

test('who is still on the way waits; who submits for the wrong session again on purpose is let in', async () => {
  await using world = await World.start();
  const wrong = await world.linkedWebinar('Wrong');
  const right = await world.linkedWebinar('Right');
  const { pardot } = world.sandbox;
  const other = pardot.world.createForm({ name: 'Other', campaignId: wrong.campaignId });
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'html_500_before', match: /^POST .*people/ });
  pardot.world.submitForm(wrong.formId, { email: 'ada@example.org' });
  await world.minutes(3);
  const early = await move(world, wrong, right);
  assert.deepEqual([early.code, early.people], [3, []]);
  assert.deepEqual(early.left_alone, [{ email: 'ada@example.org', because: 'on_its_way' }]);
  world.sandbox.faults.clear();
  await world.until('registered', () => emails(world, wrong).length === 1, 40);
  const { plan } = await move(world, wrong, right);
  await move(world, wrong, right, '--apply', plan);
  await world.minutes(10);
  assert.deepEqual(emails(world, wrong), []);
  pardot.world.submitForm(other, { email: 'ada@example.org' });
  await world.minutes(10);
  assert.deepEqual(emails(world, wrong), ['ada@example.org']);
  assert.deepEqual((await move(world, wrong, right)).people, []);
});

test('a session that is over keeps its people: they are only registered in the right one, and lose the list', async () => {
  await using world = await World.start();
  const wrong = await world.linkedWebinar('Wrong');
  const { livestorm, pardot } = world.sandbox;
  for (const name of ['ada', 'bea']) pardot.world.submitForm(wrong.formId, { email: `${name}@example.org` });
  await world.minutes(10);
  await world.skipTo(wrong.startsAtMs);
  livestorm.world.startSession(wrong.sessionId);
  livestorm.world.join(wrong.sessionId, 'ada@example.org', { durationSeconds: 600 });
  await world.skipTo(wrong.startsAtMs + HOUR);
  livestorm.world.endSession(wrong.sessionId);
  for (const wait of [6 * MINUTE, 30 * MINUTE]) await world.skipTo(world.clock.now() + wait);
  const right = await world.linkedWebinar('Right');
  pardot.world.submitForm(wrong.formId, { email: 'late@example.org' });
  await world.minutes(5);
  const { plan, people } = await move(world, wrong, right);
  assert.deepEqual(
    people.map(({ email, wrong_session }) => [email, wrong_session]),
    [
      ['ada@example.org', 'stays'],
      ['bea@example.org', 'over'],
      ['late@example.org', 'not_there'],
    ],
  );
  await move(world, wrong, right, '--apply', plan);
  await world.minutes(20);
  assert.equal(emails(world, right).length, 3);
  assert.equal(emails(world, wrong).length, 2);
  const listId = world.store.links.get(wrong.sessionId)?.listId;
  assert.ok(listsOf(world, 'ada@example.org').includes(listId));
  assert.ok(!listsOf(world, 'bea@example.org').includes(listId));
});

test('the call that carries a plan out names the configuration only where this one did', async () => {
  await using world = await World.start();
  const wrong = await world.linkedWebinar('Wrong');
  const right = await world.linkedWebinar('Right');
  world.sandbox.pardot.world.submitForm(wrong.formId, { email: 'ada@example.org' });
  await world.minutes(5);
  const config = join(world.dir, 'config.yaml');
  const call = ['--form', String(wrong.formId), '--from', wrong.sessionId, '--to', right.sessionId];
  const usual = await runCommand(['move', ...call], { LIVESTORM_PARDOT_CONFIG: config }, world.clock);
  assert.match(usual.out, new RegExp(`  livestorm-pardot move ${call.join(' ')} --apply `));
  const named = await runCommand(['move', '--config', config, ...call], {}, world.clock);
  assert.match(
    named.out,
    new RegExp(`  livestorm-pardot move --config ${config} ${call.join(' ')} --apply `),
  );
});

test('a call that cannot be meant ends with 2 or 1 and says what there is', async () => {
  await using world = await World.start();
  const wrong = await world.linkedWebinar('Wrong');
  world.sandbox.pardot.world.submitForm(wrong.formId, { email: 'ada@example.org' });
  await world.minutes(5);
  const call = async (...args: string[]) =>
    await runCommand(['move', '--config', join(world.dir, 'config.yaml'), ...args], {}, world.clock);
  const { sessionId, formId } = wrong;
  const cases: [string[], RegExp][] = [
    [['--from', sessionId, '--to', 'x'], /give one of --form/],
    [
      ['--form', '999', '--from', sessionId, '--to', 'x'],
      new RegExp(`no submission of form 999 was seen; there are\n {2}${formId} {2}Wrong form`),
    ],
    [
      ['--form', 'Wrong form', '--from', sessionId, '--to', 'x'],
      new RegExp(`no linked session x; there are\n {2}${sessionId}`),
    ],
    [['--form', 'Wrong form', '--from', sessionId, '--to', sessionId], /the same session/],
  ];
  for (const [args, message] of cases) {
    const { code, error } = await call(...args);
    assert.equal(code, 2);
    assert.match(error, message);
  }
  const right = await world.linkedWebinar('Right');
  world.sandbox.livestorm.world.cancelSession(right.sessionId);
  await world.minutes(30);
  const closed = await call('--form', 'Wrong form', '--from', sessionId, '--to', right.sessionId);
  assert.equal(closed.code, 1);
  assert.match(closed.error, /nobody can be moved to Right.*the session is canceled/);
});

test('whoever is held stays held, for the right session; a switched-off flow moves nobody', async () => {
  await using world = await World.start();
  const burstHold = { submissions: 3, minutes: 10 };
  world.restart({ safety: { ...world.config.safety, burstHold } });
  const wrong = await world.linkedWebinar('Wrong');
  const right = await world.linkedWebinar('Right');
  for (const name of ['ada', 'bea', 'cy', 'dan']) {
    world.sandbox.pardot.world.submitForm(wrong.formId, { email: `${name}@example.org` });
  }
  await world.minutes(4);
  const { plan } = await move(world, wrong, right);
  assert.equal((await move(world, wrong, right, '--apply', plan)).people.length, 4);
  await world.minutes(4);
  assert.deepEqual([...emails(world, wrong), ...emails(world, right)], []);
  const config = join(world.dir, 'config.yaml');
  const released = await runCommand(
    ['held', 'release', '--session', right.sessionId, '--config', config],
    {},
    world.clock,
  );
  assert.match(released.out, /4 people released/);
  await world.minutes(4);
  assert.deepEqual([emails(world, wrong).length, emails(world, right).length], [0, 4]);
});

test('a move in the wrong direction is taken back, and one to a third session goes on from there', async () => {
  // Livestorm takes everybody as often as they are sent.
  await using world = await World.start({ switches: { livestorm: { duplicate: 201 } } });
  const [first, second, third] = [
    await world.linkedWebinar('First'),
    await world.linkedWebinar('Second'),
    await world.linkedWebinar('Third'),
  ];
  world.sandbox.pardot.world.submitForm(first.formId, { email: 'ada@example.org' });
  await world.minutes(4);
  const inEach = () => [first, second, third].map((webinar) => emails(world, webinar).length);
  const form = { ...first };
  const moved = async (from: LinkedWebinar, to: LinkedWebinar): Promise<void> => {
    const wrong = { ...from, formId: form.formId };
    const { plan } = await move(world, wrong, to);
    assert.equal((await move(world, wrong, to, '--apply', plan)).people.length, 1);
  };
  await moved(first, second);
  await moved(second, first);
  await world.minutes(4);
  assert.deepEqual(inEach(), [1, 0, 0]);
  assert.deepEqual(world.registered(first.sessionId), [{ email: 'ada@example.org', confirmations: 1 }]);
  await moved(first, second);
  await world.minutes(4);
  await moved(second, third);
  await world.minutes(4);
  assert.deepEqual(inEach(), [0, 0, 1]);
  assert.equal((await move(world, first, second)).people.length, 0);
});
