import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderProblems } from '../../src/config/render.ts';
import { errorOf, MINIMAL, parse, places, problemsOf } from './fixture.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  /** The problems, as `line:column path`. */
  readonly at: readonly string[];
  /** In the message of the first one. */
  readonly says: RegExp;
}

/** After the minimal configuration, so that the case is the only thing wrong; the text starts in line 9. */
const after = (text: string): string => MINIMAL + text;

const SYNTAX: readonly Case[] = [
  { name: 'an unclosed quote', text: 'a: "abc\nb: 1', at: ['2:5 '], says: /quote.*missing/ },
  { name: 'an unclosed bracket', text: 'a: [b, c\n', at: ['2:1 '], says: /bracket/ },
  { name: 'an unclosed brace', text: 'a: {b: 1', at: ['1:9 '], says: /bracket/ },
  { name: 'a stray bracket', text: 'a: b\n]\n', at: ['2:1 '], says: /does not belong/ },
  { name: 'two values', text: 'a: "x" y\n', at: ['1:8 '], says: /does not belong/ },
  { name: 'two keys on one line', text: 'a: b: c\n', at: ['1:4 '], says: /one line/ },
  { name: 'a list on the line of its key', text: 'a: - b\n', at: ['1:4 ', '1:6 '], says: /does not belong/ },
  { name: 'tabs as indentation', text: 'a:\n\tb: 1\n', at: ['2:1 '], says: /tab/ },
  { name: 'a value that starts with @', text: 'a: @b\n', at: ['1:4 '], says: /@/ },
  { name: 'a value that starts with %', text: 'a: %b\n', at: ['1:4 '], says: /%/ },
  { name: 'an unknown escape', text: 'a: "\\q"\n', at: ['1:5 '], says: /escape/ },
  { name: 'a line without a colon', text: 'a: 1\nb\n', at: ['2:1 '], says: /./ },
  { name: 'two documents', text: 'a: 1\n---\nb: 2\n', at: ['2:1 '], says: /second document/ },
  { name: 'an unknown directive', text: '%FOO bar\n---\na: 1\n', at: ['1:1 '], says: /directive/ },
  { name: 'a tag', text: 'a: !!int 5\n', at: ['1:4 '], says: /tags/ },
  { name: 'a custom tag', text: 'a: !ruby/object:Foo {}\n', at: ['1:4 '], says: /tags/ },
  { name: 'an endless key', text: `${':'.repeat(65_000)}\n`, at: ['1:1 '], says: /1024/ },
];

const STRUCTURE: readonly Case[] = [
  { name: 'an empty file', text: '', at: ['-:- '], says: /empty/ },
  { name: 'only comments', text: '# nothing\n', at: ['-:- '], says: /empty/ },
  { name: 'a scalar', text: 'hello\n', at: ['1:1 '], says: /map of sections/ },
  { name: 'a list', text: '\n- a\n', at: ['2:1 '], says: /map of sections/ },
  { name: 'a binary file', text: 'a: \u0000\u0001\n', at: ['1:4 '], says: /control character/ },
  { name: 'a terminal escape', text: 'a: 1\nb: \u001b[31m\n', at: ['2:4 '], says: /control character/ },
  { name: 'more than 64 KiB', text: `#${'x'.repeat(65_536)}`, at: ['-:- '], says: /64 KiB/ },
  {
    name: 'more than 64 KiB of long characters',
    text: `#${'€'.repeat(22_000)}`,
    at: ['-:- '],
    says: /64 KiB/,
  },
  { name: 'deep flow lists', text: '['.repeat(60_000), at: ['1:13 '], says: /levels deep/ },
  { name: 'deep flow maps', text: '{a: '.repeat(15_000), at: ['1:49 '], says: /levels deep/ },
  { name: 'deep block lists', text: `${'- '.repeat(30_000)}a`, at: ['1:25 '], says: /levels deep/ },
  { name: 'deep keys', text: `${'? '.repeat(30_000)}a`, at: ['1:25 '], says: /levels deep/ },
  {
    name: 'deep block maps',
    text: Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    at: ['13:13 '],
    says: /levels deep/,
  },
];

