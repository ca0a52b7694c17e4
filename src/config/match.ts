import { eachKey, isSection, type Keys } from './key.ts';
import { nearest } from './nearest.ts';
import { describeFound } from './printable.ts';
import type { Problems } from './problems.ts';
import { SCHEMA } from './schema.ts';
import type { YamlMap, YamlValue } from './yaml.ts';

/** What the file says for each known key, by path. */
export type Written = ReadonlyMap<string, Exclude<YamlValue, null>>;

/** Lays the file over the schema: reports unknown keys, empty values, and text where a section belongs. */
export function matchSchema(root: YamlMap, problems: Problems): Written {
  const written = new Map<string, Exclude<YamlValue, null>>();
  matchSection(root, SCHEMA, '', written, problems);
  return written;
}

function matchSection(
  map: YamlMap,
  keys: Keys,
  prefix: string,
  written: Map<string, Exclude<YamlValue, null>>,
  problems: Problems,
): void {
  for (const [name, value] of map) {
    const path = prefix + name;
    const node = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (node === undefined) {
      problems.add(path, 'unknown key', suggest(name, prefix, keys));
    } else if (isSection(node)) {
      if (value instanceof Map) matchSection(value, node.keys, `${path}.`, written, problems);
      else if (value !== null) {
        const fix = `put keys like ${Object.keys(node.keys)[0]} under it, indented`;
        problems.add(path, `expected a section, found ${describeSectionValue(value)}`, fix);
      }
    } else if (value !== null) written.set(path, value);
    else if (!problems.concerns(path)) {
      problems.add(path, 'has no value', 'write one, or remove the line for the default');
    }
  }
}

/** Text is not repeated: it may be a token on the wrong line. */
function describeSectionValue(value: Exclude<YamlValue, null>): string {
  return typeof value === 'string' ? 'text' : describeFound(value);
}

function suggest(name: string, prefix: string, keys: Keys): string {
  const sibling = nearest(name, Object.keys(keys));
  if (sibling !== null) return `did you mean ${sibling}?`;
  const elsewhere = [...eachKey(SCHEMA)].find(({ path }) => path.split('.').at(-1) === name);
  if (elsewhere) return `did you mean ${elsewhere.path}?`;
  const place = prefix === '' ? 'at the top' : `under ${prefix.slice(0, -1)}`;
  return `remove it; known ${place}: ${Object.keys(keys).join(', ')}`;
}
