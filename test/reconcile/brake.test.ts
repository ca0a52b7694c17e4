import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LivestormClient } from '../../src/clients/livestorm.ts';
import { SECOND } from '../../src/clock.ts';
import { createBrake } from '../../src/reconcile/brake.ts';
import { registrationsReconciler } from '../../src/reconcile/registrations.ts';
import type { Store } from '../../src/store/store.ts';
import {
  anEvent,
  aProspect,
  aRun,
  aSession,
  aSubmission,
  fake,
  link,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** A linked session, and registrations of which each takes `takesMs`. */
function setUp(t: TestContext, takesMs: number, whileSending: (store: Store, sent: number) => void) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const { log, lines } = recordingLog();
  link(store, aSession());
  store.sessions.observeEvent(anEvent(), START);
  let sent = 0;
  const livestorm = fake<LivestormClient>({
    register: async () => {
      whileSending(store, ++sent);
      await clock.advance(takesMs);
      return { result: 'registered', personId: `person-${sent}`, role: 'participant' };
    },
  });
  const rules = { fields: new Map<string, string>(), allowedDomains: [], deniedDomains: [] };
  const brake = createBrake({
    store,
    log,
    rules: { burst: { submissions: 12, minutes: 10 }, change: 0 },
  });
  const reconcile = registrationsReconciler({ livestorm, store, clock, log, rules, brake });
  return { store, lines, sent: () => sent, run: () => reconcile(aRun()) };
}

function submit(store: Store, from: number, count: number): void {
  for (let n = from; n < from + count; n++) {
    const prospect = aProspect({ id: n, email: `p${n}@example.com` });
    store.submissions.observe(aSubmission({ activityId: n, prospect }), null, START);
  }
}

test('a burst that comes while others are being sent stops what is left of them', async (t) => {
  const { store, sent, lines, run } = setUp(t, 20 * SECOND, (state, number) => {
    if (number === 2) submit(state, 2000, 10);
  });
  submit(store, 1000, 10);
  await run();
  assert.equal(sent(), 3);
  assert.equal(store.holds.people().length, 17);
  assert.equal(lines.filter(({ level }) => level === 'error').length, 1);
});

test('people who are not known yet count, too', async (t) => {
  const { store, sent, run } = setUp(t, 0, () => undefined);
  for (let n = 0; n < 10; n++) {
    store.submissions.observe(aSubmission({ activityId: 3000 + n, prospect: null }), null, START);
  }
  submit(store, 1000, 5);
  await run();
  assert.equal(sent(), 0);
  assert.equal(store.holds.people().length, 5);
});
