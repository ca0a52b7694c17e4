import {
  type ActivityTrace,
  type Call,
  emailKey,
  type FieldValue,
  type NewExternalActivity,
  type ProspectMatch,
} from '../domain.ts';
import { understand } from './answers.ts';
import {
  FieldProblem,
  idOrNull,
  type JsonObject,
  requireArray,
  requireBody,
  requireId,
  requireObject,
  textOrNull,
} from './json.ts';
import { PAGE_SIZE, readPage } from './pardot-paging.ts';
import { PROSPECT_FIELDS, readInstant, readProspect } from './pardot-shapes.ts';
import { offsetTime } from './pardot-times.ts';
import { type PardotOptions, PardotWire, type Route } from './pardot-wire.ts';
import { writeRecord, writtenFields } from './pardot-writing.ts';

/**
 * What Account Engagement knows of people beyond their record: who has an address, list memberships, external
 * activities (pardot.md §3.1, §3.3, §7). Errors as in `PardotClient`.
 */
export class PardotPeopleClient {
  readonly #wire: PardotWire;

  constructor(options: PardotOptions) {
    this.#wire = new PardotWire(options);
  }

  /** Every prospect with this address, in the recycle bin too. May lag 60 seconds behind writes. */
  async prospectsByEmail(email: string, fields: readonly string[], call: Call): Promise<ProspectMatch[]> {
    const route: Route = {
      method: 'GET',
      path: '/objects/prospects',
      operation: 'GET /prospects',
      query: {
        fields: [...new Set([...PROSPECT_FIELDS, 'lastActivityAt', ...fields])].join(','),
        email,
        deleted: 'all',
        limit: String(PAGE_SIZE),
      },
    };
    const page = await this.#wire.ask(route, call, (context, response) =>
      understand(context, response, () => readPage(response.body, 0, (row) => readMatch(row, fields))),
    );
    return page.rows.filter((match) => match.email !== null && emailKey(match.email) === emailKey(email));
  }

  /** Creates a prospect with its source campaign. The id is null when it was made but may not be read (204). */
  async createProspect(
    prospect: { email: string; campaignId: number; values: Readonly<Record<string, FieldValue>> },
    call: Call,
  ): Promise<{ id: number | null }> {
    const { email, campaignId, values } = prospect;
    const record = { ...writtenFields(values), email, campaignId };
    return { id: await this.#create('/objects/prospects', 'POST /prospects', record, call) };
  }

  /** `RefusedError` with code 58 when the prospect is on the list already. */
  async addToList(listId: number, prospectId: number, call: Call): Promise<void> {
    const body = { listId, prospectId, optedOut: false };
    await this.#create('/objects/list-memberships', 'POST /list-memberships', body, call);
  }

  /** Takes a prospect off a list; does nothing when it is not on it. */
  async removeFromList(listId: number, prospectId: number, call: Call): Promise<void> {
    const find: Route = {
      method: 'GET',
      path: '/objects/list-memberships',
      operation: 'GET /list-memberships',
      query: {
        fields: 'id,listId,prospectId',
        listId: String(listId),
        prospectId: String(prospectId),
        limit: String(PAGE_SIZE),
      },
    };
    // Verified: a filter that the vendor ignores must not take others off their lists.
    const isMeant = (row: JsonObject): boolean =>
      requireId(row.listId, 'listId') === listId && requireId(row.prospectId, 'prospectId') === prospectId;
    const { rows } = await this.#wire.ask(find, call, (context, response) =>
      understand(context, response, () =>
        readPage(response.body, 0, (row) => (isMeant(row) ? requireId(row.id, 'id') : null)),
      ),
    );
    for (const id of rows) {
      const path = `/objects/list-memberships/${id}`;
      const remove: Route = { method: 'DELETE', path, operation: 'DELETE /list-memberships/{id}', query: {} };
      await this.#wire.ask(remove, call, () => undefined);
    }
  }

  /** Not de-duplicated by the vendor: the same call twice makes two (pardot.md §7). */
  async createExternalActivity(activity: NewExternalActivity, call: Call): Promise<void> {
    const { extension, type, email, value, happenedAtMs } = activity;
    const activityDate = offsetTime(happenedAtMs);
    const body = { extension, type, email, value, activityDate };
    await this.#create('/external-activities', 'POST /external-activities', body, call);
  }

  /**
   * External activities made between two instants, whoever they concern. Only `createdAt` filters are known to work
   * here (pardot.md §7), so the pages are followed by their tokens.
   */
  async externalActivitiesBetween(fromMs: number, toMs: number, call: Call): Promise<ActivityTrace[]> {
    const fields = 'id,extension,type,email,value,activityDate,prospectId';
    let query: Record<string, string> = {
      fields,
      createdAtAfterOrEqualTo: offsetTime(fromMs),
      createdAtBeforeOrEqualTo: offsetTime(toMs),
      limit: String(PAGE_SIZE),
    };
    const traces: ActivityTrace[] = [];
    const seen = new Set<string>();
    for (;;) {
      const { rows, nextPageToken } = await this.#activityPage(query, seen, call);
      traces.push(...rows);
      if (nextPageToken === null) return traces;
      seen.add(nextPageToken);
      query = { fields, nextPageToken };
    }
  }

  #activityPage(
    query: Readonly<Record<string, string>>,
    seen: ReadonlySet<string>,
    call: Call,
  ): Promise<{ rows: ActivityTrace[]; nextPageToken: string | null }> {
    const route: Route = {
      method: 'GET',
      path: '/external-activities',
      operation: 'GET /external-activities',
      query,
    };
    return this.#wire.ask(route, call, (context, response) =>
      understand(context, response, () => {
        const answer = requireBody(response.body);
        const values = requireArray(answer.values, 'values');
        const rows = values.map((value) => readTrace(requireObject(value, 'values[]')));
        const nextPageToken = textOrNull(answer.nextPageToken);
        if (nextPageToken !== null && seen.has(nextPageToken)) {
          throw new FieldProblem('nextPageToken', 'does not go forward');
        }
        return { rows, nextPageToken };
      }),
    );
  }

  #create(path: string, operation: string, record: object, call: Call): Promise<number | null> {
    return writeRecord(this.#wire, { method: 'POST', path, operation }, record, call);
  }
}

function readMatch(row: JsonObject, fields: readonly string[]): ProspectMatch {
  const lastActivityAt = textOrNull(row.lastActivityAt);
  return {
    ...readProspect(row, fields),
    lastActivityAtMs: lastActivityAt === null ? null : readInstant(lastActivityAt, 'lastActivityAt'),
  };
}

function readTrace(row: JsonObject): ActivityTrace {
  return {
    extension: textOrNull(row.extension) ?? '',
    type: textOrNull(row.type) ?? '',
    email: textOrNull(row.email) ?? '',
    value: textOrNull(row.value) ?? '',
    happenedAtMs: readInstant(row.activityDate, 'activityDate'),
    prospectId: idOrNull(row.prospectId, 'prospectId'),
  };
}
