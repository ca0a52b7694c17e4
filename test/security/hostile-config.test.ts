import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachKey } from '../../src/config/key.ts';
import { renderProblems } from '../../src/config/render.ts';
import { SCHEMA } from '../../src/config/schema.ts';
import { ConfigError } from '../../src/errors.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { MINIMAL, parse } from '../config/fixture.ts';

const RAW = 'raw-yaml-goes-here';

/** Values of YAML, in flow style. */
const VALUES: readonly string[] = [
  ...[
    '',
    '~',
    'null',
    '""',
    "''",
    'true',
    'NO',
    'off',
    '0',
    '-0',
    '-1',
    '1.5',
    '.inf',
    '-.inf',
    '.nan',
    '1e999',
    '0o17',
    '1_000',
  ],
  ...[
    '701E00000000123',
    '0x1F',
    '12345678901234567890',
    '0Uv000000000000AAA',
    '2026-03-02',
    '12:30:45',
    '=',
    '<<',
    '!!binary AA==',
  ],
  ...[
    '[]',
    '{}',
    '[[]]',
    '[{}]',
    '{a: 1}',
    '{"__proto__": {polluted: 1}}',
    '{constructor: {prototype: {polluted: 1}}}',
    '{"": 1}',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '{prototype: 1}',
    '{"<<": {a: 1}}',
  ],
  ...[
    '&a x',
    '*a',
    '!tag x',
    '!!js/function "x"',
    '!!python/object/apply:os.system [x]',
    '!<tag:yaml.org,2002:str> x',
    '%x',
    '@x',
    '`x`',
  ],
  ...[
    '"\\0"',
    '"\\u202e"',
    '"\\ufeff"',
    '"\\ud800"',
    '"\\e[2J"',
    '"\\n\\r\\t"',
    '"a\\u0000b"',
    '"<script>"',
    '"$(id)"',
    '"../../../etc/passwd"',
  ],
  ...[
    'file:///etc/passwd',
    'http://169.254.169.254/',
    'https://u:p@x.example',
    'https://x.example\\@y.example',
    'javascript:alert(1)',
  ],
  ...[
    '{ file: /dev/zero }',
    '{ file: /dev/stdin }',
    '{ file: . }',
    '{ env: PATH, file: x }',
    '{ env: __proto__ }',
    '{ credential: ../../x }',
  ],
  ...[
    '"* * * * * * * *"',
    '"*/0 * * * *"',
    '"0-59/0 * * * *"',
    '"99 99 99 99 99"',
    '"@reboot"',
    `"${'*,'.repeat(45)}* * * * *"`,
  ],
  ...[
    '"[a-z"',
    '"(a+)+$"',
    `["${'*a'.repeat(40)}b"]`,
    `["${'?*'.repeat(60)}"]`,
    `"${'a.'.repeat(120)}com"`,
    `["${'-'.repeat(250)}.com"]`,
  ],
  ...[
    '{a: {from: b}}',
    '{a: {from: __proto__}}',
    '{toString: email}',
    '{valueOf: {from: x, overwrite: constructor}}',
    '[{session: x}]',
    '[null, null]',
  ],
  `"${'x'.repeat(30_000)}"`,
  `"${'%'.repeat(10_000)}"`,
  `${'['.repeat(200)}${']'.repeat(200)}`,
  `[${Array.from({ length: 3_000 }, () => 'a').join(', ')}]`,
  `{${Array.from({ length: 1_500 }, (_, index) => `k${index}: v`).join(', ')}}`,
];

/** A whole configuration in which one key has that value. */
function withValue(path: string, value: string): string {
  const root: Record<string, Record<string, unknown>> = {
    livestorm: { api_token: { env: 'TOKEN' } },
    pardot: { business_unit_id: '0Uv000000000000AAA' },
    salesforce: { client_id: 'key', username: 'u@example.com', private_key: { env: 'KEY' } },
  };
  const keys = path.split('.');
  let holder: Record<string, unknown> = root;
  for (const key of keys.slice(0, -1)) {
    holder[key] ??= {};
    holder = holder[key] as Record<string, unknown>;
  }
  holder[keys.at(-1) ?? ''] = RAW;
  return JSON.stringify(root).replace(`"${RAW}"`, () => value);
}

