/** The marketing app extension that every new sandbox has, so that external activities work as it stands. */
export const LIVESTORM_EXTENSION = {
  developerName: 'Livestorm',
  label: 'Livestorm',
  types: [
    { developerName: 'Registered', label: 'People registered' },
    { developerName: 'Attended', label: 'Session attended' },
    { developerName: 'NotAttended', label: 'Session not attended' },
    { developerName: 'AttendanceDuration', label: 'Attendance duration' },
    { developerName: 'MessagesSent', label: 'Number of messages sent' },
    { developerName: 'QuestionsAsked', label: 'Number of questions asked' },
    { developerName: 'WatchedReplay', label: 'Has watched replay' },
    { developerName: 'WatchedOnDemand', label: 'Has watched on-demand' },
  ],
} as const;
