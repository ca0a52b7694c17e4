import { type Filters, readFilters } from '../filters.ts';
import type { Lists } from '../lists.ts';
import type { EventRecord, SessionRecord } from '../model.ts';
import { Refusal } from '../refusal.ts';
import type { Resource } from '../render/resource.ts';
import type { State } from '../state.ts';

/** One request that has passed credentials, limits and routing. */
export interface ApiRequest {
  readonly state: State;
  readonly lists: Lists;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown;
  /** What stood at the `:id` places of the route. */
  readonly ids: readonly string[];
}

export interface Answer {
  readonly status: number;
  /** Absent: an empty body. */
  readonly document?: unknown;
  /** An HTML page instead of a document. */
  readonly html?: string;
}

export type Handler = (request: ApiRequest) => Answer;

/** Method, path with `:id` places, and what answers. */
export type Route = readonly [method: string, path: string, handler: Handler];

export function eventNamed(request: ApiRequest, id: string | undefined): EventRecord {
  const event = request.state.events.get(id ?? '');
  if (!event) throw new Refusal(404, 'Event Not found');
  return event;
}

export function sessionNamed(request: ApiRequest, id: string | undefined): SessionRecord {
  const session = request.state.sessions.get(id ?? '');
  if (!session) throw new Refusal(404, 'Session Not found');
  return session;
}

/** Whether `include` names this; as a comma list or repeated (vendor sheet §9). */
export function includes(request: ApiRequest, name: string): boolean {
  return request.query.getAll('include').some((value) => value.split(',').includes(name));
}

export function filtersOf(request: ApiRequest, known: readonly string[]): Filters {
  return readFilters(request.query, known, request.state.switches);
}

export function one(status: number, resource: Resource, included?: readonly Resource[] | undefined): Answer {
  return { status, document: envelope(resource, included) };
}

/** One page of a list. `included` gets the resources of this page only. */
export function many<T>(
  request: ApiRequest,
  items: readonly T[],
  idOf: (item: T) => string,
  render: (item: T) => Resource,
  included?: ((rows: readonly T[]) => readonly Resource[]) | undefined,
): Answer {
  const { rows, meta } = request.lists.page(request, items, idOf);
  return { status: 200, document: { ...envelope(rows.map(render), included?.(rows)), meta } };
}

function envelope(
  content: Resource | readonly Resource[],
  included?: readonly Resource[] | undefined,
): object {
  return { data: content, ...(included ? { included } : {}) };
}
