import type { TestContext } from 'node:test';
import type { PardotClient } from '../../src/clients/pardot.ts';
import type { PardotImportsClient } from '../../src/clients/pardot-imports.ts';
import type { PardotPeopleClient } from '../../src/clients/pardot-people.ts';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { type ActivityTrace, emailKey, type Prospect, type Session } from '../../src/domain.ts';
import { RefusedError, RetryableError } from '../../src/errors.ts';
import { type PeopleParts, peopleReconciler } from '../../src/reconcile/people.ts';
import type { RegistrantReading } from '../../src/store/registrants.ts';
import type { ProspectOrigin } from '../../src/store/session-prospects.ts';
import {
  aReading,
  aRun,
  aSession,
  fake,
  link,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const AT = { vendor: 'pardot', operation: 'POST' } as const;
export const lost = new RetryableError('no answer', { ...AT, applied: 'unknown' });
export const refused = (status: number, code?: number) => new RefusedError('no', { ...AT, status, code });

type Options = Partial<Pick<PeopleParts, 'removeUnregistered'>> & {
  session?: Partial<Session>;
  flows?: Partial<PeopleParts['flows']>;
};

/** Session-1 on campaign 70 and list 900. Whoever is not in Pardot is made as prospect 801, 802, ... */
export function setUp(
  t: TestContext,
  { session = {}, flows = {}, removeUnregistered = false }: Options = {},
) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const { log } = recordingLog();
  const errors: Record<'add' | 'remove' | 'tell' | 'look' | 'read', Error[]> = {
    add: [],
    remove: [],
    tell: [],
    look: [],
    read: [],
  };
  const calls: string[] = [];
  const traces: ActivityTrace[] = [];
  /** As they are read by id. */
  const prospects: Prospect[] = [];
  let made = 800;
  const record = (call: string, failures: Error[] = []) => {
    calls.push(call);
    const error = failures.shift();
    if (error) throw error;
  };
  const pardotPeople = fake<PardotPeopleClient>({
    prospectsByEmail: async () => [],
    createProspect: async ({ email }) => {
      record(`create ${email}`);
      return { id: ++made };
    },
    addToList: async (listId, prospectId) => record(`add ${listId}/${prospectId}`, errors.add),
    removeFromList: async (listId, prospectId) => record(`remove ${listId}/${prospectId}`, errors.remove),
    createExternalActivity: async ({ extension, type, email, value, happenedAtMs }) =>
      record(`${extension} ${type} ${email} ${value} ${(happenedAtMs - START) / SECOND}`, errors.tell),
    externalActivitiesBetween: async (fromMs, toMs) => {
      record(`look ${(fromMs - START) / MINUTE}m..${(toMs - START) / MINUTE}m`, errors.look);
      return traces;
    },
  });
  link(store, aSession(session));
  store.links.listed('session-1', 900, START);
  const reconcile = peopleReconciler({
    ...{ store, clock, log, pardotPeople, removeUnregistered },
    flows: { registrants: true, externalActivities: false, ...flows },
    pardot: fake<PardotClient>({
      prospects: async (ids) => {
        record(`read ${ids}`, errors.read);
        return prospects.filter(({ id }) => ids.includes(id));
      },
    }),
    pardotImports: fake<PardotImportsClient>({}),
    importFrom: 0,
    prospectRules: { fields: new Map(), recycleBin: 'leave_alone' },
  });
  const observe = (email: string, over: Partial<RegistrantReading> = {}) =>
    store.registrants.observe('session-1', aReading({ email, attended: false, ...over }), clock.now());
  const know = (email: string, prospectId: number, origin: ProspectOrigin = 'submission') =>
    store.sessionProspects.know(
      { sessionId: 'session-1', emailKey: emailKey(email), email, prospectId, origin },
      clock.now(),
    );
  return {
    ...{ clock, store, errors, traces, prospects, observe, know },
    run: () => reconcile(aRun()),
    taken: () => calls.splice(0),
    membership: (prospectId: number) => store.effects.get('list_membership', `900/${prospectId}`),
    activity: (type: string, email = 'ana@example.com') =>
      store.effects.get('external_activity', `session-1/${email}/${type}`),
  };
}

export const NOTHING = { prospects: 0, memberships: 0, importSteps: 0, removals: 0, activities: 0 };
export const ANA = 'ana@example.com';
