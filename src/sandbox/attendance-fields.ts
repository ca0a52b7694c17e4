/** A prospect field that a connector may write attendance into, and what belongs there. */
export interface AttendanceField {
  /** Without the `__c` that the API adds. */
  readonly fieldId: string;
  readonly name: string;
  readonly type: 'Text' | 'Number';
  /** Name of the value in the daemon's configuration. */
  readonly source: string;
}

/** The custom fields every new sandbox has, so that its configuration works as it stands. */
export const ATTENDANCE_FIELDS: readonly AttendanceField[] = [
  { fieldId: 'Webinar_Attended', name: 'Webinar attended', type: 'Text', source: 'attended' },
  { fieldId: 'Webinar_Duration', name: 'Webinar duration', type: 'Number', source: 'duration_seconds' },
  { fieldId: 'Webinar_Rate', name: 'Webinar attendance rate', type: 'Number', source: 'attendance_rate' },
  { fieldId: 'Webinar_Messages', name: 'Webinar messages', type: 'Number', source: 'messages' },
  { fieldId: 'Webinar_Questions', name: 'Webinar questions', type: 'Number', source: 'questions' },
  { fieldId: 'Webinar_Session', name: 'Webinar session', type: 'Text', source: 'session_name' },
  { fieldId: 'Webinar_Started_At', name: 'Webinar started at', type: 'Text', source: 'session_started_at' },
  {
    fieldId: 'Webinar_Replay_Watched',
    name: 'Webinar replay watched',
    type: 'Text',
    source: 'replay_watched',
  },
  {
    fieldId: 'Webinar_Replay_At',
    name: 'Webinar replay watched at',
    type: 'Text',
    source: 'replay_watched_at',
  },
];
