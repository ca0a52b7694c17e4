import type { Body } from './collection.ts';
import { Failure } from './failure.ts';
import { prospectFields } from './prospect-fields.ts';
import { addProspect, changeProspect, prospectsByEmail } from './prospects.ts';
import type { Prospect } from './rows.ts';
import type { ApiWrite, PardotState } from './state.ts';
import { storedValues } from './values.ts';

/** Another prospect each time with AMPSEA, code 9 without. pardot.md §3.1. */
export function createThroughApi(
  state: PardotState,
  values: Body,
  operation: ApiWrite['operation'] = 'create',
): Prospect {
  const { email } = values;
  if (!state.switches.ampsea && typeof email === 'string' && prospectsByEmail(state, email).length > 0)
    throw new Failure(9);
  const prospect = addProspect(state, values);
  record(state, prospect.id, operation, values);
  return prospect;
}

/** Code 54 when, without AMPSEA, the new address is someone else's. */
export function updateThroughApi(
  state: PardotState,
  before: Prospect,
  values: Body,
  operation: ApiWrite['operation'] = 'update',
): Prospect {
  const { email } = values;
  const others = typeof email === 'string' ? prospectsByEmail(state, email) : [];
  if (!state.switches.ampsea && others.some((row) => row.id !== before.id)) throw new Failure(54);
  const prospect = changeProspect(state, before, values, { isDeleted: false });
  record(state, prospect.id, operation, values);
  return prospect;
}

export function deleteThroughApi(state: PardotState, id: number): void {
  state.prospects.update(id, { isDeleted: true, ...state.touch() });
  state.recordApiWrite(id, 'delete', {});
}

function record(state: PardotState, id: number, operation: ApiWrite['operation'], values: Body): void {
  state.recordApiWrite(id, operation, storedValues(values, prospectFields(state)));
}
