import {
  type Attendance,
  type EventField,
  emailKey,
  type FieldValue,
  type LivestormEvent,
  type Registrant,
  type ReplayView,
  SESSION_STATUSES,
  type Session,
  type SessionStatus,
} from '../domain.ts';
import {
  countOrNull,
  FieldProblem,
  instantWithin,
  isAbsent,
  type JsonObject,
  numberOrNull,
  objectOrNull,
  readFlag,
  requireArray,
  requireObject,
  requireText,
  textOrNull,
  textsOf,
} from './json.ts';

const ANONYMOUS_DOMAIN = '@unknown.livestorm.co';

/** A session resource (livestorm.md §5.2). */
export function readSession(resource: JsonObject): Session {
  const row = requireObject(resource.attributes, 'attributes');
  const createdAtMs = requireInstant(row.created_at, 'created_at');
  return {
    id: requireText(resource.id, 'id'),
    eventId: requireText(textOrNull(row.event_id) ?? row.event_type_id, 'event_id'),
    status: readStatus(row.status),
    name: textOrNull(row.name),
    estimatedStartedAtMs: instantOrNull(row.estimated_started_at, 'estimated_started_at'),
    startedAtMs: instantOrNull(row.started_at, 'started_at'),
    endedAtMs: instantOrNull(row.ended_at, 'ended_at'),
    canceledAtMs: instantOrNull(row.canceled_at, 'canceled_at'),
    createdAtMs,
    updatedAtMs: instantOrNull(row.updated_at, 'updated_at') ?? createdAtMs,
    registrantsCount: countOrNull(row.registrants_count, 'registrants_count') ?? 0,
    isBreakoutRoom: !isAbsent(row.breakout_room_parent_session_id),
  };
}

function readStatus(value: unknown): SessionStatus {
  if (value === 'cancelled') return 'canceled';
  return SESSION_STATUSES.find((status) => status === value) ?? 'unknown';
}

/** An event resource with its registration form (livestorm.md §5.1). */
export function readEvent(resource: JsonObject): LivestormEvent {
  const row = requireObject(resource.attributes, 'attributes');
  const minutes = countOrNull(row.estimated_duration, 'estimated_duration');
  return {
    id: requireText(resource.id, 'id'),
    title: requireText(row.title, 'title'),
    published: row.status === 'published',
    schedulingStatus: textOrNull(row.scheduling_status) ?? 'unknown',
    estimatedDurationMs: minutes ? instantWithin(minutes * 60_000) : null,
    fields: requireArray(row.fields, 'fields').map(readEventField),
  };
}

function readEventField(value: unknown): EventField {
  const field = requireObject(value, 'fields[]');
  return {
    id: requireText(field.id, 'fields[].id'),
    required: readFlag(field.required, 'fields[].required'),
    type: textOrNull(field.type) ?? 'text',
    multipleAnswers: readFlag(
      objectOrNull(field.options)?.multiple_answers,
      'fields[].options.multiple_answers',
    ),
  };
}

/**
 * A person of a session's people list (livestorm.md §5.3). Null for people who are no attendees (team members,
 * guest speakers) and whose row lacks what every attendee has; a `FieldProblem` when an attendee's row does.
 */
export function readRegistrant(resource: JsonObject): Registrant | null {
  const row = requireObject(resource.attributes, 'attributes');
  const detail = objectOrNull(row.registrant_detail);
  const role = readRole(row.role);
  try {
    return readPerson(resource, row, requireObject(detail, 'registrant_detail'), role);
  } catch (error) {
    const isAttendee = role !== 'team_member' && detail?.is_guest_speaker !== true;
    if (isAttendee || !(error instanceof FieldProblem)) throw error;
    return null;
  }
}

function readPerson(
  resource: JsonObject,
  row: JsonObject,
  detail: JsonObject,
  role: Registrant['role'],
): Registrant {
  const fields = readFieldValues(detail.fields);
  const email = requireText(textOrNull(row.email) ?? fields.email, 'email');
  return {
    personId: requireText(resource.id, 'id'),
    email,
    firstName: textOrNull(row.first_name),
    lastName: textOrNull(row.last_name),
    role,
    isGuestSpeaker: readFlag(detail.is_guest_speaker, 'registrant_detail.is_guest_speaker'),
    isAnonymous: emailKey(email).endsWith(ANONYMOUS_DOMAIN),
    registeredAtMs: requireInstant(detail.created_at, 'registrant_detail.created_at'),
    fields,
    attendance: readAttendance(row, detail),
    replay: readReplay(row, detail),
  };
}

export function readRole(value: unknown): Registrant['role'] {
  return value === 'participant' || value === 'team_member' ? value : 'unknown';
}

/** `attended` sits inside `registrant_detail`, the counts beside it. */
function readAttendance(row: JsonObject, detail: JsonObject): Attendance {
  return {
    attended: readFlag(detail.attended, 'registrant_detail.attended'),
    durationSeconds: countOrNull(detail.attendance_duration, 'registrant_detail.attendance_duration') ?? 0,
    rate: numberOrNull(detail.attendance_rate, 'registrant_detail.attendance_rate'),
    messages: countOrNull(row.messages_count, 'messages_count') ?? 0,
    questions: countOrNull(row.questions_count, 'questions_count') ?? 0,
  };
}

/** Any detail object or the flag counts as viewed; a time that cannot be read does not undo the view. */
function readReplay(row: JsonObject, detail: JsonObject): ReplayView | null {
  const view = objectOrNull(row.replay_view_detail) ?? objectOrNull(detail.replay_view_detail);
  if (!view && !readFlag(detail.has_viewed_replay, 'registrant_detail.has_viewed_replay')) return null;
  return { watchedAtMs: parseInstant(view?.watched_at) };
}

function readFieldValues(value: unknown): Record<string, FieldValue | null> {
  if (isAbsent(value)) return {};
  return Object.fromEntries(
    requireArray(value, 'registrant_detail.fields').map((entry) => {
      const field = requireObject(entry, 'registrant_detail.fields[]');
      return [requireText(field.id, 'registrant_detail.fields[].id'), readFieldValue(field.value)];
    }),
  );
}

function readFieldValue(value: unknown): FieldValue | null {
  if (Array.isArray(value)) return textsOf(value);
  if (typeof value === 'boolean') return String(value);
  return value === '' ? '' : textOrNull(value);
}

function requireInstant(value: unknown, field: string): number {
  const atMs = instantOrNull(value, field);
  if (atMs === null) throw new FieldProblem(field, 'is missing');
  return atMs;
}

/** 0, null, '' and absence alike mean that it has not happened (livestorm.md §2.1). */
function instantOrNull(value: unknown, field: string): number | null {
  if (isAbsent(value) || value === 0 || value === '0') return null;
  const atMs = parseInstant(value);
  if (atMs === null) throw new FieldProblem(field, 'is no time');
  return atMs;
}

/** Unix seconds as number or text, or ISO 8601 with UTC as the default zone; null for anything else. */
function parseInstant(value: unknown): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const number = Number(value);
  if (value !== '' && Number.isFinite(number)) return number > 0 ? instantWithin(number * 1000) : null;
  const text = String(value);
  const atMs = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(atMs) ? null : atMs;
}
