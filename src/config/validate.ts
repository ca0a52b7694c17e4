import convict from 'convict';
import type { Finding } from './format.ts';
import { FORMATS } from './formats.ts';
import { isSection, type Key, type Keys } from './key.ts';
import type { Written } from './match.ts';
import type { Problems } from './problems.ts';
import { type RawConfig, SCHEMA } from './schema.ts';

type Report = (finding: Finding) => void;

interface BoundKey extends Key {
  readonly report: Report;
}

// convict joins the errors of all keys into one text, with the values in it. A format therefore never throws:
// it tells what it found to the `report` of its key, and convict stays silent.
for (const [name, format] of Object.entries(FORMATS)) {
  convict.addFormat({
    name,
    coerce: (text: string) => format.coerce?.(text) ?? text,
    validate: (value: unknown, schema: convict.SchemaObj) => {
      const key = schema as unknown as BoundKey;
      for (const finding of format.check(value, key)) key.report(finding);
    },
  });
}

/**
 * Defaults, then what is written, each value brought to its type and checked. The result has the shape it claims
 * only when no problem was added. Reads neither environment nor arguments: `env` and `args` are empty on purpose.
 */
export function validate(written: Written, problems: Problems): RawConfig {
  const schema = bind(SCHEMA, '', problems) as convict.Schema<RawConfig>;
  const config = convict(schema, { env: {}, args: [] });
  for (const [path, value] of written) config.set(path, value);
  config.validate({ allowed: 'strict' });
  return config.getProperties();
}

function bind(keys: Keys, prefix: string, problems: Problems): Record<string, unknown> {
  const bound = Object.entries(keys).map(([name, node]) => {
    const path = prefix + name;
    if (isSection(node)) return [name, bind(node.keys, `${path}.`, problems)];
    const report: Report = ({ message, fix, within = '' }) => problems.add(path + within, message, fix);
    return [name, { ...node, nullable: node.default === null, report }];
  });
  return Object.fromEntries(bound) as Record<string, unknown>;
}
