import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quote } from '../../src/clients/answers.ts';
import { RefusedError, StateError } from '../../src/errors.ts';
import { createLogger, type LogFields } from '../../src/logger.ts';
import { concealer, placeOf } from '../../src/redact.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { START } from '../support/builders.ts';
import { Canaries } from './canaries.ts';

const LINES = 12_000;
const { privateKeyPem } = newKeyPair();
const SECRETS = [
  privateKeyPem,
  'ls-canary-tok"en\\with/marks=&<>+ of Livestorm',
  'CANARYCLIENTSECRET0123456789ABCDEF0123456789ABCDEF',
  '5Aep861canaryRefreshTokenOfTheConfiguration0123456789',
];
/** Never in a configuration: they are known by what they look like. */
const ISSUED = [
  '00D000000000001!ARcanaryAccessToken.0123456789_abcdefghijkl',
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJjYW5hcnkifQ.c2lnbmF0dXJlLW9mLWNhbmFyeQ',
  '5Aep861canaryRotatedRefreshTokenThatNoConfigurationHas',
];

type Spelling = (text: string, random: Random) => string;

const SPELLINGS: readonly Spelling[] = [
  (text) => text,
  (text) => text,
  (text) => encodeURIComponent(text),
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => JSON.stringify(text),
  (text) => JSON.stringify(JSON.stringify({ text })),
  (text) => text.replaceAll('@', '\\u0040'),
  (text) => text.replaceAll('@', '&#64;'),
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text) => `<${text}>`,
  (text) => `mailto:${text}?subject=x`,
  (text) =>
    `https://x.example/people?email=${encodeURIComponent(text)}&access_token=${encodeURIComponent(text)}`,
  (text) => `{"email":"${text}","n":1}`,
  (text) => `line one\n\t${text}\r\nline three`,
  (text) => `Authorization: Bearer ${text}`,
  (text) => `\u202e${text}\u0000`,
  (text) => `(${text}),[${text}];'${text}'`,
];

/** Base64 is for secrets alone: an address in it cannot be told from any other text. */
const SECRET_SPELLINGS: readonly Spelling[] = [
  ...SPELLINGS,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`id:${text}`).toString('base64'),
  (text) => Buffer.from(`ids:${text}`).toString('base64url'),
];

const SHAPES: readonly ((text: string) => LogFields)[] = [
  (text) => ({ operation: text }),
  (text) => ({ outcome: text, state: text, file: text }),
  (text) => ({ err: new Error(`failed for ${text}`) }),
  (text) => ({ err: new TypeError(text, { cause: new Error(text, { cause: new Error(text) }) }) }),
  (text) => ({ err: new StateError(text, { hint: `ask ${text}`, cause: new Error(text) }) }),
  (text) => ({ err: new AggregateError([new Error(text), { message: text }], text) }),
  (text) => ({
    err: Object.assign(new Error(text), { headers: { authorization: text }, body: Buffer.from(text) }),
  }),
  (text) => ({ err: { message: text, deep: [[{ deeper: Buffer.from(text) }]] } }),
  (text) => ({ err: text }),
  (text) => ({ err: refused(quote(`the vendor says ${text}`), quote(text)) }),
  (text) => ({ err: unparsable(`{"a":${text}`) }),
  (text) => ({
    err: Object.assign(new Error('x'), { stack: `Error: ${text}\n    at ${text} (file.ts:1:1)\n${text}` }),
  }),
];

function refused(message: string, code: string): RefusedError {
  return new RefusedError(message, { vendor: 'pardot', operation: 'POST /prospects', status: 400, code });
}

function unparsable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

const DOMAINS = [
  'example.org',
  'mail.example.co.uk',
  'exämple.de',
  'xn--exmple-cua.com',
  '例え.テスト',
  'пример.рф',
  'a-b.museum',
];
const LOCALS = [
  'plain',
  "o'neil",
  'first.last',
  'a+tag',
  'jörg',
  'Ωmega',
  'имя',
  '名前',
  'x_y-z',
  '!#$%',
  'UPPER',
  'é́',
];

/** An address that is known by its middle, whatever stands around it. */
function address(index: number, random: Random): { text: string; mark: string } {
  const mark = `qz${index.toString(36)}qj`;
  const local = LOCALS[random.between(0, LOCALS.length - 1)];
  return { text: `${local}${mark}@${DOMAINS[random.between(0, DOMAINS.length - 1)]}`, mark };
}

test('of 12,000 lines with addresses and secrets in every spelling and place none tells one', (t) => {
  const random = new Random(20260302);
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const log = createLogger(destination, {
    level: 'debug',
    secrets: SECRETS,
    now: () => START,
    personKey: 'key',
  });
  const canaries = new Canaries();
  const planted = [...SECRETS, ...ISSUED];
  for (const secret of planted) canaries.add('secret', secret);
  for (const line of privateKeyPem.split('\n').filter((each) => each.length > 30)) canaries.add('key', line);
  const leaks: string[] = [];
  for (let index = 0; index < LINES; index++) {
    const isPerson = random.next() < 0.6;
    const person = address(index, random);
    const secret = planted[random.between(0, planted.length - 1)] ?? '';
    const spellings = isPerson ? SPELLINGS : SECRETS.includes(secret) ? SECRET_SPELLINGS : SPELLINGS;
    const spell = spellings[random.between(0, spellings.length - 1)] as Spelling;
    const shape = SHAPES[random.between(0, SHAPES.length - 1)] as (text: string) => LogFields;
    const text = spell(isPerson ? person.text : secret, random);
    log.error(shape(text), 'planted');
    const line = written.at(-1) ?? '';
    const found = isPerson ? line.toLowerCase().includes(person.mark) : canaries.foundIn(line).length > 0;
    if (found) leaks.push(`${text} → ${line}`);
  }
  t.diagnostic(`${written.length} lines, ${leaks.length} leaks`);
  assert.equal(written.length, LINES);
  assert.deepEqual(leaks.slice(0, 5), []);
});

test('the search finds what is planted on purpose, however it is spelt', () => {
  const canaries = new Canaries();
  const secret = canaries.add('secret', SECRETS[1] ?? '');
  for (const spell of SECRET_SPELLINGS) {
    assert.equal(canaries.foundIn(`before ${spell(secret, new Random(1))} after`).length, 1, String(spell));
  }
  assert.deepEqual(canaries.foundIn('nothing here'), []);
});

test('pieces of a key of several lines are concealed, too', () => {
  const conceal = concealer([privateKeyPem]);
  for (const line of privateKeyPem.split('\n').filter((each) => each.length > 30)) {
    assert.equal(conceal(`x ${line} y`), 'x [secret] y');
  }
});

test('what is told of a crash holds classes and places, and no text', () => {
  const cause = Object.assign(new Error('ana@example.org'), { code: 'SQLITE_BUSY' });
  const told = placeOf(new TypeError('no way for ana@example.org\n    at ana@example.org', { cause }));
  assert.match(told, /^TypeError\n\s+at .*scrubber\.test\.ts:\d+:\d+/);
  assert.match(told, /caused by Error \(SQLITE_BUSY\)\n\s+at /);
  assert.doesNotMatch(told, /ana|example/);
  assert.equal(placeOf('ana@example.org'), 'something that is no error was thrown');
});

test('a text made to keep the scrubber busy costs no more than any other', () => {
  const texts = [
    'a'.repeat(200_000),
    '@'.repeat(100_000),
    'a@'.repeat(50_000),
    `${'a.'.repeat(50_000)}@`,
    '%40'.repeat(50_000),
  ];
  for (const text of texts) assert.ok(quote(text).length <= 500);
});
