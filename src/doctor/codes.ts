import { OUTCOMES, type Vendor } from '../domain.ts';
import type { Code, CodeTable } from './codes/code.ts';
import { LIVESTORM_CODES } from './codes/livestorm.ts';
import { NETWORK_CODES } from './codes/network.ts';
import { PARDOT_CODES } from './codes/pardot.ts';
import { SALESFORCE_CODES } from './codes/salesforce.ts';

const CODES: readonly Code[] = [
  ...rows('livestorm', LIVESTORM_CODES),
  ...rows('pardot', PARDOT_CODES),
  ...rows('salesforce', SALESFORCE_CODES),
  ...rows('network', NETWORK_CODES),
];

function rows(from: Code['from'], table: CodeTable): Code[] {
  return Object.entries(table).map(([code, [meaning, fix]]) => ({ from, code, meaning, fix }));
}

/** Every meaning that a code has, whatever the letter case; several vendors may use the same one. */
export function explainCode(code: string): Code[] {
  const wanted = code.trim().toLowerCase();
  return CODES.filter((known) => known.code.toLowerCase() === wanted);
}

/** What a vendor means by a code of its own, or, for Livestorm, by a status. */
export function codeOf(vendor: Vendor, code: string | number | undefined): Code | null {
  if (code === undefined) return null;
  const meanings = explainCode(String(code));
  return (
    meanings.find(({ from }) => from === vendor) ?? meanings.find(({ from }) => from === 'network') ?? null
  );
}

/** How something ended for a person, in words; null for what is no outcome. */
export function explainOutcome(word: string): string | null {
  return Object.hasOwn(OUTCOMES, word) ? OUTCOMES[word as keyof typeof OUTCOMES] : null;
}
