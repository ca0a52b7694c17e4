/**
 * External activities: one extension with a small fixed set of types, since neither can ever be deleted in Salesforce
 * (salesforce.md §6).
 */
export const ACTIVITY_EXTENSION = 'Livestorm';

/** Developer name → what people see in Account Engagement. */
export const ACTIVITY_TYPES = {
  Registered: 'People registered',
  Attended: 'Session attended',
  NotAttended: 'Session not attended',
  AttendanceDuration: 'Attendance duration',
  MessagesSent: 'Number of messages sent',
  QuestionsAsked: 'Number of questions asked',
  WatchedReplay: 'Has watched replay',
  WatchedOnDemand: 'Has watched on-demand',
} as const;
export type ActivityType = keyof typeof ACTIVITY_TYPES;
