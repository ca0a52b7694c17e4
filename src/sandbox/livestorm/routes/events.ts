import { CHANGE_FILTERS, changedWithin, type Filters, matches } from '../filters.ts';
import type { EventRecord } from '../model.ts';
import { schedulingStatus } from '../readings.ts';
import { renderEvent } from '../render/event.ts';
import type { Resource } from '../render/resource.ts';
import { renderSession } from '../render/session.ts';
import { type State, sessionsOf } from '../state.ts';
import {
  type Answer,
  type ApiRequest,
  eventNamed,
  filtersOf,
  includes,
  many,
  one,
  type Route,
} from './request.ts';

/** vendor sheet §4.2. */
export const eventRoutes: readonly Route[] = [
  ['GET', '/events', listEvents],
  ['GET', '/events/:id', getEvent],
];

const KNOWN = ['title', 'everyone_can_speak', 'scheduling_status', 'tag', ...CHANGE_FILTERS];

function listEvents(request: ApiRequest): Answer {
  const { state } = request;
  const filters = filtersOf(request, KNOWN);
  const events = [...state.events.values()].filter(wantedBy(state, filters));
  const expanded = includes(request, 'sessions');
  return many(
    request,
    events,
    (event) => event.id,
    (event) => (expanded ? renderExpanded(state, event) : renderEvent(state, event)),
    expanded ? (rows) => rows.flatMap((event) => renderSessions(state, event)) : undefined,
  );
}

function wantedBy(state: State, filters: Filters): (event: EventRecord) => boolean {
  const title = filters.get('title')?.toLowerCase() ?? '';
  const isChanged = changedWithin(filters, state.switches.timeFilters);
  return (event) =>
    event.title.toLowerCase().includes(title) &&
    matches(filters, 'everyone_can_speak', false) &&
    matches(filters, 'scheduling_status', schedulingStatus(state, event)) &&
    !filters.has('tag') &&
    isChanged(event);
}

function getEvent(request: ApiRequest): Answer {
  const { state } = request;
  const event = eventNamed(request, request.ids[0]);
  if (!includes(request, 'sessions')) return one(200, renderEvent(state, event));
  return one(200, renderExpanded(state, event), renderSessions(state, event));
}

function renderExpanded(state: State, event: EventRecord): Resource {
  const references = sessionsOf(state, event.id).map(({ id }) => ({ type: 'sessions', id }));
  return { ...renderEvent(state, event), relationships: { sessions: { data: references } } };
}

function renderSessions(state: State, event: EventRecord): Resource[] {
  return sessionsOf(state, event.id).map((session) => renderSession(state, session));
}
