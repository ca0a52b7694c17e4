/** Records as CSV (RFC 4180): quotes where needed, lines end with CR LF. */
export function writeCsv(records: readonly (readonly string[])[]): string {
  return records.map((record) => `${record.map(quoted).join(',')}\r\n`).join('');
}

const PIECE = 64 * 1024;

/** The same as bytes, piece by piece: a file of many records is never one text. */
export function csvFile(records: Iterable<readonly string[]>): Buffer {
  const pieces: Buffer[] = [];
  let text = '';
  for (const record of records) {
    text += writeCsv([record]);
    if (text.length < PIECE) continue;
    pieces.push(Buffer.from(text));
    text = '';
  }
  return Buffer.concat([...pieces, Buffer.from(text)]);
}

function quoted(field: string): string {
  return /[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** One field, with its quotes if it has any, and what ends it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\r|\n|$)/y;

/**
 * The records of a CSV text: quoted fields may hold commas, line ends and doubled quotes; any line end and a byte
 * order mark are taken, blank lines skipped. Null when a quoted field does not end or goes on after its end.
 */
export function readCsv(text: string): string[][] | null {
  const source = text.replace(/^\uFEFF/, '');
  const records: string[][] = [];
  let record: string[] = [];
  FIELD.lastIndex = 0;
  for (let hasMore = source.length > 0; hasMore; ) {
    const [, inQuotes, plain = '', end] = FIELD.exec(source) ?? [];
    if (end === undefined) return null;
    const field = inQuotes === undefined ? plain : inQuotes.replaceAll('""', '"');
    // A stray quote: what looked like plain text was a quoted field that never ended.
    if (inQuotes === undefined && plain.startsWith('"')) return null;
    record.push(field);
    hasMore = end === ',' || FIELD.lastIndex < source.length;
    if (end === ',') continue;
    if (record.length > 1 || field !== '') records.push(record);
    record = [];
  }
  return records;
}
