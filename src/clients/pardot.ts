import { type Clock, isoSeconds, MINUTE, SECOND } from '../clock.ts';
import type {
  Asset,
  AssetKind,
  Call,
  FieldValue,
  PardotCampaign,
  PardotList,
  Prospect,
  Submission,
} from '../domain.ts';
import { RefusedError } from '../errors.ts';
import { type AnswerContext, understand } from './answers.ts';
import type { HttpResponse } from './http.ts';
import { type JsonObject, requireBody, requireId, textOrNull } from './json.ts';
import { ASSETS } from './pardot-assets.ts';
import { PAGE_SIZE, readKeyset, readPage } from './pardot-paging.ts';
import { ProspectReader } from './pardot-prospects.ts';
import {
  ACTIVITY_FIELDS,
  ASSET_URL_FIELDS,
  CAMPAIGN_FIELDS,
  LIST_FIELDS,
  PROSPECT_FIELDS,
  readAsset,
  readCampaign,
  readInstant,
  readList,
  readSubmission,
} from './pardot-shapes.ts';
import { type PardotOptions, PardotWire, type Route } from './pardot-wire.ts';

export type { PardotOptions } from './pardot-wire.ts';

/** More ids would not fit into a URL that every gateway takes (pardot.md §9). */
const MAX_IDS = 200;

/** Rows dated later than this beyond the vendor's own clock are left for a later poll (pardot.md §4.6). */
const FUTURE_TOLERANCE_MS = 5 * MINUTE;

/** Pardot's code for a field that a query does not know (pardot.md §10). */
const INVALID_FIELDS = 180;

export interface DatedList extends PardotList {
  readonly createdAtMs: number;
}

interface Query<T> {
  readonly collection: string;
  readonly fields: readonly string[];
  readonly filters: Readonly<Record<string, string>>;
  readonly sortable: boolean;
  /** null for a row that does not matter. `nowMs` is the vendor's time. */
  readonly readRow: (row: JsonObject, nowMs: number) => T | null;
}

/**
 * Account Engagement's REST API v5 (pardot.md). Every method rejects with `RetryableError` (`UnreadableAnswerError`
 * among them), `ParkedError`, `AuthError` or `RefusedError` with the vendor's code; the governor learns what the
 * vendor says about quota and pauses. Reads may lag 60 seconds behind writes. A write is sent once, and once more
 * after a refused token.
 */
export class PardotClient {
  readonly #wire: PardotWire;
  readonly #clock: Clock;
  readonly #prospects: ProspectReader;
  /** False once the vendor has refused them: the main poll must not stop for them. */
  #asksForUrls = true;

  constructor(options: PardotOptions) {
    this.#wire = new PardotWire(options);
    this.#clock = options.http.clock;
    this.#prospects = new ProspectReader(this.#wire);
  }

