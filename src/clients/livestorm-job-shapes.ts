import { emailKey } from '../domain.ts';
import { quote } from './answers.ts';
import {
  FieldProblem,
  type JsonObject,
  objectOrNull,
  requireArray,
  requireBody,
  requireText,
  textOrNull,
} from './json.ts';
import { saysAlreadyThere } from './livestorm-registration.ts';

/** The vendor's maximum of one job. */
export const MAX_PEOPLE = 50;

/** How far a job is; null where the vendor did not say. */
export interface JobStatus {
  /** It works no more. Whether everybody was registered, its tasks tell. */
  readonly isOver: boolean;
  readonly total: number | null;
  readonly handled: number | null;
  readonly succeeded: number | null;
  readonly failed: number | null;
}

/** `open`: not done yet, or told in a word that this version has not heard of. */
export type TaskResult = 'registered' | 'already_registered' | 'refused' | 'open';

/** One person of a job. */
export interface JobTask {
  /** Position in the vendor's list. */
  readonly index: number;
  /** As `emailKey`; null when the vendor does not tell whose task it is. */
  readonly emailKey: string | null;
  readonly result: TaskResult;
  /** The vendor's words for why not, addresses removed; '' when there are none. */
  readonly problem: string;
}

/** The new job's id, wrapped in `data` or, as the prose has it, not. */
export function readJobId(body: string): string {
  const { id, attributes } = readJob(body);
  return requireText(id ?? attributes.id, 'data.id');
}

/** Three spellings of the counters, and more words than the two documented ones (livestorm.md §6.3). */
export function readJobStatus(body: string): JobStatus {
  const { attributes } = readJob(body);
  const total = count(attributes, 'total_items', 'total_tasks');
  const handled = count(attributes, 'total_processed_items', 'total_processed_tasks');
  const status = textOrNull(attributes.status);
  if (status === null && (total === null || handled === null)) {
    throw new FieldProblem('data.attributes.status', 'is missing');
  }
  return {
    isOver: isOver(status, total, handled),
    total,
    handled,
    succeeded: count(attributes, 'total_succeeded', 'total_success'),
    failed: count(attributes, 'total_failed', 'total_fail'),
  };
}

/** A word this version has not heard of leaves it to the counters. */
function isOver(status: string | null, total: number | null, handled: number | null): boolean {
  if (/^(ended|failed|completed|succeeded|finished|done)$/i.test(status ?? '')) return true;
  if (/^(processing|pending|queued|started|running)$/i.test(status ?? '')) return false;
  return total !== null && total > 0 && handled !== null && handled >= total;
}

function readJob(body: string): { id: unknown; attributes: JsonObject } {
  const answer = requireBody(body);
  const resource = objectOrNull(answer.data) ?? answer;
  return { id: resource.id, attributes: objectOrNull(resource.attributes) ?? resource };
}

function count(attributes: JsonObject, ...names: readonly string[]): number | null {
  for (const name of names) {
    const number = Number(textOrNull(attributes[name]) ?? Number.NaN);
    if (Number.isSafeInteger(number)) return number;
  }
  return null;
}

/** Every task, in the vendor's order. */
export function readTasks(body: string): JobTask[] {
  return requireArray(requireBody(body).data, 'data').map(readTask);
}

function readTask(value: unknown, index: number): JobTask {
  const resource = objectOrNull(value) ?? {};
  const row = objectOrNull(resource.attributes) ?? resource;
  const problem = problemOf(row);
  const email = textOrNull(row.email) ?? emailIn(row.fields) ?? emailIn(objectOrNull(row.input)?.fields);
  return {
    index,
    emailKey: email === null ? null : emailKey(email),
    result: resultOf(textOrNull(row.status) ?? '', problem),
    problem: quote(problem),
  };
}

function emailIn(fields: unknown): string | null {
  if (!Array.isArray(fields)) return null;
  const field = fields.map(objectOrNull).find((each) => each?.id === 'email');
  return textOrNull(field?.value);
}

function resultOf(status: string, problem: string): TaskResult {
  if (/^(succeeded|success|completed)$/i.test(status)) return 'registered';
  if (!/^(failed|error)$/i.test(status)) return 'open';
  return saysAlreadyThere(problem) ? 'already_registered' : 'refused';
}

/** `errors` with details, titles or messages, a plain `error`, or a `message` (livestorm.md §6.3). */
function problemOf(row: JsonObject): string {
  const errors = Array.isArray(row.errors) ? row.errors : [row.errors ?? row.error];
  const texts = errors.map((error) => {
    const told = objectOrNull(error);
    return told
      ? (textOrNull(told.detail) ?? textOrNull(told.title) ?? textOrNull(told.message))
      : textOrNull(error);
  });
  return texts.filter((text) => text !== null).join('; ') || (textOrNull(row.message) ?? '');
}