/** Ends in a configuration, or in problems that can be read; throws whatever else comes of it. */
function outcomeOf(text: string): 'taken' | 'refused' {
  try {
    return parse(text).warnings.length >= 0 ? 'taken' : 'refused';
  } catch (error) {
    if (!(error instanceof ConfigError))
      throw new Error(`not refused, but broken by ${text.slice(0, 300)}`, { cause: error });
    const shown = renderProblems(error);
    assert.ok(error.problems.length > 0);
    assert.doesNotMatch(shown, /[[\p{Cf}\p{Cc}]--\n]/v, text.slice(0, 300));
    for (const { fix } of error.problems) assert.notEqual(fix, '', text.slice(0, 300));
    return 'refused';
  }
}

/** Bytes that change what a YAML file means. */
const GARBAGE = [
  ': ',
  '- ',
  '#',
  '\t',
  '\n',
  '\r',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '!',
  '|',
  '>',
  '?',
  '%',
  '@',
  '---\n',
  '...\n',
  '<<: ',
  '\u0000',
  '\ufeff',
  '\u2028',
  '\u202e',
  '\u0085',
  '__proto__: ',
  'constructor: ',
  '\ud800',
];

function garbled(text: string, random: Random): string {
  let result = text;
  for (let left = random.between(1, 4); left > 0; left--) {
    const at = random.between(0, result.length);
    const cut = random.next() < 0.3 ? random.between(0, 12) : 0;
    result =
      result.slice(0, at) + (GARBAGE[random.between(0, GARBAGE.length - 1)] ?? '') + result.slice(at + cut);
  }
  return result;
}

function isClean(): void {
  assert.equal('polluted' in {}, false);
  assert.deepEqual(Object.keys(Object.prototype), []);
}

test('every key with every hostile value ends in a configuration, or in problems with a fix', (t) => {
  const outcomes = { taken: 0, refused: 0 };
  const paths = [...eachKey(SCHEMA)].map(({ path }) => path);
  for (const path of paths) for (const value of VALUES) outcomes[outcomeOf(withValue(path, value))]++;
  t.diagnostic(
    `${paths.length} keys × ${VALUES.length} values: ${outcomes.refused} refused, ${outcomes.taken} taken`,
  );
  assert.ok(outcomes.refused + outcomes.taken >= 3_000);
  assert.ok(outcomes.taken > 50 && outcomes.refused > 2_000);
  isClean();
});

test('a key that leads to a prototype is refused wherever it stands', () => {
  const paths = [...eachKey(SCHEMA)].map(({ path }) => path);
  const places = new Set(
    paths.flatMap((path) => path.split('.').map((_, depth, keys) => keys.slice(0, depth).join('.'))),
  );
  for (const place of places) {
    for (const name of [
      '__proto__',
      'constructor',
      'prototype',
      '"__proto__"',
      '"\\x5f_proto__"',
      '? __proto__',
    ]) {
      const value = `{ ${name}: { polluted: 1 } }`;
      assert.equal(
        outcomeOf(place === '' ? `${MINIMAL}${name}: { polluted: 1 }\n` : withValue(place, value)),
        'refused',
        `${place} ${name}`,
      );
    }
  }
  isClean();
});

test('2,000 files with garbage in them end in a configuration, or in problems with a fix', (t) => {
  const outcomes = { taken: 0, refused: 0 };
  const random = new Random(11);
  for (let round = 0; round < 2_000; round++) outcomes[outcomeOf(garbled(MINIMAL, random))]++;
  t.diagnostic(`${outcomes.refused} refused, ${outcomes.taken} taken`);
  assert.ok(outcomes.refused > 500 && outcomes.taken > 10);
  isClean();
});
