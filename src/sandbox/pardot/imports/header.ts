import { demandAbilities } from '../collection.ts';
import { Failure } from '../failure.ts';
import { prospectFields } from '../prospect-fields.ts';
import type { PardotState } from '../state.ts';
import type { ImportRow } from './model.ts';

export const MATCH_COLUMNS = ['matchEmail', 'matchId', 'matchSalesforceId'] as const;
export type MatchColumn = (typeof MATCH_COLUMNS)[number];
export const LIST_COLUMNS = ['addToList', 'removeFromList'] as const;
const VIEW_LISTS = ['Marketing > Segmentation > Lists > View'];

/**
 * Checks the header of a batch against the fields of a prospect and the earlier batches: one match column (197,
 * 227), every other a field that may be written or a list column, each once (227); 226 where batches differ.
 * pardot.md §8.1.
 */
export function checkHeader(state: PardotState, job: ImportRow, header: readonly string[]): void {
  const specs = prospectFields(state);
  const known = new Set<string>([...MATCH_COLUMNS, ...LIST_COLUMNS]);
  const stray = header.find((name) => !known.has(name) && !specs[name]?.writable);
  if (stray !== undefined) throw new Failure(227, stray);
  if (new Set(header).size < header.length) throw new Failure(227, 'a column comes twice');
  const matching = MATCH_COLUMNS.filter((name) => header.includes(name));
  if (matching.length === 0) throw new Failure(197, MATCH_COLUMNS.join(', '));
  if (matching.length > 1) throw new Failure(227, matching.join(', '));
  if (LIST_COLUMNS.some((name) => header.includes(name))) demandAbilities(state, VIEW_LISTS);
  if (job.header && job.header.join() !== header.join()) throw new Failure(226);
  checkOptions(state, job, header);
}

function checkOptions(state: PardotState, job: ImportRow, header: readonly string[]): void {
  const { options } = job;
  const unknown = [...options.keys()].filter((name) => !header.includes(name));
  if (unknown.length > 0) throw new Failure(165, unknown.join(', '));
  const uncovered = header.filter((name) => !options.has(name));
  const mustCover = state.switches.importFieldsCoverAll && options.size > 0;
  if (mustCover && uncovered.length > 0) throw new Failure(165, uncovered.join(', '));
}
