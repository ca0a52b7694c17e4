import { FORMATS } from './formats.ts';
import { isSection, type Key, type Keys, type Section } from './key.ts';
import { SCHEMA } from './schema.ts';

const INTRODUCTION = `# Configuration

One YAML file. \`config/example.yaml\` shows every key; \`livestorm-pardot check-config --config FILE\` reports all
problems at once with line, column and fix, and writes nothing.

- \`config/schema.json\` is its JSON Schema, as \`livestorm-pardot config schema\` prints it: editors complete and check with it.
- Unknown keys are errors. Anchors, aliases, merge keys, tags and several documents in one file are not supported.
- The file is UTF-8 and at most 64 KiB.
- Secrets never stand in the file: \`{ file: PATH }\` reads a file, \`{ env: NAME }\` an environment variable,
  \`{ credential: NAME }\` a systemd credential (\`LoadCredential=NAME:…\`). Space around a secret is dropped.
- Relative paths start at the folder of the configuration file.
- Base URLs are https; plain http is accepted for this machine only (localhost, 127.0.0.0/8, ::1).
`;

/** The text of `docs/configuration.md`, derived from the schema. */
export function renderConfigurationDoc(): string {
  return [INTRODUCTION, ...renderKeys(SCHEMA, '')].join('\n');
}

function* renderKeys(keys: Keys, prefix: string): Generator<string> {
  for (const [name, node] of Object.entries<Key | Section>(keys)) {
    const path = prefix + name;
    const level = path.includes('.') ? '###' : '##';
    const text = isSection(node) ? node.doc : renderKey(node);
    yield `${level} \`${path}\`\n\n${text}\n`;
    if (isSection(node)) yield* renderKeys(node.keys, `${path}.`);
  }
}

function renderKey(key: Key): string {
  const auth = (methods: readonly string[]): string => methods.map((method) => `\`${method}\``).join(' and ');
  const expects = FORMATS[key.format].expects(key.limits ?? {}).replaceAll('*', '\\*');
  const facts = [
    `- Expects ${expects}.`,
    `- ${key.required === true ? 'Required' : `Default: ${renderDefault(key)}`}.`,
    ...(key.required !== undefined && key.required !== true
      ? [`- Needed with auth ${auth(key.required)}.`]
      : []),
    ...(key.only ? [`- Used with auth ${auth(key.only)} only.`] : []),
    ...(key.example ? [`- Example: \`${key.example}\``] : []),
  ];
  return [key.doc, '', ...facts].join('\n');
}

function renderDefault(key: Key): string {
  if (key.otherwise) return key.otherwise;
  return key.default === null ? 'none' : `\`${renderValue(key.default)}\``;
}

function renderValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderValue).join(', ')}]`;
  if (!(value instanceof Map)) return String(value);
  const entries = [...(value as Map<string, unknown>)].map(
    ([name, entry]) => `${name}: ${renderValue(entry)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
