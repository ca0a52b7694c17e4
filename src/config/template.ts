import { isSection, type Key, type Keys, type Section } from './key.ts';
import { SCHEMA } from './schema.ts';

/** What stands in the written file: text, switches, numbers, lists of text, and maps of any of these. */
export type TemplateValue =
  | string
  | boolean
  | number
  | readonly string[]
  | ReadonlyMap<string, TemplateValue>;

export interface Template {
  /** Path of a key → its value. */
  readonly values: ReadonlyMap<string, TemplateValue>;
  /** Paths of keys and sections to show as well: with their default, or in a comment with their example. */
  readonly shown: readonly string[];
  /** Lines before everything, each as a comment. */
  readonly head: readonly string[];
}

const WIDTH = 110;

/** A configuration file with every key under its description, in the order of the schema. */
export function renderConfigFile(template: Template): string {
  const head = template.head.map((line) => `# ${line}`);
  return `${[...head, ...renderKeys(SCHEMA, '', template)].join('\n')}\n`;
}

function* renderKeys(keys: Keys, prefix: string, template: Template): Generator<string> {
  const indent = '  '.repeat(prefix.split('.').length - 1);
  for (const [name, node] of Object.entries<Key | Section>(keys)) {
    const path = prefix + name;
    const lines = isSection(node)
      ? sectionLines(name, node, path, template)
      : keyLines(name, node, path, template);
    if (lines.length === 0) continue;
    if (prefix === '') yield '';
    yield* comment(node.doc, indent);
    yield* lines.map((line) => indent + line);
  }
}

function sectionLines(name: string, section: Section, path: string, template: Template): string[] {
  const inner = [...renderKeys(section.keys, `${path}.`, template)];
  if (inner.length === 0) return [];
  const depth = path.split('.').length - 1;
  return [`${name}:`, ...inner.map((line) => line.slice(2 * depth))];
}

function keyLines(name: string, key: Key, path: string, { values, shown }: Template): string[] {
  const isShown = shown.some((other) => path === other || path.startsWith(`${other}.`));
  const value = values.get(path) ?? (isShown ? (key.default as TemplateValue | null) : null);
  if (value !== null) return entryLines(name, value);
  return isShown ? [`# ${name}: ${key.example ?? ''}`] : [];
}

function entryLines(name: string, value: TemplateValue): string[] {
  const isLong = value instanceof Map && [...value.values()].some((entry) => !isSecretLike(value, entry));
  if (!isLong) return [`${name}: ${flow(value)}`];
  const entries = [...(value as ReadonlyMap<string, TemplateValue>)];
  return [`${name}:`, ...entries.map(([field, entry]) => `  ${scalar(field)}: ${flow(entry)}`)];
}

/** A map of one entry, like a reference to a secret, stands on the line of its key. */
function isSecretLike(map: ReadonlyMap<string, TemplateValue>, entry: TemplateValue): boolean {
  return map.size === 1 && typeof entry === 'string';
}

function flow(value: TemplateValue): string {
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, TemplateValue>)];
    if (entries.length === 0) return '{}';
    return `{ ${entries.map(([name, entry]) => `${scalar(name)}: ${flow(entry)}`).join(', ')} }`;
  }
  if (Array.isArray(value)) return `[${value.map(scalar).join(', ')}]`;
  return scalar(value as string | boolean | number);
}

/** Quoted where plain text would mean something else, to us or to an editor. */
function scalar(value: string | boolean | number): string {
  if (typeof value !== 'string') return String(value);
  const isPlain = /^[A-Za-z0-9/][\w.@+/-]*(?::[\w.@+/-]+)*$/.test(value);
  const isTyped = /^(?:[\d.]+(?:e\d+)?|true|false|null|yes|no|on|off)$/i.test(value);
  return isPlain && !isTyped ? value : JSON.stringify(value);
}

function* comment(doc: string, indent: string): Generator<string> {
  let line = `${indent}#`;
  for (const word of doc.replaceAll('`', '').split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      yield line;
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  yield line;
}
