import { join } from 'node:path';
import type { Vendor } from '../domain.ts';
import { Admissions } from './admissions.ts';
import { AgedPeople } from './aged-people.ts';
import { AttendanceRecords } from './attendance.ts';
import { CarriedEffects } from './carried.ts';
import { Checkpoints } from './checkpoints.ts';
import { Database } from './database.ts';
import { Decisions } from './decisions.ts';
import { Effects } from './effects.ts';
import { Failures } from './failures.ts';
import { Figures } from './figures.ts';
import {
  type FormTraffic,
  formTraffic,
  latestSubmissions,
  submissionsReadSince,
  submissionsSince,
} from './form-traffic.ts';
import { Holds } from './holds.ts';
import { JobRuns } from './job-runs.ts';
import { Keeping } from './keeping.ts';
import { Kept } from './kept.ts';
import { Links } from './links.ts';
import { Meta } from './meta.ts';
import { Moves } from './moves.ts';
import { Pauses } from './pauses.ts';
import { type PersonInSession, peopleChangedAtMs, peopleOf, unregisteredFrom } from './people.ts';
import { knownAddresses, type PersonHistory, personHistory } from './person-history.ts';
import { Registrants } from './registrants.ts';
import { RegistrationJobs } from './registration-jobs.ts';
import { Registrations } from './registrations.ts';
import { SessionProspects } from './session-prospects.ts';
import { Sessions } from './sessions.ts';
import { type KnownSubmission, Submissions } from './submissions.ts';

export function stateFile(stateDir: string): string {
  return join(stateDir, 'state.db');
}

export function lockFile(stateDir: string): string {
  return join(stateDir, 'daemon.lock');
}

/** The state: the only place where the read side and the write side meet. */
export class Store {
  readonly meta: Meta;
  readonly checkpoints: Checkpoints;
  readonly jobRuns: JobRuns;
  readonly sessions: Sessions;
  readonly links: Links;
  readonly submissions: Submissions;
  readonly registrations: Registrations;
  readonly registrationJobs: RegistrationJobs;
  readonly registrants: Registrants;
  readonly sessionProspects: SessionProspects;
  readonly attendance: AttendanceRecords;
  readonly effects: Effects;
  readonly carried: CarriedEffects;
  readonly keeping: Keeping;
  readonly aged: AgedPeople;
  readonly failures: Failures;
  readonly pauses: Pauses;
  readonly admissions: Admissions;
  readonly holds: Holds;
  readonly decisions: Decisions;
  readonly moves: Moves;
  readonly figures: Figures;
  readonly kept: Kept;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.meta = new Meta(db);
    this.checkpoints = new Checkpoints(db);
    this.jobRuns = new JobRuns(db);
    this.sessions = new Sessions(db);
    this.links = new Links(db);
    this.submissions = new Submissions(db);
    this.registrations = new Registrations(db);
    this.registrationJobs = new RegistrationJobs(db);
    this.registrants = new Registrants(db);
    this.sessionProspects = new SessionProspects(db);
    this.attendance = new AttendanceRecords(db);
    this.effects = new Effects(db);
    this.carried = new CarriedEffects(db);
    this.keeping = new Keeping(db);
    this.aged = new AgedPeople(db);
    this.failures = new Failures(db);
    this.pauses = new Pauses(db);
    this.admissions = new Admissions(db);
    this.holds = new Holds(db);
    this.decisions = new Decisions(db);
    this.moves = new Moves(db);
    this.figures = new Figures(db);
    this.kept = new Kept(db);
  }

  /** Everything `work` writes becomes durable together, or not at all. */
  transaction<T>(work: () => T): T {
    return this.#db.transaction(work);
  }

  /** The people of one linked session, from whichever side they registered, page by page. */
  people(sessionId: string): Generator<PersonInSession> {
    return peopleOf(this.#db, sessionId);
  }

  peopleChangedAtMs(sessionId: string): number {
    return peopleChangedAtMs(this.#db, sessionId);
  }

  /** Prospects of people who have been unregistered in Livestorm. */
  unregistered(sessionId: string): ReturnType<typeof unregisteredFrom> {
    return unregisteredFrom(this.#db, sessionId);
  }

  /** Everything about one address. */
  history(emailKey: string): PersonHistory {
    return personHistory(this.#db, emailKey);
  }

  /** Every address that submitted or is in a people list, in lower case. */
  knownAddresses(): string[] {
    return knownAddresses(this.#db);
  }

  /** Everything that was ever submitted, by form. */
  formTraffic(): FormTraffic[] {
    return formTraffic(this.#db);
  }

  /** How many came through a form (`form:ID`) since. */
  submissionsSince(form: string, sinceMs: number): number {
    return submissionsSince(this.#db, form, sinceMs);
  }

  /** How many of any form were read that are not older. */
  submissionsReadSince(sinceMs: number): number {
    return submissionsReadSince(this.#db, sinceMs);
  }

  /** The newest submissions of a form (`form:ID`) with a prospect. */
  latestSubmissions(form: string, limit: number): KnownSubmission[] {
    return latestSubmissions(this.#db, form, limit);
  }

  /** What a vendor's governor saved, as it saved it. */
  loadGovernor<T>(vendor: Vendor): T | undefined {
    const row = this.#db.get<{ saved: string }>('SELECT saved FROM governor WHERE vendor = ?', vendor);
    return row && (JSON.parse(row.saved) as T);
  }

  saveGovernor(vendor: Vendor, saved: unknown): void {
    this.#db.run(
      'INSERT INTO governor (vendor, saved) VALUES (?, ?) ON CONFLICT (vendor) DO UPDATE SET saved = excluded.saved',
      vendor,
      JSON.stringify(saved),
    );
  }

  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]();
  }
}

/** The daemon's own, writable state. */
export function openStore(stateDir: string): Store {
  return new Store(Database.open(stateFile(stateDir)));
}

/** For commands that change something beside the daemon, in short transactions. */
export function openStoreBeside(stateDir: string): Store {
  return new Store(Database.openBeside(stateFile(stateDir)));
}

/** A backup, to be written to; one of an older version is brought up to this one. Throws `StateError`. */
export function openBackup(file: string): Store {
  return new Store(Database.open(file));
}

/** A backup as it is. Throws `StateError`. */
export function openBackupReadOnly(file: string): Store {
  return new Store(Database.openReadOnly(file));
}

/** For commands that look on beside the daemon. */
export function openStoreReadOnly(stateDir: string): Store {
  return new Store(Database.openReadOnly(stateFile(stateDir)));
}

/** Throws `StateError` when there is none yet. */
export function requireState(stateDir: string): void {
  Database.mustExist(stateFile(stateDir));
}

/** For a dry run: reads like the real one, forgets everything it is told. */
export function openStoreCopy(stateDir: string): Store {
  return new Store(Database.openCopy(stateFile(stateDir)));
}
