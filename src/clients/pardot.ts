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
import { understand } from './answers.ts';
import { requireBody, requireId, textOrNull } from './json.ts';
import { ASSETS } from './pardot-assets.ts';
import { type Query, readCollection } from './pardot-collection.ts';
import { ProspectReader } from './pardot-prospects.ts';
import {
  CAMPAIGN_FIELDS,
  LIST_FIELDS,
  readAsset,
  readCampaign,
  readInstant,
  readList,
} from './pardot-shapes.ts';
import { SubmissionReader } from './pardot-submissions.ts';
import { offsetTime, wholeSecond } from './pardot-times.ts';
import { type PardotOptions, PardotWire, type Route } from './pardot-wire.ts';
import { writeRecord, writtenFields } from './pardot-writing.ts';

export type { PardotOptions } from './pardot-wire.ts';

export interface DatedList extends PardotList {
  readonly createdAtMs: number;
}

/**
 * Account Engagement's REST API v5 (pardot.md). Every method rejects with `RetryableError` (`UnreadableAnswerError`
 * among them), `ParkedError`, `AuthError` or `RefusedError` with the vendor's code; the governor learns what the
 * vendor says about quota and pauses. Reads may lag 60 seconds behind writes. A write is sent once, and once more
 * after a refused token.
 */
export class PardotClient {
  readonly #wire: PardotWire;
  readonly #submissions: SubmissionReader;
  readonly #prospects: ProspectReader;

  constructor(options: PardotOptions) {
    this.#wire = new PardotWire(options);
    this.#submissions = new SubmissionReader(this.#wire);
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
    return this.#submissions.since(query.createdSinceMs, query.prospectFields, call);
  }

  /** The same activities once more, by id: a prospect may be tied to one later (pardot.md §4.4). */
  submissionsById(
    ids: readonly number[],
    prospectFields: readonly string[],
    call: Call,
  ): Promise<Submission[]> {
    return this.#submissions.byId(ids, prospectFields, call);
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
  async createList(
    list: { name: string; title: string; description: string; campaignId: number },
    call: Call,
  ): Promise<{ id: number | null }> {
    const { name, title, description, campaignId } = list;
    const record = { name, title, description, isPublic: false, campaignId };
    const target = { method: 'POST', path: '/objects/lists', operation: 'POST /lists' } as const;
    return { id: await writeRecord(this.#wire, target, record, call) };
  }

  /** Gives a list another name, but only while it has the expected one. */
  async renameList(id: number, from: string, to: string, call: Call): Promise<void> {
    const path = `/objects/lists/${id}`;
    const read: Route = { method: 'GET', path, operation: 'GET /lists/{id}', query: { fields: 'id,name' } };
    const name = await this.#wire.ask(read, call, (context, response) =>
      understand(context, response, () => textOrNull(requireBody(response.body).name)),
    );
    if (name !== from) return;
    const target = { method: 'PATCH', path, operation: 'PATCH /lists/{id}' } as const;
    await writeRecord(this.#wire, target, { name: to }, call);
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
    const path = `/objects/prospects/${id}`;
    const target = { method: 'PATCH', path, operation: 'PATCH /prospects/{id}' } as const;
    await writeRecord(this.#wire, target, writtenFields(values), call);
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

  #list<T>(query: Query<T>, call: Call): Promise<T[]> {
    return readCollection(this.#wire, query, call);
  }
}
