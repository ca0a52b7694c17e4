import type { Call } from '../domain.ts';
import { type AnswerContext, understand } from './answers.ts';
import type { HttpResponse } from './http.ts';
import type { JsonObject } from './json.ts';
import { PAGE_SIZE, readKeyset, readPage } from './pardot-paging.ts';
import type { PardotWire, Route } from './pardot-wire.ts';

export interface Query<T> {
  readonly collection: string;
  readonly fields: readonly string[];
  readonly filters: Readonly<Record<string, string>>;
  /** Whether the collection advertises `orderBy=id`. */
  readonly sortable: boolean;
  /** null for a row that does not matter. `nowMs` is the vendor's time. */
  readonly readRow: (row: JsonObject, nowMs: number) => T | null;
}

/** Every row of a collection that matters, ascending id, page by page (pardot.md §2). Rejects like the wire. */
export function readCollection<T>(wire: PardotWire, query: Query<T>, call: Call): Promise<T[]> {
  return readKeyset((afterId) =>
    wire.ask(routeOf(query, afterId), call, (context, response) => {
      const nowMs = vendorNow(context, response);
      return understand(context, response, () =>
        readPage(response.body, afterId, (row) => query.readRow(row, nowMs)),
      );
    }),
  );
}

function routeOf(
  { collection, fields, filters, sortable }: Omit<Query<unknown>, 'readRow'>,
  afterId: number,
): Route {
  return {
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
}

/** The vendor's clock as its answer tells it; ours where it does not. */
function vendorNow({ nowMs }: AnswerContext, response: HttpResponse): number {
  const atMs = Date.parse(response.headers.date ?? '');
  return Number.isNaN(atMs) ? nowMs : atMs;
}
