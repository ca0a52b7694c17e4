import { createHash } from 'node:crypto';
import { isoSeconds } from '../clock.ts';
import { type AttendanceValue, REPLAY_VALUES } from '../domain.ts';
import type { ProspectPart, WrittenFields } from '../store/attendance.ts';
import type { WantedEffect } from '../store/effects.ts';

/** Pardot custom field → source. */
export type AttendanceMapping = ReadonlyMap<string, AttendanceValue>;

/** null clears the field. */
export type FieldWrites = Readonly<Record<string, string | null>>;

export interface FieldsPayload {
  readonly values: FieldWrites;
  /** Whose values they are: a write waits while one of them is paused. */
  readonly flows: readonly ('attendance' | 'replays')[];
}

export interface AttendanceRules {
  readonly mapping: AttendanceMapping;
  readonly attendance: boolean;
  readonly replays: boolean;
}

/**
 * The field write one prospect needs, or null. The newest session wins: `parts` are one prospect's,
 * newest session first. What was written before is not written again.
 */
export function planProspectFields(
  parts: readonly ProspectPart[],
  written: WrittenFields,
  rules: AttendanceRules,
): WantedEffect<FieldsPayload> | null {
  const attended = rules.attendance ? parts.find((part) => part.attendanceRead) : undefined;
  const replayed = rules.replays ? parts.find((part) => part.replayKind !== null) : undefined;
  const newest = attended ?? replayed;
  if (!newest) return null;
  const wanted = [...rules.mapping].flatMap(([field, source]) => {
    const value = wantedValue(source, attended, replayed);
    return value === undefined || value === (written[field] ?? null) ? [] : [[field, value] as const];
  });
  if (wanted.length === 0) return null;
  const values: FieldWrites = Object.fromEntries(wanted.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const { prospectId, sessionId, emailKey } = newest;
  return {
    kind: 'prospect_fields',
    naturalKey: `${prospectId}/${sessionId}/${contentHash(values)}`,
    prospectId,
    sessionId,
    emailKey,
    payload: { values, flows: flowsOf(Object.keys(values), rules.mapping) },
  };
}

function flowsOf(fields: readonly string[], mapping: AttendanceMapping): FieldsPayload['flows'] {
  const isOf = { attendance: false, replays: false };
  for (const field of fields) isOf[isReplayValue(mapping.get(field)) ? 'replays' : 'attendance'] = true;
  return (['attendance', 'replays'] as const).filter((flow) => isOf[flow]);
}

function isReplayValue(source: AttendanceValue | undefined): boolean {
  return (REPLAY_VALUES as readonly (string | undefined)[]).includes(source);
}

/** undefined: nothing is known that this source could be filled from, leave the field alone. */
function wantedValue(
  source: AttendanceValue,
  attended: ProspectPart | undefined,
  replayed: ProspectPart | undefined,
): string | null | undefined {
  const part = isReplayValue(source) ? replayed : attended;
  return part && textOf(source, part);
}

function textOf(source: AttendanceValue, part: ProspectPart): string | null {
  switch (source) {
    case 'attended':
      return String(part.attended);
    case 'duration_seconds':
      return String(part.durationSeconds);
    case 'attendance_rate':
      return part.attendanceRate === null ? null : String(part.attendanceRate);
    case 'messages':
      return String(part.messages);
    case 'questions':
      return String(part.questions);
    case 'session_name':
    case 'replay_session_name':
      return part.eventTitle;
    case 'session_started_at':
      return isoSeconds(part.sessionAtMs);
    case 'session_id':
      return part.sessionId;
    case 'replay_watched':
      return part.replayKind;
    case 'replay_watched_at':
      return part.replayWatchedAtMs === null ? null : isoSeconds(part.replayWatchedAtMs);
  }
}

function contentHash(values: FieldWrites): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
}
