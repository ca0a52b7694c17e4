import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { writtenForms } from '../store/mentions.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;
/** More than the longest address in any form. */
const OVERLAP_BYTES = 4096;

/**
 * Whether a file's bytes hold an address, in any form and letter case. Between values nothing separates them in a
 * database file, so addresses of others that contain this one are told by `longer`.
 */
export function hasTraceOf(file: string, address: string, longer: readonly string[] = []): boolean {
  if (!existsSync(file)) return false;
  const needles = [address, address.toUpperCase()].flatMap(writtenForms).map(folded);
  const others = longer
    .flatMap((other) => [other, other.toUpperCase()])
    .flatMap(writtenForms)
    .map(folded);
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const handle = openSync(file, 'r');
  try {
    let tail = '';
    for (;;) {
      const length = readSync(handle, buffer, 0, CHUNK_BYTES, null);
      if (length === 0) return false;
      const text = tail + buffer.toString('latin1', 0, length).toLowerCase();
      const own = others.reduce((rest, other) => rest.replaceAll(other, ' '.repeat(other.length)), text);
      // What ends in the tail was looked at before, when what stands in front of it was there, too.
      if (needles.some((needle) => own.includes(needle, tail.length - needle.length + 1))) return true;
      tail = text.slice(-OVERLAP_BYTES);
    }
  } finally {
    closeSync(handle);
  }
}

/** Byte for byte as one character each, so that folding the case changes both sides alike. */
function folded(text: string): string {
  return Buffer.from(text).toString('latin1').toLowerCase();
}
