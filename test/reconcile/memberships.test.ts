import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../src/clock.ts';
import type { RefusedError } from '../../src/errors.ts';
import { START } from '../support/builders.ts';
import { ANA, lost, refused, setUp } from './people-reconciler.ts';

test('a member already is a success; an answer that was lost is asked for again', async (t) => {
  for (const first of [refused(400, 58), lost]) {
    const { clock, errors, know, run, taken, membership } = setUp(t);
    know(ANA, 501);
    errors.add.push(first, refused(400, 58));
    await run();
    await clock.advance(MINUTE);
    await run();
    assert.equal(membership(501)?.state, 'done');
    assert.deepEqual(taken(), first === lost ? ['add 900/501', 'add 900/501'] : ['add 900/501']);
  }
});

test('a prospect that is gone is skipped with its reason: at once when deleted, else when it cannot be just new', async (t) => {
  const cases: [RefusedError, number][] = [
    [refused(400, 219), 1],
    [refused(404, 109), 8],
    [refused(400, 3), 8],
    [refused(404), 8],
  ];
  for (const [error, attempts] of cases) {
    const { clock, errors, know, run, taken, membership } = setUp(t);
    know(ANA, 501);
    errors.add.push(...Array.from({ length: attempts }, () => error));
    await run();
    const name = `${error.status} ${error.code}`;
    const isSkippedAtOnce = membership(501)?.state === 'skipped';
    assert.equal(isSkippedAtOnce, attempts === 1, name);
    let waitedMs = 0;
    while (membership(501)?.state === 'pending') {
      waitedMs = (membership(501)?.nextAttemptAtMs ?? 0) - START;
      await clock.advance(waitedMs - (clock.now() - START));
      await run();
    }
    assert.partialDeepStrictEqual(membership(501), { state: 'skipped', reason: 'prospect_deleted' }, name);
    assert.equal(taken().length, attempts, name);
    if (attempts > 1) assert.ok(waitedMs > MINUTE, `${name}: reads may lag a minute`);
  }
  const { errors, know, run, membership } = setUp(t);
  know(ANA, 501);
  errors.add.push(refused(400, 55));
  await run();
  assert.equal(membership(501)?.state, 'dead', 'a list that is gone is for an admin');
});

test('who was unregistered leaves the list only if configured, and is added again when they come back', async (t) => {
  for (const removeUnregistered of [false, true]) {
    const { clock, store, observe, run, taken } = setUp(t, { removeUnregistered });
    observe(ANA);
    await run();
    taken();
    for (let round = 0; round < 2; round++) {
      await clock.advance(MINUTE);
      store.registrants.observeGone('session-1', [ANA], clock.now());
      await run();
      await clock.advance(MINUTE);
      observe(ANA);
      await run();
      assert.deepEqual(taken(), removeUnregistered ? ['remove 900/801', 'add 900/801'] : []);
    }
  }
});

test('who comes back before they were removed is on the list in the end', async (t) => {
  for (const first of [lost, refused(404)]) {
    const { clock, store, errors, observe, run, taken } = setUp(t, { removeUnregistered: true });
    observe(ANA);
    await run();
    taken();
    errors.remove.push(first);
    await clock.advance(MINUTE);
    store.registrants.observeGone('session-1', [ANA], clock.now());
    await run();
    await clock.advance(MINUTE);
    observe(ANA);
    await run();
    await clock.advance(MINUTE);
    await run();
    assert.equal(taken().at(-1), 'add 900/801');
  }
});

test('who is in the session under another address stays on the list', async (t) => {
  const { clock, store, observe, know, run, taken } = setUp(t, { removeUnregistered: true });
  for (const email of [ANA, 'moved@example.com']) {
    know(email, 501);
    observe(email);
  }
  await run();
  assert.deepEqual(taken(), ['add 900/501']);
  await clock.advance(MINUTE);
  store.registrants.observeGone('session-1', [ANA], clock.now());
  await run();
  assert.deepEqual(taken(), []);
  await clock.advance(MINUTE);
  store.registrants.observeGone('session-1', ['moved@example.com'], clock.now());
  await run();
  assert.deepEqual(taken(), ['remove 900/501']);
});

test('who comes back under another address while they are removed is on the list in the end', async (t) => {
  const { clock, store, errors, observe, know, run, taken } = setUp(t, { removeUnregistered: true });
  know(ANA, 501);
  observe(ANA);
  await run();
  errors.remove.push(lost, lost, lost);
  await clock.advance(MINUTE);
  store.registrants.observeGone('session-1', [ANA], clock.now());
  await run();
  await clock.advance(MINUTE);
  know('moved@example.com', 501);
  observe('moved@example.com');
  taken();
  for (let round = 0; round < 5; round++) {
    await run();
    await clock.advance(MINUTE);
  }
  const removals = ['remove 900/501', 'remove 900/501', 'remove 900/501'];
  assert.deepEqual(
    taken(),
    [...removals, 'add 900/501'],
    'they were planned before the removal went through',
  );
});

test('who leaves while they wait to be put on the list is not on it in the end', async (t) => {
  const { clock, store, errors, observe, know, run, taken } = setUp(t, { removeUnregistered: true });
  know(ANA, 501);
  observe(ANA);
  errors.add.push(lost);
  errors.remove.push(lost);
  await run();
  store.registrants.observeGone('session-1', [ANA], clock.now());
  await run();
  assert.deepEqual(taken(), ['add 900/501', 'remove 900/501']);
  for (let round = 0; round < 5; round++) {
    await clock.advance(MINUTE);
    await run();
  }
  assert.deepEqual(taken(), ['remove 900/501']);
  observe(ANA);
  await run();
  assert.deepEqual(taken(), ['add 900/501'], 'they are back');
});
