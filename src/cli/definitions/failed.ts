import { CONFIG_EXITS, type Definition, define, WRITING_EXITS } from '../definition.ts';
import { CONFIG, flag, JSON_OUT, text } from '../option.ts';

export const FAILED: readonly Definition[] = [
  define({
    name: 'failed list',
    summary: 'show what was given up, grouped by cause',
    options: { ...CONFIG, ...JSON_OUT },
    exits: CONFIG_EXITS,
    run: async ({ values }, terminal) => {
      const { failedListCommand } = await import('../repair/failed.ts');
      return await failedListCommand(values, terminal);
    },
  }),
  define({
    name: 'failed show',
    summary: "show whom a failure is about, the vendor's words, and what to do",
    positionals: ['ID|GROUP'],
    options: { ...CONFIG, ...JSON_OUT },
    exits: CONFIG_EXITS,
    run: async ({ values, positionals: [name] }, terminal) => {
      const { failedShowCommand } = await import('../repair/failed.ts');
      return await failedShowCommand({ ...values, name }, terminal);
    },
  }),
  define({
    name: 'failed retry',
    summary: 'send again what failed; what may have been applied is looked for first',
    positionals: ['[ID|GROUP]'],
    options: { ...CONFIG, all: flag('everything that failed'), ...JSON_OUT },
    exits: WRITING_EXITS,
    run: async ({ values, positionals: [name] }, terminal) => {
      const { failedRetryCommand } = await import('../repair/failed.ts');
      return await failedRetryCommand({ ...values, name }, terminal);
    },
  }),
  define({
    name: 'failed discard',
    summary: 'end what failed for good',
    positionals: ['ID|GROUP'],
    options: {
      ...CONFIG,
      reason: text('TEXT', 'why; kept with every person and in the audit trail (needed)'),
      ...JSON_OUT,
    },
    exits: WRITING_EXITS,
    run: async ({ values, positionals: [name] }, terminal) => {
      const { failedDiscardCommand } = await import('../repair/failed.ts');
      return await failedDiscardCommand({ ...values, name }, terminal);
    },
  }),
];
