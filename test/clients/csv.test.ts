import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvFile, readCsv, writeCsv } from '../../src/clients/csv.ts';

test('what is written is read back, whatever it holds', () => {
  const records = [
    ['matchEmail', 'first', 'last'],
    ['a@example.org', 'quo"te', 'com,ma'],
    ['b@example.org', 'line\r\nend', ''],
    [' spaces ', 'ä€😀', '""'],
    ['', '', ''],
  ];
  assert.deepEqual(readCsv(writeCsv(records)), records);
});

test('quotes only where they are needed', () => {
  assert.equal(writeCsv([['a', 'b c', 'd,e', 'f"g', '']]), 'a,b c,"d,e","f""g",\r\n');
  assert.equal(writeCsv([]), '');
});

for (const [what, text, records] of [
  [
    'any line end',
    'a,b\n1,2\r3,4\r\n5,6',
    [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ],
  ],
  ['a byte order mark', '\uFEFFa,b\r\n', [['a', 'b']]],
  ['blank lines', 'a\n\n\r\nb\n\n', [['a'], ['b']]],
  [
    'an empty last field',
    'a,\n,b',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['a trailing comma at the end', 'a,', [['a', '']]],
  [
    'everything quoted',
    '"a","b"\r\n"1","2"\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a quote inside plain text', '5" disk,b', [['5" disk', 'b']]],
  ['nothing', '', []],
] as const) {
  test(`reads ${what}`, () => assert.deepEqual(readCsv(text), records));
}

test('broken quoting is no CSV', () => {
  assert.equal(readCsv('a,"b'), null);
  assert.equal(readCsv('"a"b,c'), null);
});

test('a long file is read in one go', () => {
  const records = Array.from({ length: 5000 }, (_, index) => [`p${index}@example.org`, 'x'.repeat(500)]);
  assert.deepEqual(readCsv(writeCsv(records)), records);
});

test('a file is the same records as bytes, however many there are', () => {
  const records = Array.from({ length: 5000 }, (_, index) => [`${index}`, 'Zoë, "the" first', '']);
  assert.ok(csvFile(records).equals(Buffer.from(writeCsv(records))));
  assert.equal(csvFile([]).length, 0);
});
