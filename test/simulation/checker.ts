import type { LoggedRequest } from '../../src/sandbox/kernel/request-log.ts';
import { checkActivities } from './check-activities.ts';
import { checkAttendance } from './check-attendance.ts';
import { checkCampaigns } from './check-campaigns.ts';
import { checkDecisions } from './check-decisions.ts';
import { checkForgotten } from './check-forgotten.ts';
import { checkLimits } from './check-limits.ts';
import { checkPeople } from './check-people.ts';
import { checkRegistrations } from './check-registrations.ts';
import { checkSubmissions } from './check-submissions.ts';
import { Expectations } from './expectations.ts';
import type { Simulation } from './simulation.ts';

/**
 * Compares what the vendors hold at the end with what the history of the world demands. Knows nothing of how the
 * daemon decides; of its state it reads only what it says about each person, to see whether that is true.
 */
export function check(sim: Simulation, idleWrites: readonly LoggedRequest[]): string[] {
  const expected = new Expectations(sim);
  return [
    ...sim.service.alarms,
    ...unfinished(sim),
    ...idleWrites.map(({ vendor, method, path }) => `not quiet at the end: ${vendor} ${method} ${path}`),
    ...checkLimits(expected),
    ...checkCampaigns(expected),
    ...checkRegistrations(expected),
    ...checkSubmissions(expected),
    ...checkPeople(expected),
    ...checkActivities(expected),
    ...checkAttendance(expected),
    ...checkDecisions(expected),
    ...checkForgotten(expected),
  ];
}

/** What the outbox still holds, apart from what the configuration lets nobody send. */
function unfinished({ service, history }: Simulation): string[] {
  const isTold = history.choices.at(-1)?.choices.externalActivities ?? true;
  const open = service.life?.store.effects.open() ?? [];
  return open
    .filter(({ kind }) => isTold || kind !== 'external_activity')
    .map(({ kind, naturalKey, state, problem }) => `${kind} ${naturalKey} is ${state} (${problem?.message})`);
}
