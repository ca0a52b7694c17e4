import type { Body, Collection } from '../collection.ts';
import { demandActivityType } from '../extensions.ts';
import { Failure } from '../failure.ts';
import { type FieldSpecs, readOnly, writable } from '../fields.ts';
import { byActivity, prospectsByEmail } from '../prospects.ts';
import type { Prospect } from '../rows.ts';
import type { PardotState } from '../state.ts';
import { parseInstant } from '../time.ts';
import { storedValue } from '../values.ts';

const MAX_VALUE_LENGTH = 100;

const FIELDS: FieldSpecs = {
  ...writable('string', 'extension type value'),
  ...writable('email', 'email'),
  ...writable('datetime', 'activityDate'),
  ...readOnly('integer', 'id prospectId'),
  ...readOnly('datetime', 'createdAt'),
};

/** pardot.md §7: no change, no removal, no de-duplication; of the filters only those on `createdAt` are known. */
export const externalActivities: Collection = {
  name: 'external-activities',
  outsideObjects: true,
  fields: () => FIELDS,
  relations: {},
  filters: { createdAt: 'range' },
  orderBy: [],
  recycleBin: false,
  abilities: {
    view: ['Prospect > External Activity > View'],
    create: ['Prospect > External Activity > Create'],
  },
  rows: (state) => state.externalActivities,
  writes: {
    required: ['extension', 'type', 'email', 'value'],
    createdStatus: (state) => state.switches.externalActivityStatus,
    create: addExternalActivity,
  },
};

function addExternalActivity(state: PardotState, body: Body): number {
  const [extension, type] = [text(body, 'extension'), text(body, 'type')];
  demandActivityType(state, extension, type);
  const value = text(body, 'value');
  if ([...value].length > MAX_VALUE_LENGTH) throw new Failure(154, 'value');
  const activityDateMs = readDate(state, body.activityDate);
  const email = String(storedValue('email', { type: 'email', writable: true }, body.email));
  const prospect = prospectOf(state, email);
  const at = state.now();
  const { id } = state.externalActivities.insert({
    id: state.externalActivities.nextId(),
    ...{ extension, type, email, value, activityDateMs, prospectId: prospect.id },
    createdAtMs: at,
    updatedAtMs: at,
  });
  if (state.switches.externalActivityCounts) state.prospects.update(prospect.id, { lastActivityAtMs: at });
  return id;
}

/** A text that is not blank. */
function text(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new Failure(154, name);
  if (value.trim() === '') throw new Failure(153, name);
  return value;
}

/** Now when absent; whole seconds, as everything is recorded. */
function readDate(state: PardotState, value: unknown): number {
  if (value === undefined || value === null) return state.now();
  const atMs = typeof value === 'string' ? parseInstant(value, state.switches) : undefined;
  if (atMs === undefined) throw new Failure(57, 'activityDate');
  return atMs;
}

/** Of several with the address, the one with the most recent activity; the refusal is unknown, by switch. */
function prospectOf(state: PardotState, email: string): Prospect {
  const live = prospectsByEmail(state, email).filter((row) => !row.isDeleted);
  const [latest] = live.sort(byActivity);
  if (!latest) throw new Failure(state.switches.unknownActivityEmail, email);
  return latest;
}
