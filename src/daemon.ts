import type { Dispatcher } from 'undici';
import { LivestormClient } from './clients/livestorm.ts';
import { LivestormJobsClient } from './clients/livestorm-jobs.ts';
import { PardotClient } from './clients/pardot.ts';
import { PardotImportsClient } from './clients/pardot-imports.ts';
import { PardotPeopleClient } from './clients/pardot-people.ts';
import { SalesforceClient } from './clients/salesforce.ts';
import { type Clock, MINUTE } from './clock.ts';
import { createConnections } from './composition.ts';
import type { Config } from './config/config.ts';
import type { Session } from './domain.ts';
import { type Counts, Job, type JobParts } from './job.ts';
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
import { registrationJobs } from './reconcile/registration-jobs.ts';
import { registrationsReconciler } from './reconcile/registrations.ts';
import { sessionLinksReconciler } from './reconcile/session-links.ts';
import { retention } from './retention/retention.ts';
import type { Store } from './store/store.ts';

export { createDispatcher } from './composition.ts';

export interface DaemonParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** How requests reach the network; `createDispatcher()` unless a test has its own. */
  readonly dispatcher: Dispatcher;
  /** Observe and plan, but send no write to a vendor. */
  readonly dryRun?: boolean;
}

export interface RunReport {
  readonly counts: Readonly<Record<string, Counts>>;
  /** Jobs that failed, with what went wrong. */
  readonly failures: readonly { readonly job: string; readonly error: unknown }[];
}

/** Reconcilers also look by themselves, for what was postponed; prospects that lag are looked for as often. */
const RECONCILE = '*/10 * * * * *';
/** At night in Europe and America alike. */
const RETENTION = '0 41 4 * * *';

/**
 * Puts all parts together. Stores the time of activation at the very first call, and lets what was parked for
 * credentials or quota try again, since a new start may have brought better ones. Nothing else happens before
 * `start` or `runOnce`.
 */
export function createDaemon(parts: DaemonParts): Daemon {
  const abort = new AbortController();
  parts.store.meta.activate(parts.clock.now());
  parts.store.effects.releaseParked(parts.clock.now());
  return new Daemon(createJobs(parts, abort.signal), abort);
}

export class Daemon {
  readonly #abort: AbortController;
  /** In the order in which one feeds the next. */
  readonly #jobs: readonly { job: Job; schedule: string }[];

  constructor(jobs: readonly { job: Job; schedule: string }[], abort: AbortController) {
    this.#jobs = jobs;
    this.#abort = abort;
  }

  /** Runs every job once now, whatever its schedule thinks, and then by its schedule. */
  start(): void {
    for (const { job, schedule } of this.#jobs) {
      job.schedule(schedule);
      job.trigger({ forced: true });
    }
  }

  /** One complete pass, in order. `forced` also does what the schedule would leave for later. */
  async runOnce(options: { forced?: boolean } = {}): Promise<RunReport> {
    const counts: Record<string, Counts> = {};
    const failures: { job: string; error: unknown }[] = [];
    for (const { job } of this.#jobs) {
      try {
        counts[job.name] = await job.runOnce(options);
      } catch (error) {
        failures.push({ job: job.name, error });
      }
    }
    return { counts, failures };
  }

  /** Names of jobs that do not go on, although the daemon has been started. */
  stuck(): string[] {
    return this.#jobs.filter(({ job }) => !job.isAlive()).map(({ job }) => job.name);
  }

  /** Every job, with since when it owes a run that ends well (epoch milliseconds). */
  jobs(): { readonly name: string; readonly dueSinceMs: number | undefined }[] {
    return this.#jobs.map(({ job: { name, dueSinceMs } }) => ({ name, dueSinceMs }));
  }

