import { SECOND } from '../clock.ts';
import {
  type Call,
  emailKey,
  type FieldValue,
  type LivestormEvent,
  type Registrant,
  type Session,
} from '../domain.ts';
import { RefusedError, RetryableError } from '../errors.ts';
import { understand } from './answers.ts';
import { type JsonObject, requireBody, requireObject } from './json.ts';
import { requireSuccess } from './livestorm-answers.ts';
import { type Listing, PAGE_SIZE, type Page, readListing, readPage } from './livestorm-paging.ts';
import { type RegistrationAnswer, readRegistration, registrationBody } from './livestorm-registration.ts';
import { readEvent, readRegistrant, readSession } from './livestorm-shapes.ts';
import { type LivestormOptions, LivestormWire, type Route } from './livestorm-wire.ts';

export type { RegistrationAnswer } from './livestorm-registration.ts';
export type { LivestormOptions } from './livestorm-wire.ts';

type Filters = Readonly<Record<string, string>>;

/**
 * Livestorm's REST API v1 (livestorm.md). Every method rejects with `RetryableError` (`UnreadableAnswerError`
 * among them), `ParkedError`, `AuthError` or `RefusedError`; the governor learns what the vendor says about quota
 * and pauses. A write is sent once.
 */
export class LivestormClient {
  readonly #wire: LivestormWire;

  constructor(options: LivestormOptions) {
    this.#wire = new LivestormWire(options);
  }

  /**
   * Sessions changed since, or planned to start since (livestorm.md §4.3, §8). Breakout rooms included as the API
   * gives them. Rows that do not satisfy the filter are left out, should the vendor ignore it. Rejects when the list
   * kept changing while it was read: a cursor must not pass over what was missed.
   */
  async listSessions(
    query: { updatedSinceMs: number } | { startsSinceMs: number },
    call: Call,
  ): Promise<Session[]> {
    const [filter, sinceMs, instantOf] =
      'updatedSinceMs' in query
        ? (['filter[updated_since]', query.updatedSinceMs, (row: Session) => row.updatedAtMs] as const)
        : (['filter[date_from]', query.startsSinceMs, (row: Session) => row.estimatedStartedAtMs] as const);
    const sinceS = Math.floor(sinceMs / SECOND);
    const rows = await this.#sessions({ [filter]: String(sinceS) }, call);
    return rows.filter((session) => (instantOf(session) ?? sinceS * SECOND) >= sinceS * SECOND);
  }

  /** Every session that is on demand now. Rejects as `listSessions` does. */
  async listOnDemand(call: Call): Promise<Session[]> {
    const rows = await this.#sessions({ 'filter[status]': 'on_demand' }, call);
    return rows.filter(({ status }) => status === 'on_demand');
  }

