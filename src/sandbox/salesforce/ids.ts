const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Hands out 18-character ids with one key prefix (`701` for campaigns), ascending. */
export class IdSequence {
  readonly #stem: string;
  #next: number;

  /** `prefix` 3 characters, `instance` 4: together they start every id. `first` is the first serial number. */
  constructor(prefix: string, instance: string, first: number) {
    this.#stem = `${prefix}${instance}`;
    this.#next = first;
  }

  take(): string {
    let serial = '';
    for (let rest = this.#next++; serial.length < 15 - this.#stem.length; rest = Math.floor(rest / 62)) {
      serial = BASE62.charAt(rest % 62) + serial;
    }
    return id18(this.#stem + serial);
  }
}

/**
 * The 18-character form of a 15- or 18-character id: the suffix says which of the 15 characters are upper case
 * (salesforce.md §2.4). Anything else comes back unchanged.
 */
export function id18(id: string): string {
  if (!/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(id)) return id;
  const id15 = id.slice(0, 15);
  let suffix = '';
  for (let chunk = 0; chunk < 15; chunk += 5) {
    let bits = 0;
    for (let i = 0; i < 5; i++) if (/[A-Z]/.test(id15.charAt(chunk + i))) bits |= 1 << i;
    suffix += CHECKSUM.charAt(bits);
  }
  return id15 + suffix;
}
