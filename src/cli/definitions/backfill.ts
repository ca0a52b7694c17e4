import { type Definition, define, VENDOR_EXITS } from '../definition.ts';
import { CONFIG, flag, JSON_OUT, PEOPLE, text } from '../option.ts';

export const BACKFILL: readonly Definition[] = [
  define({
    name: 'backfill',
    summary: 'register people of earlier submissions: shows how many would be mailed, applies what was shown',
    options: {
      ...CONFIG,
      since: text('TIME', 'submissions from then on, like 2026-03-01; a year at most (default: 90 days)'),
      session: text('ID', 'into this Livestorm session; one from before the first start is linked'),
      form: text('ID', 'of this form, form handler or landing page'),
      ended: flag('also into sessions that have ended; Livestorm may refuse'),
      limit: text('NUMBER', 'more people than safety.backfill_limit'),
      ...PEOPLE,
      apply: text('HASH', 'do exactly what the plan with this hash says'),
      ...JSON_OUT,
    },
    exits: { 1: 'failed, or the plan is no longer the one that was shown', ...VENDOR_EXITS },
    run: async ({ values }, terminal) => {
      const { backfillCommand } = await import('../repair/backfill.ts');
      return await backfillCommand(values, terminal);
    },
  }),
];
