/**
 * The words of the product as types (see STYLE.md). Clients map vendor shapes to these at the boundary; nothing
 * else in `src` knows how a vendor spells anything. Instants are epoch milliseconds (`...AtMs`).
 */

export const VENDORS = ['livestorm', 'pardot', 'salesforce'] as const;
export type Vendor = (typeof VENDORS)[number];

/** Why a call is made: the governor spends the budget in this order, registrations first. */
export const WORK_CLASSES = ['registrations', 'attendance', 'discovery', 'replays', 'backfill'] as const;
export type WorkClass = (typeof WORK_CLASSES)[number];

/** Travels with every call to a vendor. */
export interface Call {
  readonly work: WorkClass;
  readonly signal: AbortSignal;
  /** Aborts when the program drains: whoever still waits for a turn then is not sent any more. */
  readonly stopping?: AbortSignal;
}

export const SESSION_STATUSES = [
  'upcoming',
  'live',
  'on_demand',
  'past',
  'past_not_started',
  'canceled',
  'draft',
] as const;
/** `unknown`: a status this version has not heard of. */
export type SessionStatus = (typeof SESSION_STATUSES)[number] | 'unknown';

export interface Session {
  readonly id: string;
  readonly eventId: string;
  readonly status: SessionStatus;
  readonly name: string | null;
  readonly estimatedStartedAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly canceledAtMs: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Includes team members; a trigger for a re-read, never a proof of completeness (livestorm.md §5.2). */
  readonly registrantsCount: number;
  readonly isBreakoutRoom: boolean;
}

export interface EventField {
  readonly id: string;
  readonly required: boolean;
  /** `multiple` takes an array when `multipleAnswers`. */
  readonly type: string;
  readonly multipleAnswers: boolean;
}

/** A Livestorm event: the thing sessions are sessions of. */
export interface LivestormEvent {
  readonly id: string;
  readonly title: string;
  readonly published: boolean;
  /** Current value; may turn to `on_demand` later. Spelt as the vendor spells it (`cancelled` with two l). */
  readonly schedulingStatus: string;
  readonly estimatedDurationMs: number | null;
  readonly fields: readonly EventField[];
}

export type FieldValue = string | readonly string[];

/** A person in the people list of one session (livestorm.md §5.3). */
export interface Registrant {
  readonly personId: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly role: 'participant' | 'team_member' | 'unknown';
  readonly isGuestSpeaker: boolean;
  /** Livestorm made the address up because the form has no e-mail field (livestorm.md §6.2). */
  readonly isAnonymous: boolean;
  readonly registeredAtMs: number;
  readonly fields: Readonly<Record<string, FieldValue | null>>;
  readonly attendance: Attendance;
  readonly replay: ReplayView | null;
}

export interface Attendance {
  readonly attended: boolean;
  readonly durationSeconds: number;
  /** 0 to 100; null when the vendor gave none. */
  readonly rate: number | null;
  readonly messages: number;
  readonly questions: number;
}

export interface ReplayView {
  /** null when the vendor says only that it was viewed. */
  readonly watchedAtMs: number | null;
}

export type AssetKind = 'form' | 'form_handler' | 'landing_page';

/** A Pardot form, form handler or landing page: what a person submits. */
export interface Asset {
  readonly kind: AssetKind;
  readonly id: number;
  readonly name: string;
  readonly campaignId: number | null;
  /** The form inside a landing page. */
  readonly formId: number | null;
}

/** One type-4 visitor activity: a successful submission (pardot.md §4). */
export interface Submission {
  readonly activityId: number;
  readonly createdAtMs: number;
  /** The campaign recorded on the activity. */
  readonly campaignId: number | null;
  readonly formId: number | null;
  readonly formHandlerId: number | null;
  readonly landingPageId: number | null;
  /** The campaign the asset carries now, as far as the same answer tells. */
  readonly assetCampaignId: number | null;
  /** Name of the form, handler or landing page, for people to read. */
  readonly assetName: string | null;
  /** Address of the form or landing page; Pardot knows none of a form handler. */
  readonly assetUrl: string | null;
  /** null while Pardot has not tied the activity to a prospect yet. */
  readonly prospect: Prospect | null;
}

