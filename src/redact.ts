/**
 * Taking people and secrets out of texts. Code puts neither into a log or an error in the first place; vendors quote
 * requests in their answers, proxies print headers, and bugs carry whatever they tripped over.
 */

/** An @ as it is written by people, in URLs, in JSON, in HTML, and in one of them inside another. */
const AT = String.raw`(?:[@＠]|%(?:25){0,2}40|\\{1,4}u0040|&(?:amp;)?(?:#64|#x40|commat);)`;
const LETTER = String.raw`\p{L}\p{M}\p{N}`;
const ESCAPED = String.raw`\\{1,4}u[0-9a-f]{4}`;
/** Letters may be percent-encoded, the dot never is; the last part begins with none of the digits of a version. */
const LABEL = String.raw`(?:[\p{L}%]|${ESCAPED})(?:[${LETTER}%-]|${ESCAPED})+`;
const NAME = String.raw`(?:[${LETTER}.%-]|${ESCAPED}){1,255}?(?:\.${LABEL})+`;
const DOMAIN = String.raw`(?:${NAME}|\[[0-9a-fipv:.]{2,60}\])`;
const QUOTED_LOCAL = String.raw`\\?"[^"\n]{1,64}"$`;

/** What an address consists of: from the @ on, and before it. Searched for in this order, which takes linear time. */
interface AddressForm {
  readonly fromAt: RegExp;
  readonly before: RegExp;
}

const FROM_AT = new RegExp(AT + DOMAIN, 'giu');
/** As addresses may be: whatever stands before the @ without a space. */
const ADDRESS: AddressForm = {
  fromAt: FROM_AT,
  before: new RegExp(String.raw`(?:[${LETTER}.!#$%&'*+/=?^_\x60{|}~-]|${ESCAPED})+$|${QUOTED_LOCAL}`, 'iu'),
};
/** As addresses are, so that what names them in a URL stays. */
const USUAL_ADDRESS: AddressForm = {
  fromAt: FROM_AT,
  before: new RegExp(String.raw`[${LETTER}.!#$%'*+^_\x60{|}~-]+$|${QUOTED_LOCAL}`, 'iu'),
};
/** Also when cut off: two words with an @ between them. */
const WORD = String.raw`[^\s"'<>()=&?,;:]`;
const CUT_ADDRESS: AddressForm = {
  fromAt: new RegExp(`${AT}${WORD}+`, 'giu'),
  before: new RegExp(`${WORD}+$`, 'u'),
};
const HAS_AT = new RegExp(AT, 'iu');

/** What vendors' tokens look like (salesforce.md §2.1): Salesforce's sessions, JWTs, refresh tokens, keys, headers. */
const TOKENS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*-----|$)/g, '[key]'],
  [/00D\w{9,15}(?:!|%(?:25)?21|\\u0021)[\w.%]+/gi, '[token]'],
  [/eyJ[\w-]+\.[\w.-]+/gi, '[token]'],
  [/5Aep861[\w.]+/gi, '[token]'],
  [/(bearer|basic)(\s+|%20|\+)[\w.~+/!%-]{16,}=*/gi, '$1 [token]'],
  [
    /((?:access|refresh|api)_?token|client_?secret|assertion|authorization)((?:\\*["'])?\s*(?:[=:]|%3D)\s*(?:\\*["'])?)(?!\[)[^\s"'&<>,;\\]{8,}/gi,
    '$1$2[token]',
  ],
];

/** Without addresses, whole or cut off, and without anything that looks like a token: for vendors' own words. */
export function withoutPeopleAndTokens(text: string): string {
  const free = withoutTokens(text);
  if (!HAS_AT.test(free)) return free;
  return withoutAddresses(withoutAddresses(free, USUAL_ADDRESS), CUT_ADDRESS);
}

const LONGEST_LOCAL = 256;

function withoutAddresses(text: string, { fromAt, before }: AddressForm): string {
  let free = '';
  let end = 0;
  for (const { index, 0: rest } of text.matchAll(fromAt)) {
    const local = before.exec(text.slice(Math.max(end, index - LONGEST_LOCAL), index))?.[0];
    if (!local) continue;
    free += `${text.slice(end, index - local.length)}[address]`;
    end = index + rest.length;
  }
  return free + text.slice(end);
}

function withoutTokens(text: string): string {
  return TOKENS.reduce((free, [pattern, instead]) => free.replace(pattern, instead), text);
}

/** Shorter ones cannot be told from words. */
const SHORTEST_SECRET = 6;
const SHORTEST_PIECE = 20;

/** Replaces the given secrets however they are spelt: escaped, encoded, in pieces of several lines, in any letter case. */
export function concealer(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, secret.trim(), ...linesOf(secret)])
    .flatMap(spellingsOf);
  if (spellings.length === 0) return (text) => text;
  const longestFirst = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escapePattern).join('|'), 'gi');
  return (text) => text.replace(pattern, '[secret]');
}

/** Replaces secrets, tokens and addresses in a text. The last line of defence, for whatever is written down. */
export function scrubber(secrets: readonly string[]): (text: string) => string {
  const conceal = concealer(secrets);
  return (text) => {
    const free = withoutTokens(conceal(text));
    return HAS_AT.test(free) ? withoutAddresses(free, ADDRESS) : free;
  };
}

/** A bug, without its text, which may hold anything: its class, and where it happened. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  const cause = error.cause === undefined ? '' : `\ncaused by ${placeOf(error.cause)}`;
  return `${classOf(error)}\n${framesOf(error)}${cause}`;
}

/** The lines of a stack that name places in code. */
export function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at .*(?::\d+:\d+|<anonymous>|native)\)?$/.test(line))
    .join('\n');
}

function classOf(error: Error): string {
  const { code } = error as { code?: unknown };
  const name = /^\w+$/.test(error.name) ? error.name : 'Error';
  return typeof code === 'string' && /^[A-Z][A-Z_]+$/.test(code) ? `${name} (${code})` : name;
}

function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  return lines.length > 1
    ? lines.filter((line) => line.length >= SHORTEST_PIECE && !line.startsWith('-----'))
    : [];
}

const ESCAPES: readonly ((text: string) => string)[] = [
  encodeURIComponent,
  (text) => new URLSearchParams({ '': text }).toString().slice(1),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
];

/** As it is, escaped, escaped twice, and in base64, alone or inside something longer. */
function spellingsOf(secret: string): string[] {
  const once = ESCAPES.map((spell) => spell(secret.toWellFormed()));
  const twice = once.flatMap((text) => ESCAPES.map((spell) => spell(text)));
  return [secret, ...once, ...twice, ...base64Of(secret)];
}

/** By the three ways in which bytes fall into groups of three; the characters that neighbours share are left out. */
function base64Of(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const text = bytes.toString('base64').replace(/=+$/, '');
    const own = text.slice(before === 0 ? 0 : before + 1, bytes.length % 3 === 0 ? undefined : -1);
    return own.length < SHORTEST_SECRET ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
