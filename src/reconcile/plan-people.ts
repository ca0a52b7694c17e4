import type { ActivityType } from '../activity-types.ts';
import type { FieldValue, ProspectMatch } from '../domain.ts';
import type { WantedEffect } from '../store/effects.ts';
import type { PersonInSession } from '../store/people.ts';

export interface ProspectRules {
  /** Pardot field → where it comes from and when it may replace what stands there. */
  readonly fields: ReadonlyMap<string, { readonly from: string; readonly overwrite: Overwrite }>;
  readonly recycleBin: 'leave_alone' | 'create_new';
}
/** `never`: only when the prospect is created. */
export type Overwrite = 'always' | 'when_empty' | 'never';

export interface ActivityPayload {
  readonly type: ActivityType;
  readonly value: string;
  readonly happenedAtMs: number;
  /** The prospect has another address by now, which has to be asked for. */
  readonly isReaddressed?: boolean;
}

/** Everybody whose prospect is not known yet gets one; team members, speakers and anonymous people do not count. */
export function planProspect(person: PersonInSession): WantedEffect | null {
  if (person.prospectId !== null) return null;
  const { sessionId, emailKey } = person;
  return { kind: 'prospect', naturalKey: `${sessionId}/${emailKey}`, sessionId, emailKey, payload: {} };
}

export interface MembershipPayload {
  readonly listId: number;
}

/** Everybody of the session goes on its list, once. */
export function planMembership(
  person: Pick<PersonInSession, 'sessionId' | 'emailKey' | 'prospectId'>,
  listId: number,
): WantedEffect<MembershipPayload> | null {
  const { sessionId, emailKey, prospectId } = person;
  if (prospectId === null) return null;
  const naturalKey = `${listId}/${prospectId}`;
  return { kind: 'list_membership', naturalKey, sessionId, emailKey, prospectId, payload: { listId } };
}

/** Somebody was unregistered in Livestorm and leaves the list. */
export function planRemoval(
  person: { readonly emailKey: string; readonly prospectId: number },
  sessionId: string,
  listId: number,
): WantedEffect<MembershipPayload> {
  const { emailKey, prospectId } = person;
  const naturalKey = `${listId}/${prospectId}`;
  return { kind: 'list_removal', naturalKey, sessionId, emailKey, prospectId, payload: { listId } };
}

/**
 * Prospect id → who speaks for its attendance. A prospect may be in a session under several addresses, as when its
 * address is changed between two registrations: it was there as long as the one who was there longest.
 */
export function attendees(people: Iterable<PersonInSession>): ReadonlyMap<number, Attendee> {
  const attending = new Map<number, Attendee>();
  for (const person of people) {
    if (person.prospectId === null || !mayAttend(person)) continue;
    const other = attending.get(person.prospectId);
    const { emailKey, attended, durationSeconds } = person;
    if (!other || wasThereLonger(person, other))
      attending.set(person.prospectId, { emailKey, attended, durationSeconds });
  }
  return attending;
}

/** What is kept of everybody while a session is planned. */
type Attendee = Pick<PersonInSession, 'emailKey' | 'attended' | 'durationSeconds'>;

function wasThereLonger(a: Attendee, b: Attendee): boolean {
  return a.attended === b.attended ? a.durationSeconds > b.durationSeconds : a.attended;
}

/** Who registered after the end came for the recording. */
function mayAttend({ endedAtMs, registeredAtMs }: PersonInSession): boolean {
  return endedAtMs !== null && registeredAtMs <= endedAtMs;
}

/**
 * What happened to the person in the session since activities are told, each once; attendance if they speak for that of
 * their prospect. Activities cannot be corrected later, and what was before stays untold: switching them on is no
 * backfill.
 */
export function planActivities(
  person: PersonInSession,
  isAttendee: boolean,
  sinceMs: number,
): WantedEffect<ActivityPayload>[] {
  if (person.prospectId === null) return [];
  const { sessionId, emailKey, prospectId } = person;
  const all = [...happened(person), ...(isAttendee ? attendance(person) : [])];
  const news = all.filter(({ happenedAtMs }) => happenedAtMs >= sinceMs);
  return news.map((payload) => ({
    kind: 'external_activity',
    naturalKey: `${sessionId}/${emailKey}/${payload.type}`,
    sessionId,
    emailKey,
    prospectId,
    payload,
  }));
}

function happened(person: PersonInSession): ActivityPayload[] {
  const { sessionId: value } = person;
  const activities: ActivityPayload[] = [{ type: 'Registered', value, happenedAtMs: person.registeredAtMs }];
  if (person.replayKind !== null) {
    activities.push({
      type: person.replayKind === 'on_demand' ? 'WatchedOnDemand' : 'WatchedReplay',
      value,
      happenedAtMs: person.replayWatchedAtMs ?? person.changedAtMs,
    });
  }
  return activities;
}

/**
 * That somebody was there is said after the first reading; how long, how much, and that somebody was not there, only
 * when a later reading has found nothing new.
 */
function attendance(person: PersonInSession): ActivityPayload[] {
  const { endedAtMs, sessionId, lastPassAtMs, passes } = person;
  if (endedAtMs === null || lastPassAtMs === null || !mayAttend(person)) return [];
  const isStable = passes >= 2 && person.changedAtMs < lastPassAtMs;
  const say = (type: ActivityType, value: string | number): ActivityPayload => ({
    type,
    value: String(value),
    happenedAtMs: endedAtMs,
  });
  if (!person.attended) return isStable ? [say('NotAttended', sessionId)] : [];
  if (!isStable) return [say('Attended', sessionId)];
  return [
    say('Attended', sessionId),
    say('AttendanceDuration', person.durationSeconds),
    ...(person.messages > 0 ? [say('MessagesSent', person.messages)] : []),
    ...(person.questions > 0 ? [say('QuestionsAsked', person.questions)] : []),
  ];
}

export type ProspectChoice =
  | { readonly kind: 'update'; readonly prospect: ProspectMatch }
  | { readonly kind: 'create' }
  | { readonly kind: 'leave_alone' };

/** Of several prospects with one address the one with the most recent activity (pardot.md §11), never a deleted one. */
export function chooseProspect(
  matches: readonly ProspectMatch[],
  recycleBin: ProspectRules['recycleBin'],
): ProspectChoice {
  const [newest] = matches
    .filter(({ isDeleted }) => !isDeleted)
    .toSorted((a, b) => (b.lastActivityAtMs ?? 0) - (a.lastActivityAtMs ?? 0) || b.id - a.id);
  if (newest) return { kind: 'update', prospect: newest };
  return { kind: matches.length > 0 && recycleBin === 'leave_alone' ? 'leave_alone' : 'create' };
}

/** The values to write: `before` is what the prospect has, undefined when it is about to be created. */
export function valuesFor(
  filledIn: Readonly<Record<string, FieldValue>>,
  before: Readonly<Record<string, FieldValue>> | undefined,
  rules: ProspectRules,
): Record<string, FieldValue> {
  return Object.fromEntries(
    [...rules.fields].flatMap(([field, { from, overwrite }]) => {
      const value = filledIn[from];
      if (value === undefined || !mayWrite(before, field, value, overwrite)) return [];
      return [[field, value] as const];
    }),
  );
}

function mayWrite(
  before: Readonly<Record<string, FieldValue>> | undefined,
  field: string,
  value: FieldValue,
  overwrite: Overwrite,
): boolean {
  if (before === undefined) return true;
  const standing = before[field];
  if (overwrite === 'never' || String(standing ?? '') === String(value)) return false;
  return overwrite === 'always' || standing === undefined || standing.length === 0;
}