  /** Stops starting work and resolves when what is under way has ended. */
  async drain(): Promise<void> {
    await Promise.all(this.#jobs.map(({ job }) => job.stop()));
  }

  /** Cuts the requests under way; their effects are found again at the next start. */
  abort(): void {
    this.#abort.abort(new Error('told twice to stop'));
  }
}

function createJobs(parts: DaemonParts, abort: AbortSignal): { job: Job; schedule: string }[] {
  const { config, store, clock, log } = parts;
  const { flows, polling } = config;
  const clients = createClients(parts);
  const activatedAtMs = store.meta.activate(clock.now());
  const { existing } = config.links;
  const isAdmitted = (sessionId: string): boolean => store.admissions.has(sessionId);
  const rules = { activatedAtMs, isEventWanted: eventFilter(config.links.events), existing, isAdmitted };
  const isNamed = ({ id, eventId }: Session): boolean =>
    existing.some(({ session, event }) => session === id || event === eventId);
  const reading = { livestorm: clients.livestorm, store, clock, log };
  const applying = { ...parts, ...clients, importFrom: config.bulk.pardotImportFrom };
  const job = (name: string, run: JobParts['run'], followers: readonly Job[] = []): Job =>
    new Job({ name, run, followers, clock, log, runs: store.jobRuns, abort });

  const registrations = job(
    'registrations',
    registrationsReconciler({
      ...applying,
      rules: registrationRules(config),
      brake: createBrake({ store, log, rules: brakeRules(config) }),
      jobs: registrationJobs({ ...applying, startNew: config.bulk.livestormJobs }),
    }),
  );
  const backfill = job('backfill', backfillReconciler({ ...applying, rules: registrationRules(config) }));
  const links = job('session_links', sessionLinksReconciler({ ...applying, rules }));
  const attendance = job('attendance', attendanceReconciler({ ...applying, rules: attendanceRules(config) }));
  const sessions = job('sessions', sessionsPoller({ ...reading, activatedAtMs, isNamed }), [
    links,
    registrations,
  ]);
  const campaigns = job('campaigns', campaignsPoller({ ...reading, pardot: clients.pardot }), [
    links,
    registrations,
  ]);
  const prospectFields = [...new Set(config.fields.registration.values())];
  const fromForms = { pardot: clients.pardot, store, clock, prospectFields };
  const lookbackMs = config.safety.lookbackMinutes * MINUTE;
  const submissions = job(
    'form_submissions',
    formSubmissionsPoller({ ...fromForms, activatedAtMs, lookbackMs }),
    [registrations],
  );
  const awaited = job('awaited_prospects', awaitedProspectsPoller(fromForms), [registrations]);
  const people = job(
    'people',
    peopleReconciler({
      ...applying,
      flows,
      removeUnregistered: config.lists.removeUnregistered,
      prospectRules: { fields: config.fields.prospect, recycleBin: config.safety.recycleBin },
    }),
  );
  const ended = job('ended_sessions', endedSessionsPoller(reading), [attendance, people]);
  const registrants = job('registrants', registrantsPoller(reading), [people]);
  const replays = job('replay_views', replayViewsPoller({ ...reading, afterAttendance: flows.attendance }), [
    attendance,
    people,
  ]);
  const { peopleDays } = config.retention;
  const erasing = job('retention', retention({ store, clock, peopleDays }));
  return [
    { job: sessions, schedule: polling.sessions, on: true },
    { job: links, schedule: RECONCILE, on: true },
    { job: campaigns, schedule: polling.campaigns, on: true },
    { job: submissions, schedule: polling.formSubmissions, on: flows.formRegistrations },
    { job: awaited, schedule: RECONCILE, on: flows.formRegistrations },
    { job: registrations, schedule: RECONCILE, on: flows.formRegistrations },
    { job: backfill, schedule: RECONCILE, on: flows.formRegistrations },
    { job: registrants, schedule: polling.registrants, on: flows.registrants },
    { job: ended, schedule: polling.endedSessions, on: flows.attendance },
    { job: replays, schedule: polling.replays, on: flows.replays },
    { job: people, schedule: RECONCILE, on: true },
    { job: attendance, schedule: RECONCILE, on: flows.customFields && (flows.attendance || flows.replays) },
    { job: erasing, schedule: RETENTION, on: true },
  ].filter(({ on }) => on);
}

function createClients(parts: DaemonParts): {
  livestorm: LivestormClient;
  livestormJobs: LivestormJobsClient;
  pardot: PardotClient;
  pardotPeople: PardotPeopleClient;
  pardotImports: PardotImportsClient;
  salesforce: SalesforceClient;
} {
  const { livestorm, pardot, salesforce } = createConnections(parts);
  const { campaignExternalIdField, campaignRecordTypeId } = parts.config.salesforce;
  return {
    livestorm: new LivestormClient(livestorm),
    livestormJobs: new LivestormJobsClient(livestorm),
    pardot: new PardotClient(pardot),
    pardotPeople: new PardotPeopleClient(pardot),
    pardotImports: new PardotImportsClient(pardot),
    salesforce: new SalesforceClient({
      ...salesforce,
      externalIdField: campaignExternalIdField,
      recordTypeId: campaignRecordTypeId ?? undefined,
    }),
  };
}

/** Who is registered, and with what. */
export function registrationRules({
  fields,
  safety,
}: Config): Parameters<typeof registrationsReconciler>[0]['rules'] {
  return {
    fields: fields.registration,
    allowedDomains: safety.allowedDomains,
    deniedDomains: safety.deniedDomains,
  };
}

function brakeRules({ safety }: Config): Parameters<typeof createBrake>[0]['rules'] {
  return { burst: safety.burstHold, change: safety.changeHold };
}

function attendanceRules({ fields, flows }: Config): Parameters<typeof attendanceReconciler>[0]['rules'] {
  return { mapping: fields.attendance, attendance: flows.attendance, replays: flows.replays };
}
