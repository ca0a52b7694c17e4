// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text that a template engine would run is what is tested here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCsv, writeCsv } from '../../src/clients/csv.ts';
import { fileForm } from '../../src/clients/multipart.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { html as sandboxHtml } from '../../src/sandbox/pages/html.ts';

/** What people may write into a registration form, to the harm of whoever reads it later. */
const PIECES = [
  ...[
    '=cmd()',
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    "'",
    '"',
    '""',
    ',',
    ';',
    '\r',
    '\n',
    '\r\n',
    '\\',
    '|',
    '%0d%0a',
  ],
  ...[
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '{{7*7}}',
    '${7*7}',
    '\u0000',
    '\ufeff',
    '\u202e',
  ],
  ...['Ana', ' ', '  ', 'é', '名', '😀', '\ud800', '--boundary', '----'],
] as const;

function someText(random: Random): string {
  const count = random.between(0, 6);
  return Array.from({ length: count }, () => PIECES[random.between(0, PIECES.length - 1)] ?? '').join('');
}

test('whatever people wrote, an import has as many rows and columns as it should, and the same text in each', () => {
  const random = new Random(8);
  for (let round = 0; round < 2_000; round++) {
    const columns = random.between(2, 6);
    const rows = Array.from({ length: random.between(1, 5) }, (_, row) => [
      `person${row}@example.org`,
      ...Array.from({ length: columns - 1 }, () => someText(random)),
    ]);
    assert.deepEqual(readCsv(writeCsv(rows)), rows);
  }
});

test('nothing that people wrote ends the form that carries an import', () => {
  const random = new Random(9);
  for (let round = 0; round < 500; round++) {
    const csv = writeCsv([['person@example.org', someText(random), `\r\n--${someText(random)}--\r\n`]]);
    const { body, contentType } = fileForm('file', 'prospects.csv', Buffer.from(csv), 'text/csv');
    const boundary = /boundary=(.+)$/.exec(contentType)?.[1] ?? '';
    assert.equal(body.toString().split(`--${boundary}`).length, 3);
    assert.ok(body.includes(Buffer.from(csv)));
  }
});

test('pages show what people wrote, and run none of it', () => {
  const random = new Random(10);
  for (let round = 0; round < 500; round++) {
    const text = someText(random);
    const page = sandboxHtml`<td title="${text}">${text}</td>`.text;
    assert.equal(page.match(/</g)?.length, 2, page);
    assert.equal(page.match(/"/g)?.length, 2, page);
  }
});
