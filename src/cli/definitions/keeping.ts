import {
  CONFIG,
  CONFIG_EXITS,
  CONFIG_HELP,
  configFile,
  type Definition,
  JSON_HELP,
  JSON_OUT,
  textOf,
} from '../definition.ts';

/** What is kept of people, and of the state itself. */
export const KEEPING: readonly Definition[] = [
  {
    name: 'export',
    summary: 'print everything that is held about a person, as JSON',
    positionals: ['EMAIL'],
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, json: 'print errors as JSON, too' },
    exits: CONFIG_EXITS,
    run: async (input, terminal) => {
      const { exportCommand } = await import('../keep/export.ts');
      const [address = ''] = input.positionals;
      return await exportCommand({ config: configFile(input, terminal), address }, terminal);
    },
  },
  {
    name: 'forget',
    summary: 'erase a person from the state and its backups, and tell what to erase elsewhere',
    positionals: ['EMAIL'],
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...JSON_HELP },
    exits: {
      3: 'erased, but not from every backup',
      75: 'a request about the person is on its way, or a file is in use: try again',
      ...CONFIG_EXITS,
    },
    run: async (input, terminal) => {
      const { forgetCommand } = await import('../keep/forget.ts');
      const [address = ''] = input.positionals;
      const json = input.values.json === true;
      return await forgetCommand({ config: configFile(input, terminal), address, json }, terminal);
    },
  },
  {
    name: 'backup',
    summary: 'copy the state into a file, beside the running connector',
    options: { ...CONFIG, ...JSON_OUT, to: { type: 'string' }, keep: { type: 'string' } },
    help: {
      ...CONFIG_HELP,
      'to FILE': 'where to (default: a new file in the folder backups beside the state)',
      'keep N': 'of the folder backups, keep the newest N and remove the others',
      ...JSON_HELP,
    },
    exits: CONFIG_EXITS,
    run: async (input, terminal) => {
      const { backupCommand } = await import('../keep/backup.ts');
      const { to, keep, json } = input.values;
      const config = configFile(input, terminal);
      return await backupCommand(
        { config, to: textOf(to), keep: textOf(keep), json: json === true },
        terminal,
      );
    },
  },
  {
    name: 'restore',
    summary: 'put a backup in the place of the state; the connector must not run',
    positionals: ['FILE'],
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...JSON_HELP },
    exits: { 75: 'the connector runs; stop it first', ...CONFIG_EXITS },
    run: async (input, terminal) => {
      const { restoreCommand } = await import('../keep/restore.ts');
      const [file = ''] = input.positionals;
      const json = input.values.json === true;
      return await restoreCommand({ config: configFile(input, terminal), file, json }, terminal);
    },
  },
  {
    name: 'recover',
    summary: 'rebuild a lost or old state from what the vendors have; sends nothing',
    options: { ...CONFIG, ...JSON_OUT, 'lost-at': { type: 'string' } },
    help: {
      ...CONFIG_HELP,
      'lost-at TIME':
        'when the state was lost: who submitted before is not registered anew, who did later is; without it both are held',
      ...JSON_HELP,
    },
    exits: {
      3: 'a part could not be read, run it again',
      75: 'the connector runs, or a vendor cannot be reached now',
      77: 'the credentials are refused',
      ...CONFIG_EXITS,
    },
    run: async (input, terminal) => {
      const { recoverCommand } = await import('../keep/recover.ts');
      const json = input.values.json === true;
      const lostAt = textOf(input.values['lost-at']);
      return await recoverCommand({ config: configFile(input, terminal), json, lostAt }, terminal);
    },
  },
];
