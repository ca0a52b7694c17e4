import {
  CONFIG,
  CONFIG_EXITS,
  CONFIG_HELP,
  configFile,
  type Definition,
  type Input,
  JSON_HELP,
  JSON_OUT,
  textOf,
  WRITING_EXITS,
} from '../definition.ts';
import type { Terminal } from '../terminal.ts';

export const FAILED: readonly Definition[] = [
  {
    name: 'failed list',
    summary: 'show what was given up, grouped by cause',
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...JSON_HELP },
    exits: CONFIG_EXITS,
    run: async (input, terminal) => {
      const { failedListCommand } = await import('../repair/failed.ts');
      return await failedListCommand(optionsOf(input, terminal), terminal);
    },
  },
  {
    name: 'failed show',
    summary: "show whom a failure is about, the vendor's words, and what to do",
    positionals: ['ID|GROUP'],
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...JSON_HELP },
    exits: CONFIG_EXITS,
    run: async (input, terminal) => {
      const { failedShowCommand } = await import('../repair/failed.ts');
      return await failedShowCommand(optionsOf(input, terminal), terminal);
    },
  },
  {
    name: 'failed retry',
    summary: 'send again what failed; what may have been applied is looked for first',
    positionals: ['[ID|GROUP]'],
    options: { ...CONFIG, all: { type: 'boolean' }, ...JSON_OUT },
    help: { ...CONFIG_HELP, all: 'everything that failed', ...JSON_HELP },
    exits: WRITING_EXITS,
    run: async (input, terminal) => {
      const { failedRetryCommand } = await import('../repair/failed.ts');
      const all = input.values.all === true;
      return await failedRetryCommand({ ...optionsOf(input, terminal), all }, terminal);
    },
  },
  {
    name: 'failed discard',
    summary: 'end what failed for good',
    positionals: ['ID|GROUP'],
    options: { ...CONFIG, reason: { type: 'string' }, ...JSON_OUT },
    help: {
      ...CONFIG_HELP,
      'reason TEXT': 'why; kept with every person and in the audit trail (needed)',
      ...JSON_HELP,
    },
    exits: WRITING_EXITS,
    run: async (input, terminal) => {
      const { failedDiscardCommand } = await import('../repair/failed.ts');
      const reason = textOf(input.values.reason);
      return await failedDiscardCommand({ ...optionsOf(input, terminal), reason }, terminal);
    },
  },
];

function optionsOf(input: Input, terminal: Terminal) {
  return {
    config: configFile(input, terminal),
    json: input.values.json === true,
    name: input.positionals[0],
  };
}
