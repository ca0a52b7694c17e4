import { jsonReply, type Reply } from '../kernel/exchange.ts';
import { type Call, type Collection, isDeleted, PUBLIC_HOST, pathOf } from './collection.ts';
import { Failure, GatewayTimeout } from './failure.ts';
import { isFilter, rowTest } from './filters.ts';
import { readOrder } from './order.ts';
import { type Plan, type Progress, readPageToken, writePageToken } from './page-token.ts';
import { fieldNames, render, select } from './selection.ts';
import type { BaseRow } from './table.ts';
import { parseInstant } from './time.ts';

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 1_000;
const MAX_OFFSET = 2_000;
const CHAIN_OVER = '203;Record count for nextPageToken sequence has been exceeded. No page token returned.';

/** `GET /objects/<collection>`. pardot.md §2.2, §2.3. */
export function runQuery(call: Call, collection: Collection): Reply {
  const { query } = call.exchange;
  const names = fieldNames(query.get('fields'));
  const selection = select(call, collection, names, true);
  const token = query.get('nextPageToken');
  const from = token === null ? undefined : resume(call, token);
  const plan = from ?? readPlan(call, collection);
  const page = takePage(call, collection, plan, from);
  refuseHeavy(call, selection.fields.has('details'), page.rows.length);
  const values = page.rows.map((row) => render(call, selection, row, 'replica'));
  const nextPageToken = page.next
    ? writePageToken(plan, page.next, call.state.clock.now(), call.state.switches.userTimeZone)
    : null;
  const nextQuery = new URLSearchParams({ fields: names.join(','), nextPageToken: nextPageToken ?? '' });
  const nextPageUrl = nextPageToken === null ? null : `${PUBLIC_HOST}${pathOf(collection)}?${nextQuery}`;
  return jsonReply(200, { nextPageToken, nextPageUrl, values });
}

function resume(call: Call, token: string): Plan & Progress {
  const beside = [...call.exchange.query.keys()].find(
    (name) => name !== 'fields' && name !== 'nextPageToken',
  );
  if (beside !== undefined) throw new Failure(5, `${beside} can not be combined with nextPageToken`);
  return readPageToken(token, call.state.clock.now());
}

function readPlan(call: Call, collection: Collection): Plan & { offset: number } {
  const { state, exchange } = call;
  const given = new Map(exchange.query);
  given.delete('fields');
  const take = (name: string): string | undefined => {
    const text = given.get(name);
    given.delete(name);
    return text;
  };
  const limit = readCount(take('limit') ?? String(DEFAULT_LIMIT), 1, MAX_LIMIT, 23);
  const offset = readCount(take('offset') ?? '0', 0, MAX_OFFSET, 21);
  const orderBy = take('orderBy') ?? '';
  const deleted = collection.recycleBin ? readDeleted(take('deleted')) : null;
  const unknown = [...given.keys()].filter((name) => !isFilter(state, collection, name));
  if (unknown.length > 0 && state.switches.undocumentedFilters === 'rejected')
    throw new Failure(5, unknown.join(', '));
  const filters = [...given].filter(([name]) => !unknown.includes(name));
  return { filters, orderBy, limit, deleted, offset };
}

function readCount(text: string, low: number, high: number, code: number): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= low && count <= high)) throw new Failure(code);
  return count;
}

function readDeleted(text: string | undefined): Plan['deleted'] {
  if (text === undefined) return null;
  if (text === 'all' || text === 'true' || text === 'false') return text;
  throw new Failure(50, 'deleted');
}

interface Page {
  readonly rows: readonly BaseRow[];
  /** Where the next page starts; undefined on the last one. */
  readonly next: Progress | undefined;
}

function takePage(
  call: Call,
  collection: Collection,
  plan: Plan & { readonly offset?: number },
  from: Progress | undefined,
): Page {
  const { state } = call;
  const passes = rowTest(state, collection, plan.filters);
  const order = readOrder(state, collection, plan.orderBy);
  const shown = candidates(call, collection, plan)
    .filter((row) => (!collection.recycleBin || showsDeleted(plan, isDeleted(row))) && passes(row))
    .map((row) => ({ row, keys: order.keysOf(row) }))
    .filter(({ keys }) => !from || order.compare(keys, from.resumeValue) > 0)
    .sort((a, b) => order.compare(a.keys, b.keys))
    .slice(plan.offset ?? 0);
  const served = from?.recCount ?? 0;
  const page = shown.slice(0, Math.min(plan.limit, state.switches.chainCap - served));
  const last = page.at(-1);
  const rows = page.map(({ row }) => row);
  if (!last || shown.length === page.length) return { rows, next: undefined };
  const recCount = served + page.length;
  if (recCount >= state.switches.chainCap) {
    call.warnings.add(CHAIN_OVER);
    return { rows, next: undefined };
  }
  return { rows, next: { resumeValue: last.keys, page: (from?.page ?? 0) + 1, recCount } };
}

/** All that may pass the filters, and not much more. */
function candidates({ state }: Call, collection: Collection, { filters }: Plan): BaseRow[] {
  const rows = collection.rows(state);
  const given = new Map(filters);
  const ids = collection.idList ? given.get('idList') : undefined;
  if (ids !== undefined) return [...new Set(ids.split(','))].flatMap((id) => rows.view(Number(id)) ?? []);
  const since = given.get('createdAtAfterOrEqualTo') ?? given.get('createdAtAfter');
  const sinceMs = since === undefined ? undefined : parseInstant(since, state.switches);
  return sinceMs === undefined ? rows.views() : rows.viewsSince(sinceMs);
}

function showsDeleted(plan: Plan, deleted: boolean): boolean {
  return plan.deleted === 'all' || deleted === (plan.deleted === 'true');
}

/** Broad scans for `details` end at the gateway. pardot.md §4.1. */
function refuseHeavy(call: Call, wantsDetails: boolean, rows: number): void {
  if (wantsDetails && rows > call.state.switches.detailsRowLimit) throw new GatewayTimeout();
}
