import { CONFIG_EXITS, type Definition, define } from '../definition.ts';
import { CONFIG, flag, JSON_OUT, text } from '../option.ts';

/** What is kept of people, and of the state itself. */
export const KEEPING: readonly Definition[] = [
  define({
    name: 'export',
    summary: 'print everything that is held about a person, as JSON',
    positionals: ['EMAIL'],
    options: { ...CONFIG, json: flag('print errors as JSON, too') },
    exits: CONFIG_EXITS,
    run: async ({ values, positionals: [address = ''] }, terminal) => {
      const { exportCommand } = await import('../keep/export.ts');
      return await exportCommand({ ...values, address }, terminal);
    },
  }),
  define({
    name: 'forget',
    summary: 'erase a person from the state and its backups, and tell what to erase elsewhere',
    positionals: ['EMAIL'],
    options: { ...CONFIG, ...JSON_OUT },
    exits: {
      3: 'erased, but not from every backup',
      75: 'a request about the person is on its way, or a file is in use: try again',
      ...CONFIG_EXITS,
    },
    run: async ({ values, positionals: [address = ''] }, terminal) => {
      const { forgetCommand } = await import('../keep/forget.ts');
      return await forgetCommand({ ...values, address }, terminal);
    },
  }),
  define({
    name: 'backup',
    summary: 'copy the state into a file, beside the running connector',
    options: {
      ...CONFIG,
      to: text('FILE', 'where to (default: a new file in the folder backups beside the state)'),
      keep: text('N', 'of the folder backups, keep the newest N and remove the others'),
      ...JSON_OUT,
    },
    exits: CONFIG_EXITS,
    run: async ({ values }, terminal) => {
      const { backupCommand } = await import('../keep/backup.ts');
      return await backupCommand(values, terminal);
    },
  }),
  define({
    name: 'restore',
    summary: 'put a backup in the place of the state; the connector must not run',
    positionals: ['FILE'],
    options: { ...CONFIG, ...JSON_OUT },
    exits: { 75: 'the connector runs; stop it first', ...CONFIG_EXITS },
    run: async ({ values, positionals: [file = ''] }, terminal) => {
      const { restoreCommand } = await import('../keep/restore.ts');
      return await restoreCommand({ ...values, file }, terminal);
    },
  }),
  define({
    name: 'recover',
    summary: 'rebuild a lost or old state from what the vendors have; sends nothing',
    options: {
      ...CONFIG,
      'lost-at': text(
        'TIME',
        'when the state was lost: who submitted before is not registered anew, who did later is; without it both are held',
      ),
      ...JSON_OUT,
    },
    exits: {
      3: 'a part could not be read, run it again',
      75: 'the connector runs, or a vendor cannot be reached now',
      77: 'the credentials are refused',
      ...CONFIG_EXITS,
    },
    run: async ({ values: { 'lost-at': lostAt, ...values } }, terminal) => {
      const { recoverCommand } = await import('../keep/recover.ts');
      return await recoverCommand({ ...values, lostAt }, terminal);
    },
  }),
];
