import type { Call, Prospect } from '../domain.ts';
import { RefusedError } from '../errors.ts';
import { understand } from './answers.ts';
import { requireBody } from './json.ts';
import { chunkIds, PAGE_SIZE, readPage } from './pardot-paging.ts';
import { PROSPECT_FIELDS, readFields, readProspect } from './pardot-shapes.ts';
import type { PardotWire, Route } from './pardot-wire.ts';

/** URLs stay below this many characters. */
const MAX_URL_LENGTH = 4096;

/**
 * Reads prospects by id. Query does not return every custom field (pardot.md §3.1): those that it refuses are
 * remembered and read prospect by prospect.
 */
export class ProspectReader {
  readonly #wire: PardotWire;
  readonly #notQueryable = new Set<string>();

  constructor(wire: PardotWire) {
    this.#wire = wire;
  }

  /** Prospects in the recycle bin come without the fields that only single reads give; purged ones not at all. */
  async read(ids: readonly number[], fields: readonly string[], call: Call): Promise<Prospect[]> {
    const queryable = fields.filter((field) => !this.#notQueryable.has(field));
    try {
      const prospects = await this.#query(ids, queryable, call);
      return await this.#complete(
        prospects,
        fields.filter((field) => this.#notQueryable.has(field)),
        call,
      );
    } catch (error) {
      if (!this.#learn(error, queryable)) throw error;
      return await this.read(ids, fields, call);
    }
  }

  async #query(ids: readonly number[], fields: readonly string[], call: Call): Promise<Prospect[]> {
    const bare = this.#queryRoute([], fields);
    const prospects: Prospect[] = [];
    for (const chunk of chunkIds(ids, MAX_URL_LENGTH - this.#wire.urlOf(bare).href.length)) {
      const asked = new Set(chunk);
      const page = await this.#wire.ask(this.#queryRoute(chunk, fields), call, (context, response) =>
        understand(context, response, () => readPage(response.body, 0, (row) => readProspect(row, fields))),
      );
      prospects.push(...page.rows.filter(({ id }) => asked.has(id)));
    }
    return prospects;
  }

  #queryRoute(ids: readonly number[], fields: readonly string[]): Route {
    return {
      method: 'GET',
      path: '/objects/prospects',
      operation: 'GET /prospects',
      query: {
        fields: [...new Set([...PROSPECT_FIELDS, ...fields])].join(','),
        deleted: 'all',
        limit: String(PAGE_SIZE),
        idList: ids.join(','),
      },
    };
  }

  async #complete(prospects: Prospect[], fields: readonly string[], call: Call): Promise<Prospect[]> {
    if (fields.length === 0) return prospects;
    const completed: Prospect[] = [];
    for (const prospect of prospects) {
      completed.push(prospect.isDeleted ? prospect : await this.#readSingle(prospect, fields, call));
    }
    return completed;
  }

  async #readSingle(prospect: Prospect, fields: readonly string[], call: Call): Promise<Prospect> {
    const route: Route = {
      method: 'GET',
      path: `/objects/prospects/${prospect.id}`,
      operation: 'GET /prospects/{id}',
      query: { fields: ['id', ...fields].join(',') },
    };
    try {
      const more = await this.#wire.ask(route, call, (context, response) =>
        understand(context, response, () => readFields(requireBody(response.body), fields)),
      );
      return { ...prospect, fields: { ...prospect.fields, ...more } };
    } catch (error) {
      if (error instanceof RefusedError && error.status === 404) return { ...prospect, isDeleted: true };
      throw error;
    }
  }

  /** Whether the refusal taught that some of the queried fields need single reads. */
  #learn(error: unknown, queried: readonly string[]): boolean {
    if (!(error instanceof RefusedError) || error.operation !== 'GET /prospects') return false;
    const concernsFields =
      error.code === 180 || error.code === 224 || (error.status === 400 && error.code === undefined);
    const custom = queried.filter((field) => field.endsWith('__c'));
    if (!concernsFields || custom.length === 0) return false;
    const words = new Set(error.message.split(/\W+/));
    const named = custom.filter((field) => words.has(field));
    for (const field of named.length > 0 ? named : custom) this.#notQueryable.add(field);
    return true;
  }
}
