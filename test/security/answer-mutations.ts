import type { Random } from '../../src/sandbox/kernel/clock.ts';
import type { Reply } from '../../src/sandbox/kernel/exchange.ts';

/** One way to spoil a valid answer. */
interface Mutation {
  readonly name: string;
  readonly apply: (reply: Reply, random: Random) => Reply;
}

/** Stands in a tree for text that goes into the JSON as it is. */
const RAW = 'raw-json-goes-here-';

/** JSON texts that a member may turn into. */
const VALUES: readonly string[] = [
  ...['null', '""', '" "', '0', '-1', '-0', '1.5', '1e308', '-1e308', '1e999', '9007199254740993', '1e16'],
  ...['true', 'false', '[]', '{}', '[null]', '[[]]', '[{}]', '{"id":null}', '[1,"a",null,{}]'],
  ...[
    '"NaN"',
    '"Infinity"',
    '"-Infinity"',
    '"0x10"',
    '"1e400"',
    '"undefined"',
    '"null"',
    '"[object Object]"',
  ],
  ...['"__proto__"', '"constructor"', '"toString"', '"hasOwnProperty"', '"prototype"'],
  ...[
    '{"toString":1,"valueOf":1}',
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
  ],
  ...['{"length":5}', '{"then":1}', '{"toJSON":1}', '[{"toString":null}]', '{"__proto__":null}'],
  ...[
    '"+275760-09-13T00:00:00.000Z"',
    '"+275760-09-13T00:00:00.001Z"',
    '"-271821-04-20T00:00:00Z"',
    '8640000000001',
  ],
  ...[
    '"0000-00-00T00:00:00Z"',
    '"2026-02-30T25:61:61Z"',
    '"yesterday"',
    '"2026-03-02T08:00:00+99:99"',
    '253402300800',
  ],
  ...[
    '"a\\r\\nX-Injected: 1"',
    '"\\u0000"',
    '"\\ud800"',
    '"\\u202e"',
    '"\\ufeff"',
    '"<script>alert(1)</script>"',
  ],
  ...[
    '"=cmd()"',
    '"a@b.c\\r\\nbcc: d@e.f"',
    '"@"',
    '"../../etc/passwd"',
    '"https://elsewhere.example/"',
    '"%00%2e%2e"',
  ],
  `"${'x'.repeat(100_000)}"`,
  `"${'@'.repeat(20_000)}"`,
  `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
  `[${'['.repeat(20_000)}${']'.repeat(20_000)}]`,
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  `[${Array.from({ length: 2_000 }, (_, index) => index).join(',')}]`,
];

const BODIES: readonly string[] = [
  ...[
    '',
    ' ',
    'null',
    'true',
    '0',
    '"text"',
    '[]',
    '{}',
    '[null]',
    '{"data":null}',
    '{"values":{}}',
    '{"records":0}',
  ],
  ...[
    '{',
    '[{',
    '{"a":1}}',
    'undefined',
    'NaN',
    "{'a':1}",
    '\u0000',
    '\ufeff{}',
    '{"errors":[null]}',
    '{"errors":{}}',
  ],
  ...[
    '<html><body>Sign in</body></html>',
    '<!DOCTYPE html><title>502</title>',
    '<rsp stat="fail"><err code="66">x</err></rsp>',
  ],
  ...[
    '{"@attributes":{"stat":"fail","err_code":"constructor"}}',
    '{"code":"__proto__","message":{}}',
    '{"code":1e308}',
  ],
  ...[
    '[{"errorCode":"constructor","message":5}]',
    '[{"errorCode":{},"message":[]}]',
    '{"error":"__proto__"}',
    '[[]]',
  ],
  ...[
    '{"error":{"toString":1},"error_description":[]}',
    '[{"errorCode":"A"},null]',
    '{"meta":{"next_page":1}}',
  ],
  ...[
    '"',
    'id,email\n"open',
    ',,,\r\n,,,',
    '\r\n'.repeat(1_000),
    `"${'""'.repeat(30_000)}`,
    'a'.repeat(200_000),
  ],
  `${'['.repeat(100_000)}`,
  `{"data":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
];

const STATUSES: readonly number[] = [
  ...[
    200, 201, 202, 203, 204, 205, 206, 207, 226, 299, 300, 301, 302, 304, 307, 308, 399, 400, 401, 402, 403,
  ],
  ...[
    404, 405, 406, 408, 409, 410, 413, 418, 422, 423, 425, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504,
    511,
  ],
  ...[520, 599, 600, 999],
];

const NUMBERS = [
  '-5',
  '1e9',
  '99999999999999999999',
  'NaN',
  'Infinity',
  '',
  ' ',
  '0',
  '0.0001',
  '0x10',
  ';',
  'null',
];
const TIMES = [
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Sat, 13 Sep 275760 00:00:01 GMT',
  'yesterday',
  '+275760-09-13',
  '-1',
];
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'retry-after': [...NUMBERS, ...TIMES],
  date: [...NUMBERS, ...TIMES],
  'ratelimit-monthly-limit': NUMBERS,
  'ratelimit-monthly-remaining': NUMBERS,
  'ratelimit-reset': [...NUMBERS, ...TIMES],
  'x-api-usage': [
    '-1/-1',
    '1e9/0',
    '9'.repeat(400),
    `${'9'.repeat(400)}/${'9'.repeat(400)}`,
    '/',
    'a/b',
    '5/5/5',
  ],
  'sforce-limit-info': [
    'api-usage=-1/0',
    `api-usage=${'9'.repeat(400)}/1`,
    'api-usage=',
    'x=1/2, api-usage=NaN/NaN',
  ],
  'pardot-warning': ['203; "cut"', '202;', '203', ', , ;', `${'1,'.repeat(5_000)}`],
  'content-type': ['text/html', 'application/xml', '', 'application/json; charset=utf-7', 'text/csv', 'x/y'],
  'content-length-claimed': ['0'],
  location: ['https://elsewhere.example/', '//elsewhere.example', 'javascript:alert(1)'],
};

const MUTATIONS: readonly Mutation[] = [
  { name: 'member', apply: (reply, random) => ({ ...reply, body: withMember(reply.body, random) }) },
  { name: 'no member', apply: (reply, random) => ({ ...reply, body: withoutMember(reply.body, random) }) },
  { name: 'planted key', apply: (reply, random) => ({ ...reply, body: withKey(reply.body, random) }) },
  { name: 'repeated', apply: (reply, random) => ({ ...reply, body: repeated(reply.body, random) }) },
  {
    name: 'cut',
    apply: (reply, random) => ({ ...reply, body: reply.body.slice(0, random.between(0, reply.body.length)) }),
  },
  { name: 'garbage', apply: (reply, random) => ({ ...reply, body: withGarbage(reply.body, random) }) },
  { name: 'body', apply: (reply, random) => ({ ...reply, body: pick(BODIES, random) }) },
  { name: 'status', apply: (reply, random) => ({ ...reply, status: pick(STATUSES, random) }) },
  {
    name: 'status and body',
    apply: (reply, random) => ({ ...reply, status: pick(STATUSES, random), body: pick(BODIES, random) }),
  },
  { name: 'header', apply: withHeader },
  { name: 'many headers', apply: (reply) => ({ ...reply, headers: { ...reply.headers, ...MANY } }) },
];

const MANY = Object.fromEntries(
  Array.from({ length: 2_000 }, (_, index) => [`x-filler-${index}`, 'y'.repeat(50)]),
);

/** Spoils the answer in one to three ways that the seed decides; members of the JSON twice as often as all else. */
export function mutated(reply: Reply, random: Random): { reply: Reply; how: string } {
  const names: string[] = [];
  let spoilt = reply;
  for (let left = random.between(1, 3); left > 0; left--) {
    const mutation = random.next() < 0.5 ? MUTATIONS[0] : pick(MUTATIONS, random);
    if (!mutation) continue;
    spoilt = mutation.apply(spoilt, random);
    names.push(mutation.name);
  }
  return { reply: spoilt, how: names.join(', ') };
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[random.between(0, items.length - 1)] as T;
}

type Holder = Record<string | number, unknown>;

/** Some object or array of the tree that is not empty, and one of its keys. */
function somePlace(root: unknown, random: Random): { holder: Holder; key: string | number } | undefined {
  const places: { holder: Holder; key: string | number }[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      places.push({ holder: value as Holder, key });
      visit((value as Holder)[key]);
    }
  };
  visit(root);
  return places.length === 0 ? undefined : pick(places, random);
}

/** Changes the tree of a JSON body in place; leaves what is no JSON, or too deep to be walked, as it is. */
function inTree(body: string, change: (root: unknown) => unknown): string {
  try {
    const changed = JSON.stringify(change(JSON.parse(body))) ?? 'null';
    const raw = new RegExp(`"${RAW}(\\d+)"`, 'g');
    return changed.replaceAll(raw, (_, index: string) => VALUES[Number(index)] ?? 'null');
  } catch {
    return body;
  }
}

function withMember(body: string, random: Random): string {
  return inTree(body, (root) => {
    const value = `${RAW}${random.between(0, VALUES.length - 1)}`;
    const place = somePlace(root, random);
    if (!place) return value;
    place.holder[place.key] = value;
    return root;
  });
}

function withoutMember(body: string, random: Random): string {
  return inTree(body, (root) => {
    const place = somePlace(root, random);
    if (place) delete place.holder[place.key];
    return root;
  });
}

function withKey(body: string, random: Random): string {
  const key = pick(
    ['__proto__', 'constructor', 'prototype', 'toString', 'then', 'toJSON', 'hasOwnProperty'],
    random,
  );
  const planted = `"${key}":{"polluted":1,"prototype":{"polluted":1}},`;
  const at = [...body.matchAll(/\{(?=")/g)].map(({ index }) => index + 1);
  if (at.length === 0) return body;
  const place = pick(at, random);
  return body.slice(0, place) + planted + body.slice(place);
}

function repeated(body: string, random: Random): string {
  return inTree(body, (root) => {
    const place = somePlace(root, random);
    if (place)
      place.holder[place.key] = Array.from({ length: random.between(2, 40) }, () => place.holder[place.key]);
    return root;
  });
}

function withGarbage(body: string, random: Random): string {
  const at = random.between(0, body.length);
  const garbage = String.fromCharCode(...Array.from({ length: 8 }, () => random.between(0, 0xffff)));
  return body.slice(0, at) + garbage + body.slice(at);
}

function withHeader(reply: Reply, random: Random): Reply {
  const name = pick(Object.keys(HEADERS), random);
  return { ...reply, headers: { ...reply.headers, [name]: pick(HEADERS[name] ?? [''], random) } };
}
