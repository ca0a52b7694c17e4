import { Failure } from './failure.ts';
import type { FilterText } from './filters.ts';
import type { SortKeys } from './order.ts';
import { renderInstant } from './time.ts';

const LIFE_MS = 4 * 3_600_000;

/** What a query asks for, apart from its fields. */
export interface Plan {
  readonly filters: readonly FilterText[];
  readonly orderBy: string;
  readonly limit: number;
  readonly deleted: 'all' | 'true' | 'false' | null;
}

/** Where a chain of pages stands. */
export interface Progress {
  readonly resumeValue: SortKeys;
  /** Pages handed out. */
  readonly page: number;
  /** Rows handed out. */
  readonly recCount: number;
}

/** Base64 of plain JSON, as recorded; good for 4 hours, in the user's zone. pardot.md §2.3. */
export function writePageToken(plan: Plan, progress: Progress, nowMs: number, timeZone: string): string {
  const { orderBy, filters, limit, deleted } = plan;
  const { resumeValue, page, recCount } = progress;
  const expireTime = renderInstant(nowMs + LIFE_MS, timeZone);
  const token = { orderBy, filters, limit, resumeValue, page, recCount, expireTime, deleted };
  return Buffer.from(JSON.stringify(token)).toString('base64');
}

/** Failure 211 for anything that is not a token of ours, 210 for one whose time is over. */
export function readPageToken(text: string, nowMs: number): Plan & Progress {
  const token = parse(text);
  if (!isToken(token)) throw new Failure(211);
  if (nowMs >= Date.parse(token.expireTime)) throw new Failure(210);
  return token;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

function isToken(value: unknown): value is Plan & Progress & { expireTime: string } {
  if (typeof value !== 'object' || value === null) return false;
  const token = value as Partial<Record<string, unknown>>;
  return (
    typeof token.orderBy === 'string' &&
    Array.isArray(token.filters) &&
    token.filters.every(isFilterText) &&
    typeof token.limit === 'number' &&
    typeof token.resumeValue === 'object' &&
    token.resumeValue !== null &&
    typeof token.page === 'number' &&
    typeof token.recCount === 'number' &&
    typeof token.expireTime === 'string'
  );
}

function isFilterText(value: unknown): value is FilterText {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
