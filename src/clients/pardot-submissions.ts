import { MINUTE } from '../clock.ts';
import type { Call, Submission } from '../domain.ts';
import { RefusedError } from '../errors.ts';
import type { JsonObject } from './json.ts';
import { readCollection } from './pardot-collection.ts';
import { chunkIds } from './pardot-paging.ts';
import { ACTIVITY_FIELDS, ASSET_URL_FIELDS, PROSPECT_FIELDS, readSubmission } from './pardot-shapes.ts';
import { offsetTime, wholeSecond } from './pardot-times.ts';
import type { PardotWire } from './pardot-wire.ts';

/** Rows dated later than this beyond the vendor's own clock are left for a later poll (pardot.md §4.6). */
const FUTURE_TOLERANCE_MS = 5 * MINUTE;

/** Pardot's code for a field that a query does not know (pardot.md §10). */
const INVALID_FIELDS = 180;

interface Selection {
  readonly filters: Readonly<Record<string, string>>;
  /** Verified row by row: a filter that the vendor ignores lets everything through. `nowMs` is the vendor's time. */
  readonly isWanted: (submission: Submission, nowMs: number) => boolean;
}

/** Reads type-4 activities with the prospects and forms they belong to (pardot.md §4). Errors as in `PardotClient`. */
export class SubmissionReader {
  readonly #wire: PardotWire;
  /** False once the vendor has refused them: the main poll must not stop for them. */
  #asksForUrls = true;

  constructor(wire: PardotWire) {
    this.#wire = wire;
  }

  /** Those with `createdAt >= createdSinceMs` (whole seconds), every page, ascending id. */
  since(createdSinceMs: number, prospectFields: readonly string[], call: Call): Promise<Submission[]> {
    const sinceMs = wholeSecond(createdSinceMs);
    const selection: Selection = {
      filters: { type: '4', createdAtAfterOrEqualTo: offsetTime(sinceMs) },
      isWanted: ({ createdAtMs }, nowMs) =>
        createdAtMs >= sinceMs && createdAtMs <= nowMs + FUTURE_TOLERANCE_MS,
    };
    return this.#read(selection, prospectFields, call);
  }

  /** Those with the given ids; what is not there is left out. */
  async byId(ids: readonly number[], prospectFields: readonly string[], call: Call): Promise<Submission[]> {
    const found: Submission[] = [];
    for (const chunk of chunkIds(ids)) {
      const selection: Selection = {
        filters: { type: '4', idList: chunk.join(',') },
        isWanted: ({ activityId }) => chunk.includes(activityId),
      };
      found.push(...(await this.#read(selection, prospectFields, call)));
    }
    return found;
  }

  async #read(selection: Selection, prospectFields: readonly string[], call: Call): Promise<Submission[]> {
    const fields = prospectFields.filter((field) => !field.endsWith('__c'));
    try {
      return await this.#query(selection, fields, call);
    } catch (error) {
      if (!this.#learn(error)) throw error;
      return await this.#query(selection, fields, call);
    }
  }

  #query(
    { filters, isWanted }: Selection,
    prospectFields: readonly string[],
    call: Call,
  ): Promise<Submission[]> {
    const always = [...PROSPECT_FIELDS, 'firstName', 'lastName'].filter((field) => field !== 'id');
    const related = [...new Set([...always, ...prospectFields])].map((field) => `prospect.${field}`);
    const urls = this.#asksForUrls ? ASSET_URL_FIELDS : [];
    const query = {
      collection: 'visitor-activities',
      fields: [...ACTIVITY_FIELDS, ...urls, ...related],
      filters,
      sortable: true,
      readRow: (row: JsonObject, nowMs: number) => {
        const submission = readSubmission(row, prospectFields);
        return submission !== null && isWanted(submission, nowMs) ? submission : null;
      },
    };
    return readCollection(this.#wire, query, call);
  }

  /** Whether the refusal may have been about the addresses of forms, which are not asked for again. */
  #learn(error: unknown): boolean {
    const isAboutUrls = this.#asksForUrls && error instanceof RefusedError && error.code === INVALID_FIELDS;
    if (isAboutUrls) this.#asksForUrls = false;
    return isAboutUrls;
  }
}
