import { CONFIG_EXITS, type Definition, define, WRITING_EXITS } from '../definition.ts';
import { CONFIG, flag, JSON_OUT, PEOPLE, REASON, text } from '../option.ts';

const FORM = 'everybody of this form, form handler or landing page';
const WHO = {
  form: text('ID', `${FORM}, and let it through again`),
  session: text('ID', 'everybody of this Livestorm session'),
  all: flag('everybody who is held'),
};

export const HELD: readonly Definition[] = [
  define({
    name: 'held list',
    summary: 'show who is held by a brake, and why',
    options: { ...CONFIG, ...PEOPLE, ...JSON_OUT },
    exits: CONFIG_EXITS,
    run: async ({ values }, terminal) => {
      const { heldListCommand } = await import('../repair/held.ts');
      return await heldListCommand(values, terminal);
    },
  }),
  define({
    name: 'held release',
    summary: 'register people who are held',
    positionals: ['[EMAIL]'],
    options: { ...CONFIG, ...WHO, ...REASON, ...JSON_OUT },
    exits: WRITING_EXITS,
    run: async ({ values, positionals: [email] }, terminal) => {
      const { heldDecisionCommand } = await import('../repair/held.ts');
      return await heldDecisionCommand({ ...values, email, ending: 'released' }, terminal);
    },
  }),
  define({
    name: 'held discard',
    summary: 'never register people who are held',
    positionals: ['[EMAIL]'],
    options: {
      ...CONFIG,
      ...WHO,
      form: text('ID', `${FORM}; when it goes on like that, new people are held again`),
      reason: text('TEXT', 'why; kept with every person and in the audit trail (needed)'),
      ...JSON_OUT,
    },
    exits: WRITING_EXITS,
    run: async ({ values, positionals: [email] }, terminal) => {
      const { heldDecisionCommand } = await import('../repair/held.ts');
      return await heldDecisionCommand({ ...values, email, ending: 'discarded' }, terminal);
    },
  }),
];
