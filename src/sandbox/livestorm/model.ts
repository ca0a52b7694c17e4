/** What a Livestorm workspace remembers. Instants are epoch milliseconds; null means "not happened". */

export type FieldValue = string | readonly string[];

/** One question of an event's registration form (vendor sheet §5.1). */
export interface FormField {
  readonly id: string;
  readonly type?: 'text' | 'file' | 'multiple';
  readonly required?: boolean;
  /** False for the built-in ones: email, first_name, last_name, avatar. */
  readonly custom?: boolean;
  /** For `multiple`: what can be chosen. */
  readonly options?: readonly string[];
  readonly multipleAnswers?: boolean;
}

export const SCHEDULING_STATUSES = [
  'live',
  'upcoming',
  'on_demand',
  'ended',
  'not_started',
  'draft',
  'cancelled',
  'not_scheduled',
] as const;
export type SchedulingStatus = (typeof SCHEDULING_STATUSES)[number];

export interface EventRecord {
  readonly id: string;
  title: string;
  publishedAtMs: number | null;
  /** Set by hand; null follows from the sessions. */
  schedulingOverride: SchedulingStatus | null;
  readonly estimatedDurationMinutes: number;
  readonly fields: readonly FormField[];
  readonly createdAtMs: number;
  updatedAtMs: number;
}

/** What is stored; `past_not_started` is only ever computed. */
export type SessionPhase = 'draft' | 'upcoming' | 'live' | 'past' | 'on_demand' | 'canceled';
export type SessionStatus = SessionPhase | 'past_not_started';

export interface SessionRecord {
  readonly id: string;
  readonly eventId: string;
  name: string | null;
  timezone: string;
  phase: SessionPhase;
  startsAtMs: number;
  startedAtMs: number | null;
  endedAtMs: number | null;
  canceledAtMs: number | null;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** The parent session of a breakout room. */
  readonly breakoutOf: string | null;
  /** By person id, in the order of registration. */
  readonly registrations: Map<string, Registration>;
  /** Confirmation e-mails sent, by person id; outlives an unregistration. */
  readonly confirmations: Map<string, number>;
}

/** A contact of the workspace: the same id in every session it belongs to. */
export interface PersonRecord {
  readonly id: string;
  readonly email: string;
  firstName: string | null;
  lastName: string | null;
  readonly role: 'participant' | 'team_member';
  readonly isAnonymous: boolean;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

/** `workspace`: put there by Livestorm itself (team members, speakers, anonymous people). */
export type RegisteredBy = 'api' | 'bulk' | 'page' | 'workspace';

/** Figures of one person's attendance. */
export interface Presence {
  readonly durationSeconds: number;
  readonly messages: number;
  readonly questions: number;
}

export interface Registration {
  readonly person: PersonRecord;
  readonly sessionId: string;
  readonly registeredBy: RegisteredBy;
  readonly isGuestSpeaker: boolean;
  readonly createdAtMs: number;
  updatedAtMs: number;
  readonly fields: Readonly<Record<string, FieldValue | null>>;
  /** referrer and utm_*. */
  readonly tracking: Readonly<Record<string, string | null>>;
  readonly passwordKey: string | null;
  /** What really happened; null when the person never came. */
  presence: Presence | null;
  /** What the API shows before the correction, instead of nine tenths of the duration; `absent`: nobody came. */
  firstShown: Partial<Presence> | 'absent' | null;
  replayWatchedAtMs: number | null;
}

export interface JobTask {
  readonly id: string;
  readonly email: string | null;
  /** null when it succeeded. */
  readonly failure: { readonly status: number; readonly detail: string } | null;
}

export interface Job {
  readonly id: string;
  readonly createdAtMs: number;
  readonly tasks: readonly JobTask[];
}
