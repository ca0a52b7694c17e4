import { dismiss } from '../enrollment.ts';
import { CHANGE_FILTERS, changedWithin, type Filters, matches } from '../filters.ts';
import type { PersonRecord, Registration, SessionRecord } from '../model.ts';
import { attributesOf, readApplication } from '../payload.ts';
import { attendanceReading, registrationUpdatedAtMs } from '../readings.ts';
import { Refusal } from '../refusal.ts';
import { register } from '../registration.ts';
import { renderContact, renderEventPerson, renderRegistrant } from '../render/person.ts';
import { type State, sessionsOf } from '../state.ts';
import {
  type Answer,
  type ApiRequest,
  eventNamed,
  filtersOf,
  many,
  one,
  type Route,
  sessionNamed,
} from './request.ts';

/** vendor sheet §4.4, §4.5, §6.1, and the people of an event in §4.2. */
export const peopleRoutes: readonly Route[] = [
  ['GET', '/sessions/:id/people', listRegistrants],
  ['POST', '/sessions/:id/people', registerOne],
  ['DELETE', '/sessions/:id/people', removeByEmail],
  ['GET', '/sessions/:id/people/:id', getRegistrant],
  ['DELETE', '/sessions/:id/people/:id', removeById],
  ['GET', '/events/:id/people', listEventPeople],
  ['GET', '/events/:id/people/:id', getEventPerson],
  ['GET', '/people', listContacts],
  ['GET', '/people/:id', getContact],
];

const KNOWN_OF_SESSION = ['role', 'attended', 'email', ...CHANGE_FILTERS];
const KNOWN_OF_PERSON = ['role', 'email'];

function listRegistrants(request: ApiRequest): Answer {
  const { state } = request;
  const session = sessionNamed(request, request.ids[0]);
  const filters = filtersOf(request, KNOWN_OF_SESSION);
  const everybody = [...session.registrations.values()];
  const rows = filters.size === 0 ? everybody : everybody.filter(wantedBy(state, filters, session));
  return many(request, rows, personId, (row) => renderRegistrant(state, session, row));
}

/** A test of one person of the session, made once for all of them. */
function wantedBy(state: State, filters: Filters, session: SessionRecord): (row: Registration) => boolean {
  const isChangeWanted = changeWantedBy(state, filters, session);
  return (row) =>
    isPersonWanted(filters, row.person) &&
    (!filters.has('attended') ||
      matches(filters, 'attended', attendanceReading(state, session, row).attended)) &&
    isChangeWanted(row);
}

function isPersonWanted(filters: Filters, person: PersonRecord): boolean {
  return matches(filters, 'role', person.role) && matches(filters, 'email', person.email);
}

/** Which pair of times is filtered is unknown (vendor sheet §4.4). */
function changeWantedBy(
  state: State,
  filters: Filters,
  session: SessionRecord,
): (row: Registration) => boolean {
  const { peopleTimeFilters: meant, timeFilters } = state.switches;
  if (meant === 'ignored') return () => true;
  const isWanted = changedWithin(filters, timeFilters);
  if (meant === 'person') return ({ person }) => isWanted(person);
  return (row) =>
    isWanted({
      createdAtMs: row.createdAtMs,
      updatedAtMs: registrationUpdatedAtMs(state, session, row),
    });
}

function registerOne(request: ApiRequest): Answer {
  const { state } = request;
  const session = sessionNamed(request, request.ids[0]);
  const application = readApplication(attributesOf(request.body, 'people'));
  return one(201, renderRegistrant(state, session, register(state, session, application, 'api')));
}

function getRegistrant(request: ApiRequest): Answer {
  const [sessionId, id] = request.ids;
  const session = sessionNamed(request, sessionId);
  return one(200, renderRegistrant(request.state, session, registrantNamed(session, id)));
}

function registrantNamed(session: SessionRecord, id: string | undefined): Registration {
  const row = session.registrations.get(id ?? '');
  if (!row) throw new Refusal(404, 'Person Not found');
  return row;
}

function removeById(request: ApiRequest): Answer {
  const [sessionId, id] = request.ids;
  const session = sessionNamed(request, sessionId);
  return remove(request, session, registrantNamed(session, id));
}

function removeByEmail(request: ApiRequest): Answer {
  const session = sessionNamed(request, request.ids[0]);
  const email = filtersOf(request, ['email']).get('email');
  if (!email) throw new Refusal(400, 'filter[email] is missing');
  const row = [...session.registrations.values()].find((each) => each.person.email === email);
  return remove(request, session, registrantNamed(session, row?.person.id));
}

function remove({ state }: ApiRequest, session: SessionRecord, row: Registration): Answer {
  dismiss(state, session, row.person.id, state.switches.unregisterScope);
  return { status: 204 };
}

/** Each person once, as first registered in one of the event's sessions. */
function eventPeople(request: ApiRequest): { session: SessionRecord; row: Registration }[] {
  const event = eventNamed(request, request.ids[0]);
  const people = new Map<string, { session: SessionRecord; row: Registration }>();
  for (const session of sessionsOf(request.state, event.id)) {
    for (const [id, row] of session.registrations) if (!people.has(id)) people.set(id, { session, row });
  }
  return [...people.values()];
}

function listEventPeople(request: ApiRequest): Answer {
  const filters = filtersOf(request, KNOWN_OF_PERSON);
  const people = eventPeople(request).filter(({ row }) => isPersonWanted(filters, row.person));
  return many(
    request,
    people,
    ({ row }) => personId(row),
    ({ session, row }) => renderEventPerson(request.state, session, row),
  );
}

function getEventPerson(request: ApiRequest): Answer {
  const found = eventPeople(request).find(({ row }) => personId(row) === request.ids[1]);
  if (!found) throw new Refusal(404, 'Person Not found');
  return one(200, renderEventPerson(request.state, found.session, found.row));
}

function listContacts(request: ApiRequest): Answer {
  const filters = filtersOf(request, KNOWN_OF_PERSON);
  const people = request.state.contacts.all().filter((person) => isPersonWanted(filters, person));
  return many(request, people, (person) => person.id, renderContact);
}

function getContact(request: ApiRequest): Answer {
  const person = request.state.contacts.byId(request.ids[0] ?? '');
  if (!person) throw new Refusal(404, 'Person Not found');
  return one(200, renderContact(person));
}

function personId(row: Registration): string {
  return row.person.id;
}
