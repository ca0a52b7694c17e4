import type { Person } from './stage.ts';

/** Somebody of a world, with what a form may make of them. */
export interface Character extends Person {
  /** Prospects that there are before anything begins. */
  readonly prospects: number;
  readonly inRecycleBin?: boolean;
  /** Only ever submits forms: no list of Livestorm takes this address. */
  readonly formsOnly?: boolean;
  /** Why forms never register this person. */
  readonly never?: 'team_member' | 'invalid_email' | 'denied_domain';
}

const HOST = 'host@workspace.example';

/** Spelt as people type: one person may write an address in two ways. */
export const CAST: readonly Character[] = [
  { email: 'ada@example.org', firstName: 'Ada', prospects: 1 },
  { email: 'twin@example.org', firstName: 'Twin', prospects: 2 },
  { email: 'binned@example.org', firstName: 'Binned', prospects: 1, inRecycleBin: true },
  { email: 'new.one@example.org', firstName: 'Nora', prospects: 0 },
  { email: 'new.two@example.org', firstName: 'Niels', prospects: 0 },
  { email: 'new.three@example.org', firstName: 'Nina', prospects: 0 },
  { email: 'Mixed.Case@Example.ORG', firstName: 'Mix', prospects: 0 },
  { email: 'KNOWN@example.org', firstName: 'Known', prospects: 1 },
  { email: "o'hara+news@sub.ex-ample.co.uk", firstName: "O'Hara", prospects: 0 },
  { email: 'jürgen@bücher.example', firstName: 'Jürgen', prospects: 0 },
  { email: 'a@b.cd', firstName: 'Short', prospects: 1 },
  { email: HOST, firstName: 'Harriet', prospects: 0, formsOnly: true, never: 'team_member' },
  { email: 'quo"ted@example.org', firstName: 'Quo', prospects: 0, formsOnly: true, never: 'invalid_email' },
  { email: 'spam@denied.example', firstName: 'Spam', prospects: 0, formsOnly: true, never: 'denied_domain' },
];

/** Many people of whom nothing is known. */
export function crowdOf(count: number): Character[] {
  return Array.from({ length: count }, (_, index) => ({
    email: `crowd-${index}@example.org`,
    firstName: `Crowd${index}`,
    prospects: 0,
  }));
}

/** The other spelling of an address. */
export function otherCase(email: string): string {
  return email === email.toLowerCase() ? email.toUpperCase() : email.toLowerCase();
}

export function keyOf(email: string): string {
  return email.trim().toLowerCase();
}
