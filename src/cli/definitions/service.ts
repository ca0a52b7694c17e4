import { CONFIG_EXITS, type Definition, define } from '../definition.ts';
import { CONFIG, flag, JSON_OUT } from '../option.ts';

export const SERVICE: readonly Definition[] = [
  define({
    name: 'run',
    summary: 'run the connector until it is told to stop',
    options: {
      ...CONFIG,
      once: flag('one complete pass, then end; exit code 1 if a part of it failed'),
      'dry-run': flag(
        'one pass that reads and plans, sends no write to any vendor, and prints what it would send',
      ),
    },
    exits: { 75: 'another process uses the same state', ...CONFIG_EXITS },
    run: async ({ values: { 'dry-run': dryRun, ...values } }, terminal) => {
      const { runCommand } = await import('../service/run.ts');
      return await runCommand({ ...values, dryRun }, terminal);
    },
  }),
  define({
    name: 'status',
    summary: 'show how flows, vendors and sessions stand',
    options: { ...CONFIG, ...JSON_OUT },
    exits: CONFIG_EXITS,
    run: async ({ values }, terminal) => {
      const { statusCommand } = await import('../service/status.ts');
      return await statusCommand(values, terminal);
    },
  }),
];
