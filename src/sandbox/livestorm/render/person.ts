import type { FormField, PersonRecord, Registration, SessionRecord } from '../model.ts';
import { attendanceReading, registrationUpdatedAtMs } from '../readings.ts';
import { eventOf, type State } from '../state.ts';
import { type Resource, seconds } from './resource.ts';

/** A contact of the workspace, as `/people` and an event's owner show it. */
export function renderContact(person: PersonRecord): Resource {
  return {
    id: person.id,
    type: 'people',
    attributes: {
      role: person.role,
      created_at: seconds(person.createdAtMs),
      updated_at: seconds(person.updatedAtMs),
      timezone: person.role === 'team_member' ? 'Europe/Paris' : null,
      first_name: person.firstName,
      last_name: person.lastName,
      email: person.email,
      avatar_link: null,
    },
  };
}

/** A person of an event: `registrant_detail` is short (vendor sheet §4.2). */
export function renderEventPerson(
  state: State,
  session: SessionRecord,
  registration: Registration,
): Resource {
  const contact = renderContact(registration.person);
  const detail = {
    event_id: session.eventId,
    created_at: seconds(registration.createdAtMs),
    updated_at: seconds(registrationUpdatedAtMs(state, session, registration)),
    fields: renderAnswers(eventOf(state, session).fields, registration),
  };
  return { ...contact, attributes: { ...contact.attributes, registrant_detail: detail } };
}

/** A person of a session (vendor sheet §5.3). */
export function renderRegistrant(state: State, session: SessionRecord, registration: Registration): Resource {
  const contact = renderContact(registration.person);
  const { messages, questions } = attendanceReading(state, session, registration);
  const watchedAtMs = registration.replayWatchedAtMs;
  return {
    ...contact,
    attributes: {
      ...contact.attributes,
      registrant_detail: renderDetail(state, session, registration),
      messages_count: messages,
      questions_count: questions,
      votes_count: 0,
      up_votes_count: 0,
      replay_view_detail: watchedAtMs === null ? null : { watched_at: seconds(watchedAtMs) },
    },
  };
}

function renderDetail(state: State, session: SessionRecord, registration: Registration): unknown {
  const reading = attendanceReading(state, session, registration);
  return {
    event_id: session.eventId,
    session_id: session.id,
    created_at: seconds(registration.createdAtMs),
    updated_at: seconds(registrationUpdatedAtMs(state, session, registration)),
    fields: renderAnswers(eventOf(state, session).fields, registration),
    ...UNTRACKED,
    ...registration.tracking,
    password_key: registration.passwordKey,
    connection_link: connectionLink(session, registration),
    attended: reading.attended,
    attendance_rate: reading.rate,
    attendance_duration: reading.durationSeconds,
    has_viewed_replay: registration.replayWatchedAtMs !== null,
    registration_type: REGISTRATION_TYPES[registration.registeredBy],
    is_highlighted: false,
    is_guest_speaker: registration.isGuestSpeaker,
    session_role: null,
  };
}

const UNTRACKED = {
  referrer: null,
  utm_source: null,
  utm_medium: null,
  utm_term: null,
  utm_content: null,
  utm_campaign: null,
  browser_version: null,
  browser_name: null,
  os_name: null,
  os_version: null,
  screen_height: null,
  screen_width: null,
  ip_city: null,
  ip_country_code: null,
  ip_country_name: null,
};

/** Only `API` is known; the other words are this sandbox's own. */
const REGISTRATION_TYPES: Readonly<Record<Registration['registeredBy'], string | null>> = {
  api: 'API',
  bulk: 'API',
  page: 'Registration page',
  workspace: null,
};

/** Every field of the form. Rows that nobody filled in have null even for the e-mail. */
function renderAnswers(form: readonly FormField[], registration: Registration): unknown[] {
  const extra = Object.keys(registration.fields).filter((id) => !form.some((field) => field.id === id));
  return [...form, ...extra.map((id): FormField => ({ id }))].map((field) => ({
    id: field.id,
    type: field.type ?? 'text',
    value: registration.fields[field.id] ?? (field.multipleAnswers ? [] : null),
    required: field.required ?? null,
    ...(field.custom ? { custom: true } : {}),
  }));
}

function connectionLink(session: SessionRecord, { person, passwordKey }: Registration): string {
  const key = passwordKey === null ? '' : `&key=${passwordKey}`;
  const email = encodeURIComponent(person.email);
  return `https://app.livestorm.co/p/${session.eventId}/live?email=${email}${key}&s=${session.id}`;
}