  /**
   * Type-4 activities with `createdAt >= createdSinceMs` (whole seconds), every page, ascending id (pardot.md §4).
   * Of `prospectFields` the standard ones come along; custom fields need `prospects`. A purged prospect, or one not
   * yet visible, comes without e-mail.
   */
  listSubmissions(
    query: { createdSinceMs: number; prospectFields: readonly string[] },
    call: Call,
  ): Promise<Submission[]> {
    const sinceMs = wholeSecond(query.createdSinceMs);
    return this.#submissions(
      { type: '4', createdAtAfterOrEqualTo: offsetTime(sinceMs) },
      query.prospectFields,
      ({ createdAtMs }, nowMs) => createdAtMs >= sinceMs && createdAtMs <= nowMs + FUTURE_TOLERANCE_MS,
      call,
    );
  }

  /** The same activities once more, by id: a prospect may be tied to one later (pardot.md §4.4). */
  async submissionsById(
    ids: readonly number[],
    prospectFields: readonly string[],
    call: Call,
  ): Promise<Submission[]> {
    const found: Submission[] = [];
    for (let start = 0; start < ids.length; start += MAX_IDS) {
      const chunk = ids.slice(start, start + MAX_IDS);
      const isWanted = ({ activityId }: Submission) => chunk.includes(activityId);
      found.push(
        ...(await this.#submissions({ type: '4', idList: chunk.join(',') }, prospectFields, isWanted, call)),
      );
    }
    return found;
  }

  async #submissions(
    filters: Readonly<Record<string, string>>,
    prospectFields: readonly string[],
    isWanted: (submission: Submission, nowMs: number) => boolean,
    call: Call,
  ): Promise<Submission[]> {
    const fields = prospectFields.filter((field) => !field.endsWith('__c'));
    const always = [...PROSPECT_FIELDS, 'firstName', 'lastName'].filter((field) => field !== 'id');
    const related = [...new Set([...always, ...fields])].map((field) => `prospect.${field}`);
    const read = (urls: readonly string[]): Promise<Submission[]> =>
      this.#list(
        {
          collection: 'visitor-activities',
          fields: [...ACTIVITY_FIELDS, ...urls, ...related],
          filters,
          sortable: true,
          readRow: (row, nowMs) => {
            const submission = readSubmission(row, fields);
            return submission !== null && isWanted(submission, nowMs) ? submission : null;
          },
        },
        call,
      );
    try {
      return await read(this.#asksForUrls ? ASSET_URL_FIELDS : []);
    } catch (error) {
      if (!this.#asksForUrls || !(error instanceof RefusedError) || error.code !== INVALID_FIELDS)
        throw error;
      this.#asksForUrls = false;
      return await read([]);
    }
  }

  /** Prospects by id, in the recycle bin too (`isDeleted`); purged ones are absent. Any field, custom ones included. */
  prospects(ids: readonly number[], fields: readonly string[], call: Call): Promise<Prospect[]> {
    return this.#prospects.read(ids, fields, call);
  }

  /** Campaigns created or changed since; all when neither is given. Deleted ones are marked (pardot.md §3.4). */
  async listCampaigns(
    query: { createdSinceMs?: number; updatedSinceMs?: number },
    call: Call,
  ): Promise<PardotCampaign[]> {
    const createdMs = wholeSecond(query.createdSinceMs ?? 0);
    const updatedMs = wholeSecond(query.updatedSinceMs ?? 0);
    return this.#list(
      {
        collection: 'campaigns',
        fields: CAMPAIGN_FIELDS,
        filters: {
          deleted: 'all',
          ...(createdMs > 0 ? { createdAtAfterOrEqualTo: offsetTime(createdMs) } : {}),
          ...(updatedMs > 0 ? { updatedAtAfterOrEqualTo: offsetTime(updatedMs) } : {}),
        },
        sortable: true,
        readRow: (row) => {
          const { campaign, createdAtMs, updatedAtMs } = readCampaign(row);
          return createdAtMs >= createdMs && updatedAtMs >= updatedMs ? campaign : null;
        },
      },
      call,
    );
  }

  /** Lists of exactly this name, ascending id; names are not unique (pardot.md §3.2). */
  listsNamed(name: string, call: Call): Promise<PardotList[]> {
    return this.#list(
      {
        collection: 'lists',
        fields: LIST_FIELDS,
        filters: { name },
        sortable: true,
        readRow: (row) => {
          const list = readList(row);
          return list.name === name ? list : null;
        },
      },
      call,
    );
  }

  /** Every list that is not deleted, ascending id (pardot.md §3.2). */
  lists(call: Call): Promise<DatedList[]> {
    return this.#list(
      {
        collection: 'lists',
        fields: [...LIST_FIELDS, 'createdAt'],
        filters: {},
        sortable: true,
        readRow: (row) => ({ ...readList(row), createdAtMs: readInstant(row.createdAt, 'createdAt') }),
      },
      call,
    );
  }

  /** Creates a private list. The id is null when it was created but may not be read (204, pardot.md §2.1). */
  createList(
    list: { name: string; title: string; description: string; campaignId: number },
    call: Call,
  ): Promise<{ id: number | null }> {
    const { name, title, description, campaignId } = list;
    const route: Route = {
      method: 'POST',
      path: '/objects/lists',
      operation: 'POST /lists',
      query: { fields: 'id' },
      body: JSON.stringify({ name, title, description, isPublic: false, campaignId }),
    };
    return this.#wire.ask(route, call, (context, response) => ({ id: readWrittenId(context, response) }));
  }

  /** Gives a list another name, but only while it has the expected one. */
  async renameList(id: number, from: string, to: string, call: Call): Promise<void> {
    const path = `/objects/lists/${id}`;
    const read: Route = { method: 'GET', path, operation: 'GET /lists/{id}', query: { fields: 'id,name' } };
    const name = await this.#wire.ask(read, call, (context, response) =>
      understand(context, response, () => textOrNull(requireBody(response.body).name)),
    );
    if (name !== from) return;
    const body = JSON.stringify({ name: to });
    const write: Route = {
      method: 'PATCH',
      path,
      operation: 'PATCH /lists/{id}',
      query: { fields: 'id' },
      body,
    };
    await this.#wire.ask(write, call, readWrittenId);
  }

  /**
   * Writes the given fields of one prospect, null empties a field, several values are joined by `;` (pardot.md §3.1,
   * §8.1). Never creates or revives: `RefusedError` with code 219 or status 404.
   */
  async updateProspect(
    id: number,
    values: Readonly<Record<string, FieldValue | null>>,
    call: Call,
  ): Promise<void> {
    const written = Object.entries(values).map(([field, value]) => [
      field,
      value === null || typeof value === 'string' ? value : value.join(';'),
    ]);
    const route: Route = {
      method: 'PATCH',
      path: `/objects/prospects/${id}`,
      operation: 'PATCH /prospects/{id}',
      query: { fields: 'id' },
      body: JSON.stringify(Object.fromEntries(written)),
    };
    await this.#wire.ask(route, call, readWrittenId);
  }

  /** Every form, form handler or landing page that is not deleted (pardot.md §3.6, §3.7, §3.9). */
  listAssets(kind: AssetKind, call: Call): Promise<Asset[]> {
    return this.#list({ ...ASSETS[kind], filters: {}, readRow: (row) => readAsset(row, kind) }, call);
  }

  /** The business unit; resolves when token, host and business unit id fit together (pardot.md §3.10). */
  account(call: Call): Promise<{ id: number; company: string | null }> {
    const route: Route = {
      method: 'GET',
      path: '/objects/account',
      operation: 'GET /account',
      query: { fields: 'id,company' },
    };
    return this.#wire.ask(route, call, (context, response) =>
      understand(context, response, () => {
        const account = requireBody(response.body);
        return { id: requireId(account.id, 'id'), company: textOrNull(account.company) };
      }),
    );
  }

  #list<T>({ collection, fields, filters, sortable, readRow }: Query<T>, call: Call): Promise<T[]> {
    return readKeyset((afterId) => {
      const route: Route = {
        method: 'GET',
        path: `/objects/${collection}`,
        operation: `GET /${collection}`,
        query: {
          fields: fields.join(','),
          ...filters,
          idGreaterThan: String(afterId),
          ...(sortable ? { orderBy: 'id' } : {}),
          limit: String(PAGE_SIZE),
        },
      };
      return this.#wire.ask(route, call, (context, response) => {
        const nowMs = this.#vendorNow(response);
        return understand(context, response, () =>
          readPage(response.body, afterId, (row) => readRow(row, nowMs)),
        );
      });
    });
  }

  /** The vendor's clock as its answer tells it; ours where it does not. */
  #vendorNow(response: HttpResponse): number {
    const atMs = Date.parse(response.headers.date ?? '');
    return Number.isNaN(atMs) ? this.#clock.now() : atMs;
  }
}

function readWrittenId(context: AnswerContext, response: HttpResponse): number | null {
  if (response.status === 204) return null;
  return understand(context, response, () => requireId(requireBody(response.body).id, 'id'));
}

function wholeSecond(epochMs: number): number {
  return Math.floor(epochMs / SECOND) * SECOND;
}

/** The offset is always spelt out: what a time without one means is unknown (pardot.md §2.5). */
function offsetTime(epochMs: number): string {
  return isoSeconds(epochMs).replace('Z', '+00:00');
}
