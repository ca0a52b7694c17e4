import type { CarriedEffect } from '../store/carried.ts';
import type { Effect } from '../store/effects.ts';
import type { ImportKind, ImportParts, ImportTable } from './import-kinds.ts';
import type { FieldsPayload } from './plan-attendance.ts';

/** Attendance and replay views of a whole session, by prospect id: nobody is created or revived. */
export function fieldsImport({ store, clock }: ImportParts): ImportKind {
  return {
    kind: 'fields_import',
    carries: 'prospect_fields',
    work: 'attendance',
    createOnNoMatch: false,
    lagMs: 0,
    matchOf: ({ prospectId }) => String(prospectId),
    table: (_sessionId, effects) => fieldsTable(effects),
    confirm: async (applied) => ({
      done: applied.map((effect) => ({ effect, record: () => recordWritten(effect) })),
      single: [],
      missing: [],
    }),
  };

  function recordWritten({ id }: CarriedEffect): void {
    const effect = store.effects.byIds([id]).get(id);
    if (!effect) return;
    const { values } = effect.payload as FieldsPayload;
    store.attendance.recordWritten(effect.prospectId ?? 0, effect.sessionId ?? '', values, clock.now());
  }
}

/** The fields of all; a blank cell leaves a field as it is, so what is to be emptied goes singly. */
export function fieldsTable(effects: Iterable<Effect>): ImportTable {
  const valuesOf = (effect: Effect) => (effect.payload as FieldsPayload).values;
  const named = new Set<string>();
  for (const effect of effects) for (const field of Object.keys(valuesOf(effect))) named.add(field);
  const fields = [...named].toSorted();
  return {
    columns: ['matchId', ...fields].map((name) => ({ name, overwrite: true })),
    rowOf: (effect) => {
      const values = valuesOf(effect);
      const empties = Object.values(values).some((value) => value === null || value.trim() === '');
      return empties ? null : [String(effect.prospectId), ...fields.map((field) => values[field] ?? '')];
    },
  };
}
