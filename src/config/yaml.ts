import type { ParsedNode, YAMLMap, YAMLSeq } from 'yaml';
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
} from 'yaml';
import type { Place, Problems } from './problems.ts';
import { syntaxAdvice } from './yaml-errors.ts';

/** All that the file can say: text, nothing, lists and maps. Types come later, from the schema. */
export type YamlValue = string | null | readonly YamlValue[] | YamlMap;
export type YamlMap = ReadonlyMap<string, YamlValue>;

export const MAX_CONFIG_BYTES = 64 * 1024;
const MAX_DEPTH = 12;
/** One slip makes the parser stumble many times; more of them help nobody. */
const MAX_SYNTAX_PROBLEMS = 20;
const CONTROL_CHARACTER = /[\p{Cc}--[\t\n\r]]/v;
const POLLUTING = new Set(['__proto__', 'constructor', 'prototype']);
const NULL_WORDS = new Set(['', '~', 'null', 'Null', 'NULL']);

type PlaceOf = (offset: number) => Place;

/**
 * Reads YAML without guessing types (`701E00000000123` stays text), without aliases, merge keys and tags, and
 * into Maps, so that no key of the file ever becomes a property of an object. Notes the place of every key.
 * Null when the file cannot be understood as one map; the problems then say why.
 */
export function readYaml(text: string, problems: Problems): YamlMap | null {
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES) {
    problems.add('', `larger than ${MAX_CONFIG_BYTES / 1024} KiB`, 'keep only configuration in this file');
    return null;
  }
  const lines = new LineCounter();
  const placeOf: PlaceOf = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const contents = compose(text, tokens, placeOf, problems);
  if (contents === null) return null;
  if (!isMap(contents)) {
    problems.add(
      '',
      'expected a map of sections',
      'start from config/example.yaml',
      placeOf(contents.range[0]),
    );
    return null;
  }
  return readMap(contents as YAMLMap.Parsed, '', placeOf, problems);
}

function compose(text: string, tokens: CST.Token[], placeOf: PlaceOf, problems: Problems): ParsedNode | null {
  const control = text.search(CONTROL_CHARACTER);
  if (control >= 0) {
    problems.add('', 'a control character', 'save the file as plain UTF-8 text', placeOf(control));
    return null;
  }
  const tooDeep = findTooDeep(tokens);
  if (tooDeep !== null) {
    problems.add(
      '',
      `nested more than ${MAX_DEPTH} levels deep`,
      'see config/example.yaml',
      placeOf(tooDeep),
    );
    return null;
  }
  const composer = new Composer({ schema: 'failsafe', merge: false, uniqueKeys: false, prettyErrors: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined || hasSyntaxProblems(document, placeOf, problems)) return null;
  if (second !== undefined) {
    problems.add('', 'a second document (---)', 'remove the line "---"', placeOf(second.range[0]));
    return null;
  }
  if (document.contents === null) problems.add('', 'the file is empty', 'start from config/example.yaml');
  return document.contents as ParsedNode | null;
}

/**
 * The offset of the first collection below the limit, found on the flat tokens with a stack of our own:
 * composing would recurse once per level.
 */
function findTooDeep(tokens: readonly CST.Token[]): number | null {
  const stack: { token: CST.Token | null | undefined; depth: number }[] = [];
  for (const token of tokens) stack.push({ token, depth: 1 });
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { token, depth } = top;
    if (token?.type === 'document') stack.push({ token: token.value, depth });
    if (!token || !('items' in token)) continue;
    if (depth > MAX_DEPTH) return token.offset;
    for (const item of token.items) {
      stack.push({ token: item.key, depth: depth + 1 }, { token: item.value, depth: depth + 1 });
    }
  }
  return null;
}

function hasSyntaxProblems(
  document: Pick<Document, 'errors' | 'warnings'>,
  placeOf: PlaceOf,
  problems: Problems,
): boolean {
  const found = [...document.errors, ...document.warnings].slice(0, MAX_SYNTAX_PROBLEMS);
  for (const { code, pos } of found) {
    const { message, fix } = syntaxAdvice(code);
    problems.add('', message, fix, placeOf(pos[0]));
  }
  return found.length > 0;
}

function readMap(map: YAMLMap.Parsed, path: string, placeOf: PlaceOf, problems: Problems): YamlMap {
  const entries = new Map<string, YamlValue>();
  const repeated = new Set<string>();
  for (const pair of map.items) {
    const place = placeOf(pair.key.range[0]);
    if (!isScalar(pair.key) || pair.key.value === '' || pair.key.anchor !== undefined) {
      problems.add(path, 'a key that is not plain text', 'write keys as "key: value"', place);
      continue;
    }
    const key = String(pair.key.value);
    const at = path === '' ? key : `${path}.${key}`;
    const refusal = refuseKey(key);
    if (refusal !== null) {
      problems.add(at, ...refusal, place);
    } else if (entries.has(key)) {
      if (!repeated.has(key)) problems.add(at, 'written more than once', 'keep one of them', place);
      repeated.add(key);
    } else {
      problems.place(at, place);
      entries.set(key, readNode(pair.value, at, placeOf, problems));
    }
  }
  return entries;
}

function refuseKey(key: string): [message: string, fix: string] | null {
  if (POLLUTING.has(key)) return ['this key is not allowed', 'remove it'];
  if (key === '<<') return ['merge keys (<<) are not supported', 'write the keys out'];
  return null;
}

function readNode(node: ParsedNode | null, path: string, placeOf: PlaceOf, problems: Problems): YamlValue {
  if (node === null) return null;
  if (isAlias(node) || node.anchor !== undefined) {
    const { message, fix } = syntaxAdvice('BAD_ALIAS');
    problems.add(path, message, fix, placeOf(node.range[0]));
  }
  if (isMap(node)) return readMap(node as YAMLMap.Parsed, path, placeOf, problems);
  if (isSeq(node)) return readList(node as YAMLSeq.Parsed, path, placeOf, problems);
  if (!isScalar(node)) return null;
  const text = String(node.value);
  return node.type === 'PLAIN' && NULL_WORDS.has(text) ? null : text;
}

function readList(
  list: YAMLSeq.Parsed,
  path: string,
  placeOf: PlaceOf,
  problems: Problems,
): readonly YamlValue[] {
  return list.items.map((item, index) => {
    const at = `${path}[${index}]`;
    problems.place(at, placeOf((item as ParsedNode).range[0]));
    return readNode(item as ParsedNode, at, placeOf, problems);
  });
}
