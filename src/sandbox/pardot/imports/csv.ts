import { Failure } from '../failure.ts';

/** A field with its quotes if it has any, and what ends it. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

/**
 * The records of a CSV file, RFC 4180: quoted fields may hold separators, line ends and doubled quotes. Any line
 * end and a byte order mark are taken, blank lines skipped. Failure 159 for bad quoting and for what is not UTF-8.
 */
export function parseCsv(content: Buffer): string[][] {
  const text = decode(content);
  const records: string[][] = [];
  let record: string[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length || record.length > 0) {
    const match = FIELD.exec(text);
    if (!match) throw new Failure(159, `bad quoting in record ${records.length + 1}`);
    const [, quoted, plain = '', end] = match;
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  return records;
}

/** As the vendor writes files: quotes only where needed. */
export function renderCsv(records: readonly (readonly string[])[]): string {
  return records.map((record) => `${record.map(quote).join(',')}\r\n`).join('');
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function decode(content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new Failure(159, 'not UTF-8');
  }
}
