import type { Vendor } from '../../domain.ts';

/** What a code in a log, a finding or a status means. */
export interface Code {
  /** `network`: of this machine and the way to any vendor. */
  readonly from: Vendor | 'network';
  /** As it is logged; of Livestorm the HTTP status, which is all it has. */
  readonly code: string;
  readonly meaning: string;
  /** What to do; says so when the connector helps itself. */
  readonly fix: string;
}

/** Rows of a table: code → meaning and fix. */
export type CodeTable = Readonly<Record<string, readonly [meaning: string, fix: string]>>;

export const BY_ITSELF = 'nothing to do: the connector waits and tries again';
