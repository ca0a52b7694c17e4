import {
  CONFIG,
  CONFIG_EXITS,
  CONFIG_HELP,
  configFile,
  type Definition,
  JSON_HELP,
  JSON_OUT,
} from '../definition.ts';

export const SERVICE: readonly Definition[] = [
  {
    name: 'run',
    summary: 'run the connector until it is told to stop',
    options: { ...CONFIG, once: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
    help: {
      ...CONFIG_HELP,
      once: 'one complete pass, then end; exit code 1 if a part of it failed',
      'dry-run': 'one pass that reads and plans, sends no write to any vendor, and prints what it would send',
    },
    exits: { 75: 'another process uses the same state', ...CONFIG_EXITS },
    run: async (input, terminal) => {
      const { runCommand } = await import('../service/run.ts');
      const { once, 'dry-run': dryRun } = input.values;
      return await runCommand(
        { config: configFile(input, terminal), once: once === true, dryRun: dryRun === true },
        terminal,
      );
    },
  },
  {
    name: 'status',
    summary: 'show how flows, vendors and sessions stand',
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...JSON_HELP },
    exits: CONFIG_EXITS,
    run: async (input, terminal) => {
      const { statusCommand } = await import('../service/status.ts');
      return await statusCommand(
        { config: configFile(input, terminal), json: input.values.json === true },
        terminal,
      );
    },
  },
];
