import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LivestormClient } from '../../src/clients/livestorm.ts';
import { HOUR, MINUTE } from '../../src/clock.ts';
import type { Registrant } from '../../src/domain.ts';
import { RefusedError, RetryableError } from '../../src/errors.ts';
import { createBrake } from '../../src/reconcile/brake.ts';
import { registrationsReconciler } from '../../src/reconcile/registrations.ts';
import {
  aProspect,
  aReading,
  aRegistrant,
  aRun,
  aSession,
  aSubmission,
  fake,
  link,
  notFound,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const EMAIL = 'ana@example.com';
const AT = { vendor: 'livestorm', operation: '/sessions/{id}/people' } as const;

/** Livestorm that takes duplicates and mails them; three people an hour are ordinary for a form. */
function setUp(t: TestContext) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const { log } = recordingLog();
  link(store, aSession());
  const vendor = {
    people: [] as Registrant[],
    mailed: [] as string[],
    looks: 0,
    isDeleted: false,
    isDraft: false,
    losesAnswers: false,
  };
  const livestorm = fake<LivestormClient>({
    register: async (_id, { email }) => {
      if (vendor.isDraft) throw new RefusedError('not published', { ...AT, status: 422 });
      vendor.people.push(aRegistrant({ email: String(email), registeredAtMs: clock.now() }));
      vendor.mailed.push(String(email));
      if (vendor.losesAnswers) throw new RetryableError('no answer', { ...AT, applied: 'unknown' });
      return { result: 'registered', personId: 'person-1', role: 'participant' };
    },
    findRegistrant: async (_id, address) => {
      vendor.looks++;
      if (vendor.losesAnswers) throw new RetryableError('no answer', { ...AT, applied: 'not_applied' });
      if (vendor.isDeleted) throw notFound('GET /sessions/{id}/people');
      return vendor.people.find(({ email }) => email === address) ?? null;
    },
    session: async () => (vendor.isDeleted ? null : aSession(vendor.isDraft ? { status: 'draft' } : {})),
  });
  const rules = { fields: new Map<string, string>(), allowedDomains: [], deniedDomains: [] };
  const brake = createBrake({ store, log, rules: { burst: { submissions: 3, minutes: 60 }, change: 0 } });
  const reconcile = registrationsReconciler({ livestorm, store, clock, log, rules, brake });
  let activityId = 1000;
  return {
    clock,
    store,
    vendor,
    outcomeOf: (email = EMAIL) => store.registrations.get('session-1', email)?.outcome,
    submit: (email = EMAIL, createdAtMs = clock.now()) => {
      activityId++;
      const prospect = aProspect({ id: activityId, email });
      store.submissions.observe(aSubmission({ activityId, createdAtMs, prospect }), null, clock.now());
    },
    /** So many runs, a quarter of an hour apart. */
    runs: async (times: number) => {
      for (let run = 0; run < times; run++) {
        await reconcile(aRun());
        await clock.advance(15 * MINUTE);
      }
    },
  };
}

test('whoever was tried before is looked up, however that ended', async (t) => {
  const { vendor, outcomeOf, submit, runs } = setUp(t);
  vendor.losesAnswers = true;
  submit();
  await runs(70);
  assert.equal(outcomeOf(), 'dead');
  vendor.losesAnswers = false;
  submit();
  await runs(2);
  assert.deepEqual([outcomeOf(), vendor.mailed], ['already_registered', [EMAIL]]);
});

test('whoever submits again while the session is canceled is looked up once it is open again', async (t) => {
  const { clock, store, vendor, outcomeOf, submit, runs } = setUp(t);
  submit();
  await runs(1);
  submit();
  await runs(1);
  // What Livestorm tells of the people of a canceled session is not documented.
  const people = vendor.people.splice(0);
  store.sessions.observe(aSession({ status: 'canceled' }), clock.now());
  await runs(2);
  assert.equal(outcomeOf(), 'session_canceled');
  vendor.people.push(...people);
  store.sessions.observe(aSession(), clock.now());
  await runs(2);
  assert.deepEqual([outcomeOf(), vendor.mailed], ['registered', [EMAIL]]);
});

test('a session that was deleted unnoticed keeps what was known of whoever submits again', async (t) => {
  const { vendor, outcomeOf, submit, runs } = setUp(t);
  submit();
  await runs(1);
  vendor.isDeleted = true;
  submit();
  await runs(70);
  assert.deepEqual([outcomeOf(), vendor.looks], ['registered', 1]);
});

test('whoever is registered and submits again is not held for what others do, although no reading has them yet', async (t) => {
  const { clock, store, vendor, outcomeOf, submit, runs } = setUp(t);
  submit();
  await runs(1);
  await clock.advance(3 * HOUR);
  for (const name of ['bob', 'cy', 'di', 'eva']) submit(`${name}@example.com`);
  await runs(1);
  assert.equal(outcomeOf('bob@example.com'), 'held');
  submit();
  await runs(2);
  assert.deepEqual([outcomeOf(), vendor.mailed], ['registered', [EMAIL]]);

  store.registrants.observe('session-1', aReading({ email: EMAIL }), clock.now());
  store.registrants.observeGone('session-1', [EMAIL], clock.now());
  await clock.advance(MINUTE);
  submit();
  await runs(1);
  assert.equal(outcomeOf(), 'held', 'known to have left: as new as the others');
});

test('whoever was refused because the session was a draft again is registered once it is published', async (t) => {
  const { clock, store, vendor, outcomeOf, submit, runs } = setUp(t);
  vendor.isDraft = true;
  submit();
  await runs(2);
  assert.equal(outcomeOf(), 'session_not_published');
  vendor.isDraft = false;
  store.sessions.observe(aSession(), clock.now());
  await runs(2);
  assert.deepEqual([outcomeOf(), vendor.mailed], ['registered', [EMAIL]]);
});

test('what was submitted before an admin moved somebody, and is read later, does not bring them back', async (t) => {
  const { clock, store, outcomeOf, submit, runs } = setUp(t);
  submit();
  await runs(1);
  const beforeMs = clock.now();
  await clock.advance(MINUTE);
  store.moves.move('session-1', EMAIL, 'to session session-2', clock.now());
  await clock.advance(MINUTE);
  submit(EMAIL, beforeMs);
  await runs(2);
  assert.equal(outcomeOf(), 'moved');
  submit();
  await runs(2);
  assert.equal(outcomeOf(), 'registered');
});
