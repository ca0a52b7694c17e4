import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PardotClient } from '../../src/clients/pardot.ts';
import type { PardotImportsClient } from '../../src/clients/pardot-imports.ts';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { RetryableError } from '../../src/errors.ts';
import { attendanceReconciler } from '../../src/reconcile/attendance.ts';
import {
  aReading,
  aRun,
  aSession,
  fake,
  link,
  past,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

test('what a lost answer may have written is written over, also where the newer content agrees with what stood there', async (t) => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const standing: Record<string, string | null> = {};
  let losesAnswers = false;
  const pardot = fake<PardotClient>({
    updateProspect: async (_id, values) => {
      Object.assign(standing, values);
      const trouble = { vendor: 'pardot', operation: 'PATCH /prospects/{id}', applied: 'unknown' } as const;
      if (losesAnswers) throw new RetryableError('no answer', trouble);
    },
  });
  const mapping = new Map([
    ['Session__c', 'session_id'],
    ['Attended__c', 'attended'],
    ['Rate__c', 'attendance_rate'],
  ] as const);
  const rules = { mapping, attendance: true, replays: true };
  const imports = { pardotImports: fake<PardotImportsClient>({}), importFrom: 0 };
  const reconcile = attendanceReconciler({
    pardot,
    store,
    clock,
    log: recordingLog().log,
    rules,
    ...imports,
  });
  const takePart = (sessionId: string, endedAtMs: number, campaignId: number) => {
    const readAtMs = clock.now();
    link(store, aSession({ id: sessionId, ...past(endedAtMs) }), campaignId);
    store.attendance.recordPass({ sessionId, pass: 1, readAtMs, registrants: 1, changed: 1 });
    const ana = { emailKey: 'ana@example.com', email: 'ana@example.com', prospectId: 501 };
    store.sessionProspects.know({ sessionId, ...ana, origin: 'submission' }, readAtMs);
  };
  const read = async (sessionId: string, attended: boolean) => {
    const attendanceRate = attended ? 50 : null;
    const reading = aReading({ attended, attendanceRate, registeredAtMs: START - HOUR });
    store.registrants.observe(sessionId, reading, clock.now());
    await reconcile(aRun());
  };
  takePart('session-1', START, 70);
  await read('session-1', false);
  losesAnswers = true;
  await read('session-1', true);
  await clock.advance(MINUTE);
  takePart('session-2', START + SECOND, 71);
  losesAnswers = false;
  await read('session-2', false);
  for (let run = 0; run < 20; run++) {
    await clock.advance(10 * SECOND);
    await reconcile(aRun());
  }
  assert.deepEqual(standing, { Session__c: 'session-2', Attended__c: 'false', Rate__c: null });
});
