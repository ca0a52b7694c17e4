const REPLACEMENT = '[forgotten]';

/** An address as it stands in texts: plainly, as a part of JSON, as a part of a URL. */
export function writtenForms(address: string): string[] {
  const asJson = JSON.stringify(address).slice(1, -1);
  const asAscii = asJson.replaceAll(
    /[\u0080-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [...new Set([address, asJson, asAscii, encodeURIComponent(address)])];
}

/** The text without the address, in whatever letter case and form; an address that only ends like it stays. */
export function withoutAddress(text: string, address: string): string {
  const forms = writtenForms(address).map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return text.replaceAll(new RegExp(forms.join('|'), 'giu'), (found, offset: number) =>
    isWhole(text.slice(0, offset), text.slice(offset + found.length)) ? REPLACEMENT : found,
  );
}

function isWhole(before: string, after: string): boolean {
  const isEscape = /\\[bfnrt]$|\\u[\da-f]{4}$|%[\da-f]{2}$/i.test(before);
  const startsEarlier = !isEscape && /[\p{L}\p{N}._+-]$/u.test(before);
  const endsLater = /^(?:[\p{L}\p{N}_-]|\.[\p{L}\p{N}])/u.test(after);
  return !startsEarlier && !endsLater;
}

/** For SQLite's LIKE: matches every text that holds the address in any form, and some that do not. */
export function likePattern(address: string): string {
  return `%${address.replaceAll(/[^A-Za-z0-9]+/g, '%')}%`;
}
