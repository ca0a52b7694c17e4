import { RestError } from '../rest-error.ts';

/** Letters, digits and single underscores, starting with a letter and not ending with an underscore (salesforce.md §6). */
export function requireDeveloperName(name: string): void {
  if (/^[A-Za-z](?:_?[A-Za-z0-9])*$/.test(name)) return;
  const message = `The Developer Name: ${name} can only contain underscores and alphanumeric characters. It must be unique, begin with a letter, not include spaces, not end with an underscore, and not contain two consecutive underscores.`;
  throw new RestError(400, 'INVALID_FIELD', message, ['DeveloperName']);
}

/** What the vendor makes of a label when no developer name was given. */
export function developerNameOf(label: string): string {
  const words = label.match(/[A-Za-z0-9]+/g) ?? [];
  const name = words.join('_');
  return /^[A-Za-z]/.test(name) ? name : `X${name}`;
}
