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

const WHO = {
  form: { type: 'string' },
  session: { type: 'string' },
  all: { type: 'boolean' },
  reason: { type: 'string' },
} as const;
const WHO_HELP = {
  'form ID': 'everybody of this form, form handler or landing page, and let it through again',
  'session ID': 'everybody of this Livestorm session',
  all: 'everybody who is held',
};

export const HELD: readonly Definition[] = [
  {
    name: 'held list',
    summary: 'show who is held by a brake, and why',
    options: { ...CONFIG, people: { type: 'boolean' }, ...JSON_OUT },
    help: { ...CONFIG_HELP, people: 'with the addresses, which JSON always has', ...JSON_HELP },
    exits: CONFIG_EXITS,
    run: async (input, terminal) => {
      const { heldListCommand } = await import('../repair/held.ts');
      const { json, people } = input.values;
      return await heldListCommand(
        { config: configFile(input, terminal), json: json === true, people: people === true },
        terminal,
      );
    },
  },
  {
    name: 'held release',
    summary: 'register people who are held',
    positionals: ['[EMAIL]'],
    options: { ...CONFIG, ...WHO, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...WHO_HELP, 'reason TEXT': 'for the audit trail', ...JSON_HELP },
    exits: WRITING_EXITS,
    run: (input, terminal) => decide('released', input, terminal),
  },
  {
    name: 'held discard',
    summary: 'never register people who are held',
    positionals: ['[EMAIL]'],
    options: { ...CONFIG, ...WHO, ...JSON_OUT },
    help: {
      ...CONFIG_HELP,
      ...WHO_HELP,
      'reason TEXT': 'kept with every person and in the audit trail',
      ...JSON_HELP,
    },
    exits: WRITING_EXITS,
    run: (input, terminal) => decide('discarded', input, terminal),
  },
];

async function decide(ending: 'released' | 'discarded', input: Input, terminal: Terminal): Promise<number> {
  const { heldDecisionCommand } = await import('../repair/held.ts');
  const { form, session, all, reason, json } = input.values;
  return await heldDecisionCommand(
    {
      config: configFile(input, terminal),
      json: json === true,
      ending,
      email: input.positionals[0],
      form: textOf(form),
      session: textOf(session),
      all: all === true,
      reason: textOf(reason),
    },
    terminal,
  );
}