const KEYS: readonly Case[] = [
  { name: 'a key twice', text: after('flows: {}\nflows: {}\n'), at: ['10:1 flows'], says: /more than once/ },
  {
    name: 'a nested key three times',
    text: after('flows:\n  replays: true\n  replays: true\n  replays: true\n'),
    at: ['11:3 flows.replays'],
    says: /more than once/,
  },
  {
    name: '__proto__ at the top',
    text: after('__proto__: { a: 1 }\n'),
    at: ['9:1 __proto__'],
    says: /not allowed/,
  },
  {
    name: 'constructor in a section',
    text: after('flows:\n  constructor: { prototype: { a: 1 } }\n'),
    at: ['10:3 flows.constructor'],
    says: /not allowed/,
  },
  {
    name: '__proto__ in a map of fields',
    text: after('fields:\n  registration:\n    __proto__: email\n'),
    at: ['11:5 fields.registration.__proto__'],
    says: /not allowed/,
  },
  {
    name: 'prototype in an unknown map, which is then reported too',
    text: after('unknown: { prototype: 1 }\n'),
    at: ['9:1 unknown', '9:12 unknown.prototype'],
    says: /unknown key/,
  },
  {
    name: 'a quoted and escaped __proto__',
    text: after('"\\x5f_proto__": 1\n'),
    at: ['9:1 __proto__'],
    says: /not allowed/,
  },
  { name: 'toString', text: after('toString: 1\n'), at: ['9:1 toString'], says: /unknown key/ },
  {
    name: 'hasOwnProperty in a section',
    text: after('flows: { hasOwnProperty: 1 }\n'),
    at: ['9:10 flows.hasOwnProperty'],
    says: /unknown key/,
  },
  {
    name: 'a merge key',
    text: after('flows:\n  <<: { replays: false }\n'),
    at: ['10:3 flows.<<'],
    says: /merge/,
  },
  { name: 'an empty key', text: after(': 1\n'), at: ['9:1 '], says: /plain text/ },
  { name: 'a list as key', text: after('? [a]\n: 1\n'), at: ['9:3 '], says: /plain text/ },
  { name: 'a map as key', text: after('flows: { {a: b}: c }\n'), at: ['9:10 flows'], says: /plain text/ },
  { name: 'an anchor', text: after('flows: &f {}\n'), at: ['9:11 flows'], says: /anchors/ },
  {
    name: 'an alias',
    text: after('links: { events: { include: &l [a], exclude: *l } }\n'),
    at: ['9:32 links.events.include', '9:46 links.events.exclude'],
    says: /anchors/,
  },
  { name: 'an alias to nowhere', text: after('flows: *gone\n'), at: ['9:8 flows'], says: /aliases/ },
  {
    name: 'a dot inside a key',
    text: after('logging.level: debug\n'),
    at: ['9:1 logging.level'],
    says: /unknown key/,
  },
  { name: 'a number as key', text: after('5: a\n'), at: ['9:1 5'], says: /unknown key/ },
];

