import { configJsonSchema } from '../../config/json-schema.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

/** `config schema`: the JSON Schema of the configuration, as `config/schema.json` holds it. */
export function configSchemaCommand(terminal: Pick<Terminal, 'write'>): number {
  terminal.write(renderJsonSchema());
  return EXIT.ok;
}

/** The text of `config/schema.json`. */
export function renderJsonSchema(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}
