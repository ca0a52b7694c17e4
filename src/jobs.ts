import type { LivestormClient } from './clients/livestorm.ts';
import type { LivestormJobsClient } from './clients/livestorm-jobs.ts';
import type { PardotClient } from './clients/pardot.ts';
import type { PardotImportsClient } from './clients/pardot-imports.ts';
import type { PardotPeopleClient } from './clients/pardot-people.ts';
import type { SalesforceClient } from './clients/salesforce.ts';
import { type Clock, MINUTE } from './clock.ts';
import type { Config } from './config/config.ts';
import type { Session } from './domain.ts';
import { Job, type JobParts } from './job.ts';
import type { Logger } from './logger.ts';
import { awaitedProspectsPoller } from './pollers/awaited-prospects.ts';
import { campaignsPoller } from './pollers/campaigns.ts';
import { endedSessionsPoller } from './pollers/ended-sessions.ts';
import { formSubmissionsPoller } from './pollers/form-submissions.ts';
import { registrantsPoller } from './pollers/registrants.ts';
import { replayViewsPoller } from './pollers/replay-views.ts';
import { sessionsPoller } from './pollers/sessions.ts';
import { attendanceReconciler } from './reconcile/attendance.ts';
import { backfillReconciler } from './reconcile/backfill.ts';
import { createBrake } from './reconcile/brake.ts';
import { eventFilter } from './reconcile/event-filter.ts';
import { peopleReconciler } from './reconcile/people.ts';
import type { LinkRules } from './reconcile/plan-links.ts';
import type { RegistrationRules } from './reconcile/plan-registrations.ts';
import { registrationJobs } from './reconcile/registration-jobs.ts';
import { registrationsReconciler } from './reconcile/registrations.ts';
import { sessionLinksReconciler } from './reconcile/session-links.ts';
import { retention } from './retention/retention.ts';
import type { Store } from './store/store.ts';

/** Whatever talks to a vendor. */
export interface Clients {
  readonly livestorm: LivestormClient;
  readonly livestormJobs: LivestormJobsClient;
  readonly pardot: PardotClient;
  readonly pardotPeople: PardotPeopleClient;
  readonly pardotImports: PardotImportsClient;
  readonly salesforce: SalesforceClient;
}

export interface JobsParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly clients: Clients;
  /** What is older is left alone (epoch milliseconds). */
  readonly activatedAtMs: number;
  /** Observe and plan, but send no write to a vendor. */
  readonly dryRun?: boolean;
  readonly abort: AbortSignal;
}

export interface ScheduledJob {
  readonly job: Job;
  /** A cron expression. */
  readonly schedule: string;
}

type MakeJob = (name: string, run: JobParts['run'], followers?: readonly Job[]) => Job;

/** Reconcilers also look by themselves, for what was postponed; prospects that lag are looked for as often. */
const RECONCILE = '*/10 * * * * *';
/** At night in Europe and America alike. */
const RETENTION = '0 41 4 * * *';

/** The jobs of every flow that is on, in the order in which one feeds the next. */
export function createJobs(parts: JobsParts): ScheduledJob[] {
  const { config, store, clock, log, abort } = parts;
  const { flows, polling } = config;
  const make: MakeJob = (name, run, followers = []) =>
    new Job({ name, run, followers, clock, log, runs: store.jobRuns, abort });
  const sending = sendingJobs(parts, make);
  const reading = readingJobs(parts, make, sending);
  const erasing = make('retention', retention({ store, clock, peopleDays: config.retention.peopleDays }));
  const tellsAttendance = flows.customFields && (flows.attendance || flows.replays);
  return [
    { job: reading.sessions, schedule: polling.sessions, on: true },
    { job: sending.links, schedule: RECONCILE, on: true },
    { job: reading.campaigns, schedule: polling.campaigns, on: true },
    { job: reading.submissions, schedule: polling.formSubmissions, on: flows.formRegistrations },
    { job: reading.awaited, schedule: RECONCILE, on: flows.formRegistrations },
    { job: sending.registrations, schedule: RECONCILE, on: flows.formRegistrations },
    { job: sending.backfill, schedule: RECONCILE, on: flows.formRegistrations },
    { job: reading.registrants, schedule: polling.registrants, on: flows.registrants },
    { job: reading.ended, schedule: polling.endedSessions, on: flows.attendance },
    { job: reading.replays, schedule: polling.replays, on: flows.replays },
    { job: sending.people, schedule: RECONCILE, on: true },
    { job: sending.attendance, schedule: RECONCILE, on: tellsAttendance },
    { job: erasing, schedule: RETENTION, on: true },
  ].filter(({ on }) => on);
}

