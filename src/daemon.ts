import type { Dispatcher } from 'undici';
import { LivestormClient } from './clients/livestorm.ts';
import { LivestormJobsClient } from './clients/livestorm-jobs.ts';
import { PardotClient } from './clients/pardot.ts';
import { PardotImportsClient } from './clients/pardot-imports.ts';
import { PardotPeopleClient } from './clients/pardot-people.ts';
import { SalesforceClient } from './clients/salesforce.ts';
import type { Clock } from './clock.ts';
import { createConnections } from './composition.ts';
import type { Config } from './config/config.ts';
import type { Counts } from './job.ts';
import { type Clients, createJobs, type ScheduledJob } from './jobs.ts';
import type { Logger } from './logger.ts';
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

/**
 * Puts all parts together. Stores the time of activation at the very first call, and lets what was parked for
 * credentials or quota try again, since a new start may have brought better ones. Nothing else happens before
 * `start` or `runOnce`.
 */
export function createDaemon(parts: DaemonParts): Daemon {
  const abort = new AbortController();
  const activatedAtMs = parts.store.meta.activate(parts.clock.now());
  parts.store.effects.releaseParked(parts.clock.now());
  const clients = createClients(parts);
  return new Daemon(createJobs({ ...parts, clients, activatedAtMs, abort: abort.signal }), abort);
}

export class Daemon {
  readonly #abort: AbortController;
  /** In the order in which one feeds the next. */
  readonly #jobs: readonly ScheduledJob[];

  constructor(jobs: readonly ScheduledJob[], abort: AbortController) {
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

function createClients(parts: DaemonParts): Clients {
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
