import { Failure } from '../failure.ts';
import { salesforceKey } from '../mirrors.ts';
import { byActivity, preferLive, prospectsByEmail } from '../prospects.ts';
import type { Prospect } from '../rows.ts';
import type { PardotState } from '../state.ts';
import { storedValue } from '../values.ts';
import type { MatchColumn } from './header.ts';
import type { ImportRow } from './model.ts';

/**
 * The prospect that a row means, undefined where it means a new one: nothing to match by, or no match and
 * `createOnNoMatch`. Otherwise Failure 92; 132 for one in the recycle bin without `restoreDeleted`; 4 or 3 for
 * what is no address or id. pardot.md §8.1.
 */
export function findMatch(
  state: PardotState,
  job: ImportRow,
  column: MatchColumn,
  text: string,
): Prospect | undefined {
  if (text === '') return undefined;
  const found = find(state, column, text);
  if (found?.isDeleted && !job.restoreDeleted) throw new Failure(132);
  if (!found && !job.createOnNoMatch) throw new Failure(92, text);
  return found;
}

function find(state: PardotState, column: MatchColumn, text: string): Prospect | undefined {
  switch (column) {
    case 'matchEmail': {
      const email = String(storedValue(column, { type: 'email', writable: true }, text));
      return preferLive(prospectsByEmail(state, email).sort(byActivity));
    }
    case 'matchId':
      if (!/^\d{1,15}$/.test(text)) throw new Failure(3);
      return state.prospects.get(Number(text));
    case 'matchSalesforceId': {
      const isMeant = (row: Prospect): boolean =>
        salesforceKey(String(row.values.salesforceId ?? '')) === salesforceKey(text);
      return preferLive(state.prospects.rows().filter(isMeant).sort(byActivity));
    }
  }
}
