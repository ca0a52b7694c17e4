import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetryableError, StateError } from '../src/errors.ts';
import { createLogger, type LogFields, type LogLevel, personHasher } from '../src/logger.ts';
import { scrubber } from '../src/redact.ts';
import { START } from './support/builders.ts';

const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----\n';
const SECRETS = ['tok"en\\with/marks=', PEM, 'plain-secret-value'];

function logged(write: (log: ReturnType<typeof createLogger>) => void, level: LogLevel = 'debug'): string[] {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(createLogger(destination, { level, secrets: SECRETS, now: () => START, personKey: 'key' }));
  return lines;
}

test('a line is JSON with level, time and constant message', () => {
  const lines = logged((log) => {
    log.debug({}, 'not shown');
    log.info({ job: 'sessions', counts: { sessions: 2 } }, 'run finished');
  }, 'info');
  assert.deepEqual(lines, [
    '{"level":"info","time":"2026-03-02T08:00:00.000Z","job":"sessions","counts":{"sessions":2},"msg":"run finished"}\n',
  ]);
});

test('an error of ours tells what it is and what to do, a bug its stack; neither its cause', () => {
  const vendor = { vendor: 'pardot', operation: 'GET /lists', status: 500, code: 66 } as const;
  const cause = new Error('raw answer');
  const errors = [
    new RetryableError('no answer', { ...vendor, applied: 'unknown', hint: 'wait', cause }),
    new StateError('disk full', { hint: 'free space', cause }),
    new TypeError('x of undefined', { cause }),
    'just a text',
  ];
  const seen = errors.map((err) => JSON.parse(logged((log) => log.error({ err }, 'failed'))[0] ?? '').err);
  assert.deepEqual(seen.slice(0, 2), [
    { class: 'RetryableError', message: 'no answer', status: 500, code: 66, hint: 'wait' },
    { class: 'StateError', message: 'disk full', hint: 'free space' },
  ]);
  assert.match(seen[2].stack, /logger\.test\.ts/);
  assert.deepEqual(seen[3], { message: 'not an error' });
  assert.ok(!JSON.stringify(seen).includes('raw answer'));
});

test('no address and no secret reaches the destination, wherever it is planted', () => {
  const addresses = [
    'ana@example.com',
    "o'neil+tag@mail.example.co.uk",
    'jörg@exämple.de',
    'ana%40example.com',
    `${'x'.repeat(80)}@example.com`,
  ];
  const shapes: ((text: string) => LogFields)[] = [
    (text) => ({ operation: text }),
    (text) => ({ err: new Error(`failed for ${text}`) }),
    (text) => ({ err: new Error(`line\n${text}\n<${text}>`) }),
    (text) => ({ err: new StateError(text, { hint: `ask ${text}`, cause: new Error(text) }) }),
    (text) => ({ err: new Error('outer', { cause: new AggregateError([new Error(text)], text) }) }),
    (text) => ({ err: { message: text, deep: { deeper: [text] } } }),
    (text) => ({ err: new Error(`GET https://x.example/people?email=${text}&n=1`) }),
    (text) => ({ err: Object.assign(new Error('with extras'), { body: text, config: { headers: text } }) }),
  ];
  for (const planted of [...addresses, ...SECRETS, ...SECRETS.map(encodeURIComponent)]) {
    for (const [index, shape] of shapes.entries()) {
      const [line = ''] = logged((log) => log.error(shape(planted), 'failed'));
      const everything = JSON.stringify(JSON.parse(line));
      const inner = JSON.stringify(planted.trim()).slice(1, -1);
      assert.ok(!everything.includes(inner), `shape ${index} leaks ${inner}: ${line}`);
      assert.ok(!/@|%40/.test(everything), `shape ${index} leaks a part of ${inner}: ${line}`);
    }
  }
});

test('the scrubber leaves the rest of a text alone', () => {
  const scrub = scrubber(['abc', 'secret-value']);
  const cases: [string, string][] = [
    ['to ana@example.com, now', 'to [address], now'],
    ['a@b.co;c@d.co', '[address];[address]'],
    ['key=secret-value!', 'key=[secret]!'],
    ['abc is too short to be told from words', 'abc is too short to be told from words'],
    [
      'node_modules/@jsforce/jsforce-node and undici@8.12.4',
      'node_modules/@jsforce/jsforce-node and undici@8.12.4',
    ],
  ];
  for (const [text, expected] of cases) assert.equal(scrub(text), expected);
});

test('a person is the same hash everywhere in one installation and in no other', () => {
  const [here, there] = [personHasher('key'), personHasher('other key')];
  assert.match(here('ana@example.com'), /^[0-9a-f]{12}$/);
  assert.equal(here('ana@example.com'), personHasher('key')('ana@example.com'));
  assert.equal(new Set([here('ana@example.com'), here('bob@example.com'), there('ana@example.com')]).size, 3);
});

test('a person is written as the keyed hash of the address', () => {
  const [line] = logged((log) => log.info({ person: 'ana@example.com' }, 'seen'));
  assert.equal(JSON.parse(line ?? '').person, personHasher('key')('ana@example.com'));
});