const VALUES: readonly Case[] = [
  {
    name: 'a list for a section',
    text: after('flows: [a]\n'),
    at: ['9:1 flows'],
    says: /section, found a list/,
  },
  { name: 'text for a section', text: after('flows: on\n'), at: ['9:1 flows'], says: /section, found text/ },
  {
    name: 'a list for text',
    text: after('logging: { level: [info] }\n'),
    at: ['9:12 logging.level'],
    says: /found a list/,
  },
  {
    name: 'a map for text',
    text: after('state_dir: { a: b }\n'),
    at: ['9:1 state_dir'],
    says: /found a map/,
  },
  {
    name: 'a map for a number',
    text: after('safety: { lookback_minutes: {} }\n'),
    at: ['9:11 safety.lookback_minutes'],
    says: /found a map/,
  },
  {
    name: 'text for a list',
    text: after('safety: { denied_domains: a.com }\n'),
    at: ['9:11 safety.denied_domains'],
    says: /list of domains, found 'a.com'/,
  },
  {
    name: 'a list for a map',
    text: after('fields: { attendance: [a] }\n'),
    at: ['9:11 fields.attendance'],
    says: /map .* found a list/,
  },
  {
    name: 'text for a map',
    text: after('fields: { attendance: attended }\n'),
    at: ['9:11 fields.attendance'],
    says: /map .* found 'attended'/,
  },
  {
    name: 'a map for an attendance value',
    text: after('fields: { attendance: { A__c: { b: c } } }\n'),
    at: ['9:25 fields.attendance.A__c'],
    says: /found a map/,
  },
  {
    name: 'a map inside a map of fields',
    text: after('fields: { registration: { a: { b: c } } }\n'),
    at: ['9:27 fields.registration.a'],
    says: /found a map/,
  },
  {
    name: 'a list inside a list',
    text: after('links: { events: { include: [[a]] } }\n'),
    at: ['9:30 links.events.include[0]'],
    says: /found a list/,
  },
  { name: 'null', text: after('logging: { level: null }\n'), at: ['9:12 logging.level'], says: /no value/ },
  { name: 'a tilde', text: after('state_dir: ~\n'), at: ['9:1 state_dir'], says: /no value/ },
  {
    name: 'nothing',
    text: after('fields:\n  attendance:\n'),
    at: ['10:3 fields.attendance'],
    says: /no value/,
  },
  {
    name: 'nothing inside a list',
    text: after('safety: { denied_domains: [a.com, ~] }\n'),
    at: ['9:35 safety.denied_domains[1]'],
    says: /found nothing/,
  },
  { name: 'empty text', text: after('state_dir: ""\n'), at: ['9:1 state_dir'], says: /found nothing/ },
  {
    name: 'a number with a unit',
    text: after('safety: { lookback_minutes: 15m }\n'),
    at: ['9:11 safety.lookback_minutes'],
    says: /found '15m'/,
  },
  {
    name: 'a negative number',
    text: after('safety: { lookback_minutes: -15 }\n'),
    at: ['9:11 safety.lookback_minutes'],
    says: /from 5 to 120, found '-15'/,
  },
  {
    name: 'a hexadecimal number',
    text: after('safety: { lookback_minutes: 0x0f }\n'),
    at: ['9:11 safety.lookback_minutes'],
    says: /found '0x0f'/,
  },
  {
    name: 'a float',
    text: after('safety: { lookback_minutes: 15.5 }\n'),
    at: ['9:11 safety.lookback_minutes'],
    says: /found '15.5'/,
  },
  {
    name: 'a number too large',
    text: after(`safety: { lookback_minutes: ${'9'.repeat(400)} }\n`),
    at: ['9:11 safety.lookback_minutes'],
    says: /found text of 400 characters/,
  },
  {
    name: 'a number outside its limits',
    text: after('safety: { lookback_minutes: 121 }\n'),
    at: ['9:11 safety.lookback_minutes'],
    says: /found '121'/,
  },
  {
    name: 'an import of more people than Account Engagement takes',
    text: after('bulk: { pardot_import_from: 100001 }\n'),
    at: ['9:9 bulk.pardot_import_from'],
    says: /from 0 to 100000, found '100001'/,
  },
  {
    name: 'a policy there is not',
    text: after('safety: { recycle_bin: undelete }\n'),
    at: ['9:11 safety.recycle_bin'],
    says: /one of leave_alone, create_new, found 'undelete'/,
  },
  {
    name: 'yes for true',
    text: after('flows: { replays: yes }\n'),
    at: ['9:10 flows.replays'],
    says: /true or false, found 'yes'/,
  },
  {
    name: 'constructor for true',
    text: after('flows: { replays: constructor }\n'),
    at: ['9:10 flows.replays'],
    says: /true or false/,
  },
  {
    name: 'an old API version',
    text: after('').replace('client_id', 'api_version: 55.0\n  client_id'),
    at: ['6:3 salesforce.api_version'],
    says: /at least 56/,
  },
  {
    name: 'an API version without minor',
    text: after('').replace('client_id', 'api_version: 66\n  client_id'),
    at: ['6:3 salesforce.api_version'],
    says: /API version/,
  },
  {
    name: 'a cron expression of four fields',
    text: after('polling: { replays: "* * * *" }\n'),
    at: ['9:12 polling.replays'],
    says: /cron/,
  },
  {
    name: 'a cron expression out of range',
    text: after('polling: { replays: "0 99 * * *" }\n'),
    at: ['9:12 polling.replays'],
    says: /cron/,
  },
  {
    name: 'a cron expression with a huge range',
    text: after('polling: { replays: "0-999999999 * * * *" }\n'),
    at: ['9:12 polling.replays'],
    says: /cron/,
  },
  {
    name: 'an address for a domain',
    text: after('safety: { allowed_domains: [a@b.com] }\n'),
    at: ['9:29 safety.allowed_domains[0]'],
    says: /without @/,
  },
  {
    name: 'the e-mail mapped',
    text: after('fields: { registration: { Email: email } }\n'),
    at: ['9:27 fields.registration.Email'],
    says: /may not be mapped/,
  },
  {
    name: 'attendance into the e-mail',
    text: after('fields: { attendance: { email: attended } }\n'),
    at: ['9:25 fields.attendance.email'],
    says: /may not be overwritten/,
  },
  {
    name: 'attendance into a path',
    text: after('fields: { attendance: { a.b: attended } }\n'),
    at: ['9:25 fields.attendance.a.b'],
    says: /not the API name/,
  },
];

