import { CHANGE_FILTERS, changedWithin, type Filters, matches, within } from '../filters.ts';
import { parseInstant } from '../instants.ts';
import type { SessionRecord } from '../model.ts';
import { attributesOf } from '../payload.ts';
import { sessionStatus, sessionUpdatedAtMs } from '../readings.ts';
import { Refusal } from '../refusal.ts';
import { renderEvent } from '../render/event.ts';
import { renderRegistrant } from '../render/person.ts';
import type { Resource } from '../render/resource.ts';
import { renderSession } from '../render/session.ts';
import { dropSession, eventOf, type State, sessionsOf } from '../state.ts';
import {
  type Answer,
  type ApiRequest,
  eventNamed,
  filtersOf,
  includes,
  many,
  one,
  type Route,
  sessionNamed,
} from './request.ts';

/** vendor sheet §4.2 (sessions of an event) and §4.3. */
export const sessionRoutes: readonly Route[] = [
  ['GET', '/sessions', (request) => listSessions(request, [...request.state.sessions.values()], false)],
  ['GET', '/events/:id/sessions', listSessionsOfEvent],
  ['GET', '/sessions/:id', getSession],
  ['PATCH', '/sessions/:id', changeSession],
  ['PUT', '/sessions/:id', changeSession],
  ['DELETE', '/sessions/:id', removeSession],
];

const KNOWN = ['status', 'date_from', 'date_to', 'include_breakout_rooms', ...CHANGE_FILTERS];

function listSessionsOfEvent(request: ApiRequest): Answer {
  const event = eventNamed(request, request.ids[0]);
  return listSessions(request, sessionsOf(request.state, event.id), true);
}

function listSessions(request: ApiRequest, all: readonly SessionRecord[], mayInclude: boolean): Answer {
  const { state } = request;
  const filters = filtersOf(request, KNOWN);
  const sessions = all.filter(wantedBy(state, filters));
  const asked = mayInclude ? askedFor(request) : [];
  return many(
    request,
    sessions,
    (session) => session.id,
    (session) => renderExpanded(state, session, asked),
    asked.length > 0
      ? (rows) => distinct(rows.flatMap((session) => renderIncluded(state, session, asked)))
      : undefined,
  );
}

function wantedBy(state: State, filters: Filters): (session: SessionRecord) => boolean {
  const { timeFilters } = state.switches;
  const isDated = within(filters, ['date_from', 'date_to'], timeFilters);
  const isChanged = changedWithin(filters, timeFilters);
  return (session) =>
    (session.breakoutOf === null || filters.get('include_breakout_rooms') === 'true') &&
    matches(filters, 'status', sessionStatus(state, session)) &&
    isDated(session.startsAtMs) &&
    isChanged({ createdAtMs: session.createdAtMs, updatedAtMs: sessionUpdatedAtMs(state, session) });
}

function getSession(request: ApiRequest): Answer {
  const { state } = request;
  const session = sessionNamed(request, request.ids[0]);
  const asked = askedFor(request);
  const included = asked.length > 0 ? renderIncluded(state, session, asked) : undefined;
  return one(200, renderExpanded(state, session, asked), included);
}

type Companion = 'event' | 'people';

function askedFor(request: ApiRequest): Companion[] {
  return (['event', 'people'] as const).filter((name) => includes(request, name));
}

function renderExpanded(state: State, session: SessionRecord, asked: readonly Companion[]): Resource {
  const resource = renderSession(state, session);
  if (asked.length === 0) return resource;
  const relationships: Record<string, unknown> = {};
  if (asked.includes('event')) relationships.event = { data: { type: 'events', id: session.eventId } };
  if (asked.includes('people')) {
    relationships.people = { data: [...session.registrations.keys()].map((id) => ({ type: 'people', id })) };
  }
  return { ...resource, relationships };
}

/** Everybody, unpaginated (vendor sheet §4.3). */
function renderIncluded(state: State, session: SessionRecord, asked: readonly Companion[]): Resource[] {
  const event = asked.includes('event') ? [renderEvent(state, eventOf(state, session))] : [];
  const rows = asked.includes('people') ? [...session.registrations.values()] : [];
  return [...event, ...rows.map((row) => renderRegistrant(state, session, row))];
}

/** Resources of one type and id once; a person of two sessions keeps the first `registrant_detail`. */
function distinct(resources: readonly Resource[]): Resource[] {
  return [...new Map(resources.map((each) => [`${each.type} ${each.id}`, each])).values()];
}

/** `estimated_started_at`, `timezone`, `name`; others are ignored. */
function changeSession(request: ApiRequest): Answer {
  const session = sessionNamed(request, request.ids[0]);
  const attributes = attributesOf(request.body, 'sessions');
  const timezone = typeof attributes.timezone === 'string' ? attributes.timezone : session.timezone;
  if (attributes.estimated_started_at !== undefined) {
    const startsAtMs = parseInstant(attributes.estimated_started_at, timezone);
    if (startsAtMs === undefined) throw new Refusal(422, 'estimated_started_at is invalid');
    session.startsAtMs = startsAtMs;
  }
  session.timezone = timezone;
  if (typeof attributes.name === 'string' || attributes.name === null) session.name = attributes.name;
  session.updatedAtMs = request.state.clock.now();
  return one(200, renderSession(request.state, session));
}

function removeSession(request: ApiRequest): Answer {
  dropSession(request.state, sessionNamed(request, request.ids[0]).id);
  return { status: 204 };
}
