import type { SessionRecord } from '../model.ts';
import { attendeesCount, sessionDurationSeconds, sessionStatus, sessionUpdatedAtMs } from '../readings.ts';
import type { State } from '../state.ts';
import { type Resource, seconds } from './resource.ts';

/** vendor sheet §5.2. `registrants_count` includes team members. */
export function renderSession(state: State, session: SessionRecord): Resource {
  return {
    id: session.id,
    type: 'sessions',
    attributes: {
      event_id: session.eventId,
      status: sessionStatus(state, session),
      timezone: session.timezone,
      room_link: `https://app.livestorm.co/p/${session.eventId}/live?s=${session.id}`,
      name: session.name,
      attendees_count: attendeesCount(state, session),
      duration: sessionDurationSeconds(session),
      estimated_started_at: seconds(session.startsAtMs),
      started_at: seconds(session.startedAtMs),
      ended_at: seconds(session.endedAtMs),
      canceled_at: seconds(session.canceledAtMs),
      created_at: seconds(session.createdAtMs),
      updated_at: seconds(sessionUpdatedAtMs(state, session)),
      registrants_count: session.registrations.size,
      breakout_room_parent_session_id: session.breakoutOf,
    },
  };
}
