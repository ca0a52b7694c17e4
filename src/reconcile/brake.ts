import { MINUTE } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Store } from '../store/store.ts';
import { type Applicant, type BrakeRules, busiest, overfilled } from './plan-brake.ts';

/** Whom of the applicants to hold: activity id → hold. To be called in the transaction that decides about them. */
export type Brake = (applicants: readonly Applicant[], nowMs: number) => ReadonlyMap<number, number>;

/**
 * Stops what would mail far more people than anybody expects: a form that suddenly brings many (bots, an import gone
 * wrong), a change that lets many in at once. They are held until an admin releases or discards them; everybody else
 * goes on.
 */
export function createBrake(parts: { store: Store; log: Logger; rules: BrakeRules }): Brake {
  return (applicants, nowMs) => {
    const held = new Map<number, number>();
    for (const [form, people] of Map.groupBy(applicants, ({ form }) => form)) {
      const holdId = form === null ? null : holdOfForm(parts, form, people, nowMs);
      if (holdId !== null) for (const { activityId } of people) held.set(activityId, holdId);
    }
    const rest = applicants.filter(({ activityId }) => !held.has(activityId));
    for (const [sessionId, count] of overfilled(rest, parts.rules.change)) {
      const holdId = holdChange(parts, sessionId, count, nowMs);
      const late = rest.filter((person) => person.isLate && person.sessionId === sessionId);
      for (const { activityId } of late) held.set(activityId, holdId);
    }
    return held;
  };
}

/** The hold of a form that brings too many, or is held already; null for an ordinary one. */
function holdOfForm(
  { store, log, rules }: Parameters<typeof createBrake>[0],
  form: string,
  people: readonly Applicant[],
  nowMs: number,
): number | null {
  const open = store.holds.openOf(form);
  if (open) return open.id;
  const { submissions, minutes } = rules.burst;
  if (submissions === 0) return null;
  const releasedAtMs = store.holds.releasedAtMs(form);
  const counted = people.filter(({ requestedAtMs }) => requestedAtMs > releasedAtMs);
  const oldestMs = counted.reduce((oldest, person) => Math.min(oldest, person.requestedAtMs), nowMs);
  const sinceMs = Math.max(releasedAtMs, oldestMs - minutes * MINUTE);
  const count = busiest(counted, store.holds.arrivals(form, sinceMs), minutes);
  if (count <= submissions) return null;
  const reason = `${count} people within ${minutes} minutes, ${submissions} are ordinary (safety.burst_hold)`;
  const holdId = store.holds.begin({ cause: 'burst', form, sessionId: null, reason }, nowMs);
  const unsent = store.holds.holdUnsent(form, holdId, sinceMs, nowMs);
  log.error({ form, count: people.length + unsent }, 'a form brings too many people, they are held');
  return holdId;
}

function holdChange(
  { store, log, rules }: Parameters<typeof createBrake>[0],
  sessionId: string,
  count: number,
  nowMs: number,
): number {
  const reason = `${count} people who were turned away before, ${rules.change} are ordinary (safety.change_hold)`;
  log.error({ sessionId, count }, 'a change lets too many people in at once, they are held');
  return store.holds.begin({ cause: 'change', form: null, sessionId, reason }, nowMs);
}
