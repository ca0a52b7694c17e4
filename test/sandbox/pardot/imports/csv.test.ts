import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../../src/sandbox/pardot/failure.ts';
import { parseCsv, renderCsv } from '../../../../src/sandbox/pardot/imports/csv.ts';

const parse = (text: string): string[][] => parseCsv(Buffer.from(text));

for (const [what, text, records] of [
  ['nothing', '', []],
  ['one field', 'a', [['a']]],
  ['a blank last field', 'a,\n', [['a', '']]],
  ['a blank last field at the end', 'a,', [['a', '']]],
  [
    'line ends of all kinds',
    'a,b\r\nc,d\ne,f\rg,h',
    [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
      ['g', 'h'],
    ],
  ],
  ['blank lines', 'a\n\n\r\nb\n', [['a'], ['b']]],
  ['separators, line ends and quotes in quotes', '"a,\n""b""",c\n', [['a,\n"b"', 'c']]],
  ['quoted blanks', '"",""\n', [['', '']]],
  ['a byte order mark', '\uFEFFa,b\n', [['a', 'b']]],
  ['letters beyond ASCII', 'Zoë,東京\n', [['Zoë', '東京']]],
] as const)
  test(`parsing ${what}`, () => {
    assert.deepEqual(parse(text), records);
  });

for (const [what, text] of [
  ['a quote in a bare field', 'a"b,c\n'],
  ['text after a quoted field', '"a"b\n'],
  ['a quote that does not end', 'a,"b\nc\n'],
] as const)
  test(`${what} is no CSV`, () => {
    assert.throws(
      () => parse(text),
      (error) => error instanceof Failure && error.code === 159,
    );
  });

test('what is not UTF-8 is no CSV', () => {
  assert.throws(() => parseCsv(Buffer.from('Zo\u00eb', 'latin1')), Failure);
});

test('a field as long as a batch is parsed', () => {
  const long = `${'x""'.repeat(1_000_000)}`;
  assert.equal(parse(`"${long}"`)[0]?.[0]?.length, 2_000_000);
});

test('what is rendered parses back', () => {
  const records = [
    ['a,b', 'c"d', 'e\r\nf', ''],
    ['plain', ' ', 'ü', '""'],
  ];
  assert.deepEqual(parse(renderCsv(records)), records);
});
