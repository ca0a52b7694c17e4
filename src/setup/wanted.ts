import type { Config } from '../config/config.ts';
import type { AttendanceValue } from '../domain.ts';

/**
 * What is done with a prospect field: `read`, or written with a number, an instant, one of a few fixed words
 * (`choice`), other `text`, or whatever somebody answered in Livestorm (`answer`).
 */
export type FieldUse = 'read' | 'number' | 'instant' | 'choice' | 'text' | 'answer';

export interface WantedField {
  /** API name of the prospect field. */
  readonly name: string;
  /** The map of the configuration that names it. */
  readonly key: string;
  /** What goes into it, or where its value goes. */
  readonly value: string;
  readonly use: FieldUse;
}

/** What the configuration needs to find in Salesforce and Account Engagement. */
export interface Wanted {
  readonly businessUnitId: string;
  /** On Campaign. */
  readonly externalIdField: string;
  readonly externalActivities: boolean;
  readonly fields: readonly WantedField[];
}

const USES: Readonly<Record<AttendanceValue, FieldUse>> = {
  attended: 'choice',
  duration_seconds: 'number',
  attendance_rate: 'number',
  messages: 'number',
  questions: 'number',
  session_name: 'text',
  session_started_at: 'instant',
  session_id: 'text',
  replay_watched: 'choice',
  replay_watched_at: 'instant',
  replay_session_name: 'text',
};

/** Only what flows that are on use. */
export function wantedSetup({ pardot, salesforce, flows, fields }: Config): Wanted {
  const writesAttendance = flows.customFields && (flows.attendance || flows.replays);
  const attendance = [...fields.attendance].map(([name, value]) => ({
    name,
    key: 'fields.attendance',
    value,
    use: USES[value],
  }));
  const prospect = [...fields.prospect].map(
    ([name, { from }]) => ({ name, key: 'fields.prospect', value: from, use: 'answer' }) as const,
  );
  const registration = [...fields.registration].map(
    ([value, name]) => ({ name, key: 'fields.registration', value, use: 'read' }) as const,
  );
  return {
    businessUnitId: pardot.businessUnitId,
    externalIdField: salesforce.campaignExternalIdField,
    externalActivities: flows.externalActivities,
    fields: [
      ...(writesAttendance ? attendance : []),
      ...(flows.registrants ? prospect : []),
      ...(flows.formRegistrations ? registration : []),
    ],
  };
}
