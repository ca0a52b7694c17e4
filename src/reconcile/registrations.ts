import { SECOND } from '../clock.ts';
import type { Counts, Run } from '../job.ts';
import { type ApplyParts, applyDue } from './apply.ts';
import type { EndingParts } from './registration-endings.ts';
import { registrationHandler } from './registration-handler.ts';
import type { RegistrationJobsRun } from './registration-jobs.ts';
import { planRegistrations, type RegistrationPlanningParts } from './registration-planning.ts';
import { unregistrationHandler } from './unregistrations.ts';

export interface RegistrationsParts extends ApplyParts, EndingParts, RegistrationPlanningParts {
  /** Takes those of large sessions first, many at a time. */
  readonly jobs?: RegistrationJobsRun;
}

/** Sending to many takes minutes: so often it is looked who else has come, and whom the brake holds by now. */
const LONGEST_PASS = 20 * SECOND;

/** Turns submissions into registrations in the linked session. */
export function registrationsReconciler(parts: RegistrationsParts): (run: Run) => Promise<Counts> {
  const handler = registrationHandler(parts);
  const leaving = unregistrationHandler(parts);
  const pass = async (run: Run): Promise<Counts> => {
    const planned = planRegistrations(parts);
    // Whoever leaves a session of the same event is registered afterwards.
    const { done: unregistered } = await applyDue(parts, leaving, run);
    const inJobs = (await parts.jobs?.(run, handler)) ?? {};
    return sumOf(unregistered ? { unregistered } : {}, planned, inJobs, await applyDue(parts, handler, run));
  };
  return async (run) => {
    let counts: Counts = {};
    let isCut: boolean;
    do {
      isCut = false;
      const untilAt = parts.clock.monotonic() + LONGEST_PASS;
      const cut = (): boolean => {
        isCut ||= parts.clock.monotonic() >= untilAt;
        return isCut;
      };
      counts = sumOf(counts, await pass({ ...run, stopping: () => run.stopping() || cut() }));
    } while (isCut && !run.stopping());
    return counts;
  };
}

function sumOf(...parts: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const counts of parts) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}