describe('hostile files', () => {
  for (const { name, text, at, says } of [...SYNTAX, ...STRUCTURE, ...KEYS, ...VALUES]) {
    it(name, () => {
      const problems = problemsOf(() => parse(text));
      assert.deepEqual(places(problems), at);
      assert.match(problems[0]?.message ?? '', says);
      for (const { fix } of problems) assert.notEqual(fix, '');
    });
  }

  it('leaves the prototypes alone', () => {
    problemsOf(() =>
      parse(after('__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }\n')),
    );
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    assert.equal('polluted' in {}, false);
  });

  it('refuses a billion laughs without expanding them', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const inner = level === 0 ? 'lol' : Array.from({ length: 9 }, () => `*l${level - 1}`).join(', ');
      return `l${level}: &l${level} [${inner}]\n`;
    });
    const problems = problemsOf(() => parse(levels.join('')));
    assert.ok(problems.filter(({ message }) => message.includes('anchors')).length >= 9);
  });

  it('reports 20,000 repeated keys once', () => {
    const problems = problemsOf(() => parse('a:\n'.repeat(20_000)));
    assert.deepEqual(places(problems).slice(0, 2), ['1:1 a', '2:1 a']);
    assert.equal(problems.filter(({ message }) => message.includes('more than once')).length, 1);
  });

  it('reports each of 8,000 different unknown keys', () => {
    const keys = Array.from({ length: 8_000 }, (_, index) => `k${index}:\n`).join('');
    assert.equal(problemsOf(() => parse(keys)).filter(({ path }) => path.startsWith('k')).length, 8_000);
  });

  it('reports the first of a thousand syntax errors, not all', () => {
    assert.equal(problemsOf(() => parse(`a: [${','.repeat(1_000)}]`)).length, 20);
  });

  it('accepts a byte order mark, CRLF, comments, quotes and an empty section', () => {
    const text = `\u{feff}# comment\n${MINIMAL}'logging':\n  "level": 'warn' # comment\nflows:\n`;
    assert.equal(parse(text.replaceAll('\n', '\r\n')).logging.level, 'warn');
  });

  it('counts lines and columns the same with CRLF', () => {
    const text = after('logging:\n  level: loud\n').replaceAll('\n', '\r\n');
    assert.deepEqual(places(problemsOf(() => parse(text))), ['10:3 logging.level']);
  });

  it('prints no control characters that escapes bring in', () => {
    const error = errorOf(() => parse(after('"\\e[31mred\\u202e": 1\nlogging: { level: "\\e[2J" }\n')));
    assert.doesNotMatch(renderProblems(error), /[[\p{Cf}\p{Cc}]--\n]/v);
  });
});
