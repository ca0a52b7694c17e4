import { editDistance } from '../config/nearest.ts';
import { emailKey } from '../domain.ts';

export interface Neighbour {
  readonly email: string;
  readonly because: string;
}

/** So many letters may differ in a domain before it is another one; in a name one of four, but always one. */
const MOST_LETTERS = 3;

/**
 * Known addresses that whoever asked for this one may have meant: the same name at another domain, a tag or dots more
 * or less, or a few letters apart. The likeliest first, three at most.
 */
export function nearestAddresses(asked: string, known: Iterable<string>): Neighbour[] {
  const wanted = emailKey(asked);
  const [wantedName, wantedDomain] = parts(wanted);
  const found: (Neighbour & { readonly rank: number })[] = [];
  for (const email of known) {
    if (email === wanted) continue;
    const [name, domain] = parts(email);
    const distance = distanceOf([wantedName, wantedDomain], [name, domain]);
    if (distance !== null) found.push({ email, because: lettersDiffer(distance), rank: distance });
    else if (bare(name) === bare(wantedName) && domain === wantedDomain)
      found.push({ email, because: 'the same but for dots or a tag', rank: 1 });
    else if (bare(name) === bare(wantedName) && bare(name).length > 2)
      found.push({ email, because: `the same name at ${domain}`, rank: MOST_LETTERS + 1 });
  }
  return found
    .sort((a, b) => a.rank - b.rank || (a.email < b.email ? -1 : 1))
    .slice(0, 3)
    .map(({ email, because }) => ({ email, because }));
}

function parts(email: string): [string, string] {
  const at = email.lastIndexOf('@');
  return at === -1 ? [email, ''] : [email.slice(0, at), email.slice(at + 1)];
}

/** null when they are too far apart. */
function distanceOf(
  [name, domain]: readonly string[],
  [otherName, otherDomain]: readonly string[],
): number | null {
  const most = Math.max(1, Math.floor((name ?? '').length / 4));
  const inName = editDistance(name ?? '', otherName ?? '', most + 1);
  const inDomain = editDistance(domain ?? '', otherDomain ?? '', MOST_LETTERS + 1);
  return inName > most || inDomain > MOST_LETTERS ? null : inName + inDomain;
}

/** Without what many mail providers ignore. */
function bare(name: string): string {
  return name.replace(/\+.*$/, '').replaceAll('.', '');
}

function lettersDiffer(distance: number): string {
  return distance === 1 ? 'one letter differs' : `${distance} letters differ`;
}
