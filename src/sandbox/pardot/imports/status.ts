import type { ImportRow, ImportStatus } from './model.ts';

const OPEN_LIFE_MS = 24 * 3_600_000;
const RESULT_LIFE_MS = 7 * OPEN_LIFE_MS;
/** Shares of an import's duration after which it waits for an agent, and is being worked on. */
const WAITING_FROM = 0.05;
const WORKING_FROM = 0.25;

/** Where an import stands by the clock. pardot.md §8.1. */
export function statusOf(job: ImportRow, nowMs: number): ImportStatus {
  if (job.result) return job.result.status;
  if (job.readyAtMs === null || job.dueAtMs === null) return 'Open';
  const share = (nowMs - job.readyAtMs) / (job.dueAtMs - job.readyAtMs);
  if (share < WAITING_FROM) return 'Ready';
  return share < WORKING_FROM ? 'Waiting' : 'Processing';
}

/** An import nobody submitted ends after 24 hours, the results of others after 7 days. */
export function isExpired(job: ImportRow, nowMs: number): boolean {
  if (job.result) return nowMs >= job.result.atMs + RESULT_LIFE_MS;
  return job.readyAtMs === null && nowMs >= job.createdAtMs + OPEN_LIFE_MS;
}