export interface Prospect {
  readonly id: number;
  readonly email: string | null;
  readonly isDeleted: boolean;
  /** The requested fields under their API names; absent when Pardot gave none. */
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** One of the prospects that share an address. */
export interface ProspectMatch extends Prospect {
  readonly lastActivityAtMs: number | null;
}

/** An external activity to be made (pardot.md §7). */
export interface NewExternalActivity {
  /** Developer names. */
  readonly extension: string;
  readonly type: string;
  readonly email: string;
  /** At most 100 characters. */
  readonly value: string;
  readonly happenedAtMs: number;
}

/** An external activity as Pardot tells it. */
export interface ActivityTrace extends NewExternalActivity {
  /** Whose it is by now; null when Pardot does not say. */
  readonly prospectId: number | null;
}

/** A campaign as Pardot shows it: under Connected Campaigns the mirror of a Salesforce campaign. */
export interface PardotCampaign {
  readonly id: number;
  readonly name: string;
  /** 18 characters, or null for a campaign that is not connected. */
  readonly salesforceId: string | null;
  readonly isDeleted: boolean;
}

export interface PardotList {
  readonly id: number;
  readonly name: string;
  readonly campaignId: number | null;
  readonly description: string | null;
}

/** What a custom field can be filled with about the session somebody attended, and about the replay they watched. */
export const SESSION_VALUES = [
  'attended',
  'duration_seconds',
  'attendance_rate',
  'messages',
  'questions',
  'session_name',
  'session_started_at',
  'session_id',
] as const;
export const REPLAY_VALUES = ['replay_watched', 'replay_watched_at', 'replay_session_name'] as const;
export const ATTENDANCE_VALUES = [...SESSION_VALUES, ...REPLAY_VALUES] as const;
export type AttendanceValue = (typeof ATTENDANCE_VALUES)[number];

/**
 * How things end for a person, one closed set used by logs, metrics, commands, pages and docs alike.
 * The text says it to an admin.
 */
export const OUTCOMES = {
  registered: 'registered in Livestorm',
  already_registered: 'was registered in Livestorm already',
  team_member: 'is a Livestorm team member, not registered',
  session_ended: 'the session had ended before the submission could be registered',
  session_canceled: 'the session is canceled',
  session_not_published: 'the session or its event is not published',
  session_gone: 'the session no longer exists in Livestorm',
  moved: 'moved to another session by the admin',
  before_link: 'submitted before the existing campaign was tied to the session',
  campaign_unlinked: "the form's campaign belongs to no Livestorm session",
  field_unknown: 'registered, without fields that the event does not have',
  invalid_email: 'the e-mail address is missing or invalid',
  denied_domain: 'the e-mail domain is not allowed by the configuration',
  prospect_deleted: 'the prospect was deleted or merged',
  prospect_missing: 'Pardot never tied the submission to a prospect',
  held: 'held back by a brake until an admin releases or discards it',
  discarded: 'discarded by the admin',
  quota_parked: 'waits for call quota or contact allowance',
  auth_parked: 'waits for working credentials',
  forgotten: 'was erased, on request or because of its age; a new submission counts as new',
  dead: 'refused by the vendor or failed too often, an admin must look',
} as const;
export type Outcome = keyof typeof OUTCOMES;

/** The key of a person inside a session: trimmed and lower-cased (pardot.md §3.1, letter case). */
export function emailKey(email: string): string {
  return email.trim().toLowerCase();
}

/** Salesforce ids come with 15 or 18 characters; the first 15 identify the record (salesforce.md §2.4). */
export function sameSalesforceId(a: string, b: string): boolean {
  return a.slice(0, 15) === b.slice(0, 15);
}