  async #sessions(filters: Filters, call: Call): Promise<readonly Session[]> {
    const operation = 'GET /sessions';
    const { rows, complete } = await this.#list('/sessions', operation, filters, readSession, call);
    if (complete) return rows;
    throw new RetryableError('the session list changed while it was read', {
      vendor: 'livestorm',
      operation,
      applied: 'not_applied',
    });
  }

  /** null when Livestorm does not know the session. */
  session(id: string, call: Call): Promise<Session | null> {
    return this.#single(`/sessions/${encodeURIComponent(id)}`, 'GET /sessions/{id}', readSession, call);
  }

  /** null when Livestorm does not know the event. */
  event(id: string, call: Call): Promise<LivestormEvent | null> {
    return this.#single(`/events/${encodeURIComponent(id)}`, 'GET /events/{id}', readEvent, call);
  }

  /**
   * Everybody in a session's people list, team members too (livestorm.md §4.4); `complete` false when paging
   * drifted twice. Read without an upper bound in time: set by a clock that is behind, it would hide the newest.
   */
  async listRegistrants(
    sessionId: string,
    call: Call,
  ): Promise<{ registrants: Registrant[]; complete: boolean }> {
    const { rows, complete } = await this.#people(sessionId, {}, call);
    return { registrants: rows.filter((registrant) => registrant !== null), complete };
  }

  /**
   * Who registered since, as far as Livestorm filters by it: whether the filter works on people is unproven
   * (livestorm.md §8), so whoever asks compares the count.
   */
  async listNewRegistrants(sessionId: string, registeredSinceMs: number, call: Call): Promise<Registrant[]> {
    const since = String(Math.floor(registeredSinceMs / SECOND));
    const { rows } = await this.#people(sessionId, { 'filter[updated_since]': since }, call);
    return rows.filter((registrant) => registrant !== null);
  }

  /** The team members in a session's people list. */
  async listTeam(sessionId: string, call: Call): Promise<Registrant[]> {
    const { rows } = await this.#people(sessionId, { 'filter[role]': 'team_member' }, call);
    return rows.filter((row) => row !== null).filter(({ role }) => role === 'team_member');
  }

  /** By e-mail, whatever its letter case; null when this session has no such person. */
  async findRegistrant(sessionId: string, email: string, call: Call): Promise<Registrant | null> {
    const key = emailKey(email);
    // Whether the exact filter minds letter case is not documented (livestorm.md §4.4): addresses may be kept as typed.
    for (const spelling of new Set([key, email.trim()])) {
      const { rows } = await this.#people(sessionId, { 'filter[email]': spelling }, call);
      const found = rows.find((registrant) => registrant !== null && emailKey(registrant.email) === key);
      if (found) return found;
    }
    return null;
  }

  /**
   * Registers one person (livestorm.md §6); `fields` must hold `email`. Livestorm sends its confirmation mail.
   * After an unknown outcome a repetition is safe: it answers `already_registered`.
   */
  register(
    sessionId: string,
    fields: Readonly<Record<string, FieldValue>>,
    call: Call,
  ): Promise<RegistrationAnswer> {
    const route: Route = {
      method: 'POST',
      path: peoplePath(sessionId),
      operation: 'POST /sessions/{id}/people',
      body: registrationBody(fields),
    };
    return this.#wire.ask(route, call, readRegistration);
  }

  /**
   * Takes a person out of a session (livestorm.md §4.3), perhaps out of every session of its event. By id: a filter that
   * the vendor ignores must not take out others. Does nothing when the person is not there.
   */
  async unregister(sessionId: string, personId: string, call: Call): Promise<void> {
    const route: Route = {
      method: 'DELETE',
      path: `${peoplePath(sessionId)}/${encodeURIComponent(personId)}`,
      operation: 'DELETE /sessions/{id}/people/{id}',
    };
    await this.#wire.ask(route, call, (context, response) => {
      if (response.status !== 404) requireSuccess(context, response);
    });
  }

  /** Resolves when the token works (livestorm.md §4.1). Costs one call of the quota. */
  async ping(call: Call): Promise<void> {
    await this.#wire.ask({ method: 'GET', path: '/ping', operation: 'GET /ping' }, call, requireSuccess);
  }

  #people(sessionId: string, filters: Filters, call: Call): Promise<Listing<Registrant | null>> {
    return this.#list(peoplePath(sessionId), 'GET /sessions/{id}/people', filters, readRegistrant, call);
  }

  #list<T>(
    path: string,
    operation: string,
    filters: Filters,
    readRow: (resource: JsonObject) => T,
    call: Call,
  ): Promise<Listing<T>> {
    return readListing((number) => {
      const query = { ...filters, 'page[number]': String(number), 'page[size]': String(PAGE_SIZE) };
      return this.#page({ method: 'GET', path, operation, query }, number, readRow, call);
    });
  }

  /** null when the list has shrunk and ends before this page (livestorm.md §2.2). */
  async #page<T>(
    route: Route,
    number: number,
    readRow: (resource: JsonObject) => T,
    call: Call,
  ): Promise<Page<T> | null> {
    try {
      return await this.#wire.ask(route, call, (context, response) => {
        requireSuccess(context, response);
        return understand(context, response, () => readPage(response.body, number, readRow));
      });
    } catch (error) {
      if (number > 0 && error instanceof RefusedError && error.status === 400) return null;
      throw error;
    }
  }

  async #single<T>(
    path: string,
    operation: string,
    read: (resource: JsonObject) => T,
    call: Call,
  ): Promise<T | null> {
    try {
      return await this.#wire.ask({ method: 'GET', path, operation }, call, (context, response) => {
        requireSuccess(context, response);
        return understand(context, response, () => read(readResource(response.body)));
      });
    } catch (error) {
      if (error instanceof RefusedError && error.status === 404) return null;
      throw error;
    }
  }
}

function peoplePath(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}/people`;
}

function readResource(body: string): JsonObject {
  return requireObject(requireBody(body).data, 'data');
}