/** Plan from what is stored, and send. */
function sendingJobs(parts: JobsParts, make: MakeJob) {
  const { config, store, log } = parts;
  const { bulk, fields, flows, lists, safety } = config;
  const applying = { ...parts, ...parts.clients, importFrom: bulk.pardotImportFrom };
  return {
    links: make('session_links', sessionLinksReconciler({ ...applying, rules: linkRules(parts) })),
    registrations: make(
      'registrations',
      registrationsReconciler({
        ...applying,
        rules: registrationRules(config),
        brake: createBrake({ store, log, rules: { burst: safety.burstHold, change: safety.changeHold } }),
        jobs: registrationJobs({ ...applying, startNew: bulk.livestormJobs }),
      }),
    ),
    backfill: make('backfill', backfillReconciler(applying)),
    people: make(
      'people',
      peopleReconciler({
        ...applying,
        flows,
        removeUnregistered: lists.removeUnregistered,
        prospectRules: { fields: fields.prospect, recycleBin: safety.recycleBin },
      }),
    ),
    attendance: make(
      'attendance',
      attendanceReconciler({
        ...applying,
        rules: { mapping: fields.attendance, attendance: flows.attendance, replays: flows.replays },
      }),
    ),
  };
}

/** Read from the vendors, and wake whom it concerns. */
function readingJobs(parts: JobsParts, make: MakeJob, sending: ReturnType<typeof sendingJobs>) {
  const { config, store, clock, log, clients, activatedAtMs } = parts;
  const { links, registrations, people, attendance } = sending;
  const { livestorm, pardot } = clients;
  const { existing } = config.links;
  const isNamed = ({ id, eventId }: Session): boolean =>
    existing.some(({ session, event }) => session === id || event === eventId);
  const lookbackMs = config.safety.lookbackMinutes * MINUTE;
  const afterAttendance = config.flows.attendance;
  const prospectFields = [...new Set(config.fields.registration.values())];
  const reading = { livestorm, store, clock, log };
  const fromForms = { pardot, store, clock, prospectFields };
  const submissions = formSubmissionsPoller({ ...fromForms, activatedAtMs, lookbackMs });
  const replays = replayViewsPoller({ ...reading, afterAttendance });
  return {
    sessions: make('sessions', sessionsPoller({ ...reading, activatedAtMs, isNamed }), [
      links,
      registrations,
    ]),
    campaigns: make('campaigns', campaignsPoller({ ...reading, pardot }), [links, registrations]),
    submissions: make('form_submissions', submissions, [registrations]),
    awaited: make('awaited_prospects', awaitedProspectsPoller(fromForms), [registrations]),
    registrants: make('registrants', registrantsPoller(reading), [people]),
    ended: make('ended_sessions', endedSessionsPoller(reading), [attendance, people]),
    replays: make('replay_views', replays, [attendance, people]),
  };
}

/** Which sessions get a campaign and a list. */
function linkRules({ config, store, activatedAtMs }: JobsParts): LinkRules {
  return {
    activatedAtMs,
    isEventWanted: eventFilter(config.links.events),
    existing: config.links.existing,
    isAdmitted: (sessionId) => store.admissions.has(sessionId),
  };
}

/** Who is registered, and with what. */
export function registrationRules({ fields, safety }: Config): RegistrationRules {
  return {
    fields: fields.registration,
    allowedDomains: safety.allowedDomains,
    deniedDomains: safety.deniedDomains,
  };
}
