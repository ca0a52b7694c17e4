import type { PardotClient } from '../clients/pardot.ts';
import { HOUR, MINUTE, SECOND } from '../clock.ts';
import type { RefusedError } from '../errors.ts';
import type { Counts, Run } from '../job.ts';
import type { ProspectPart } from '../store/attendance.ts';
import type { Effect } from '../store/effects.ts';
import type { Store } from '../store/store.ts';
import { applyDue, type EffectHandler } from './apply.ts';
import { fieldsImport } from './fields-import.ts';
import type { ImportParts } from './import-kinds.ts';
import { importReconciler } from './imports.ts';
import { type AttendanceRules, type FieldsPayload, planProspectFields } from './plan-attendance.ts';

export interface AttendanceParts extends ImportParts {
  readonly pardot: PardotClient;
  readonly rules: AttendanceRules;
}

interface Cursor {
  /** Readings older than this have been planned. */
  readonly plannedToMs: number;
}

const STREAM = 'attendance_plan';
const SETTLE = 150 * SECOND;
/** Planned again, so that readings dated by a clock that was set back since are not passed over. */
const LOOKBACK = HOUR;
const OVERLAP = MINUTE;
/** Prospects planned at a time: bounds memory. */
const CHUNK = 500;

/** Writes attendance and replay views to the custom fields of prospects. */
export function attendanceReconciler(parts: AttendanceParts): (run: Run) => Promise<Counts> {
  const handler = fieldsHandler(parts);
  const imports = importReconciler(parts, fieldsImport(parts));
  return async (run) => {
    const planned = plan(parts);
    const importSteps = await imports(run);
    return { planned, importSteps, ...(await applyDue(parts, handler, run)) };
  };
}

function plan({ store, clock, rules }: AttendanceParts): number {
  const nowMs = clock.now();
  const plannedToMs = store.checkpoints.read<Cursor>(STREAM)?.plannedToMs ?? 0;
  const sinceMs = nowMs < plannedToMs ? nowMs - LOOKBACK : plannedToMs - OVERLAP;
  return store.transaction(() => {
    let planned = 0;
    for (const parts of changedSince(store, sinceMs)) {
      const prospectId = parts[0]?.prospectId ?? 0;
      const planChange = () => planProspectFields(parts, store.attendance.writtenTo(prospectId), rules);
      if (!planProspectFields(parts, {}, rules)) continue;
      const change = planChange();
      const arriving = store.effects.supersedeFieldWrites(prospectId, change?.naturalKey ?? '', nowMs);
      // What stands there may be right, but not for long: it is written again after what may still arrive.
      for (const { sessionId, payload } of arriving) {
        const fields = Object.keys((payload as FieldsPayload).values);
        store.attendance.doubt(prospectId, sessionId ?? '', fields, nowMs);
      }
      const effect = arriving.length > 0 ? planChange() : change;
      if (!effect) continue;
      const dueAtMs = arriving.length > 0 ? nowMs + SETTLE : nowMs;
      planned += Number(store.effects.want(effect, dueAtMs, { rearm: true, nowMs }));
    }
    store.checkpoints.advance(STREAM, { plannedToMs: nowMs } satisfies Cursor, nowMs);
    return planned;
  });
}

/** One prospect's parts after the other's. */
function* changedSince(store: Store, sinceMs: number): Generator<ProspectPart[]> {
  const ids = store.attendance.prospectsReadSince(sinceMs);
  for (let first = 0; first < ids.length; first += CHUNK) {
    const parts = store.attendance.parts(ids.slice(first, first + CHUNK));
    yield* Map.groupBy(parts, (part) => part.prospectId).values();
  }
}

/** By prospect id, never by e-mail: attendance neither creates nor revives a prospect. */
function fieldsHandler({ store, clock, pardot }: AttendanceParts): EffectHandler<FieldsPayload> {
  const write = (effect: Effect<FieldsPayload>) => () =>
    store.attendance.recordWritten(
      effect.prospectId ?? 0,
      effect.sessionId ?? '',
      effect.payload.values,
      clock.now(),
    );
  return {
    kind: 'prospect_fields',
    work: 'attendance',
    parallel: 2,
    settleMs: SETTLE,
    send: async (effect, call) => {
      await pardot.updateProspect(effect.prospectId ?? 0, effect.payload.values, call);
      return { state: 'done', record: write(effect) };
    },
    refused: async (_effect, error) =>
      isGone(error) ? { state: 'skipped', reason: 'prospect_deleted' } : null,
  };
}

/** In the recycle bin, merged away or deleted for good (pardot.md §3.1). */
function isGone(error: RefusedError): boolean {
  return error.status === 404 || [219, 109, 92, 3].includes(Number(error.code));
}
