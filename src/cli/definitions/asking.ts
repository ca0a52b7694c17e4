import { CONFIG_EXITS, type Definition, define, VENDOR_EXITS } from '../definition.ts';
import { CONFIG, flag, JSON_OUT, text } from '../option.ts';

/** What only looks, and tells. */
export const ASKING: readonly Definition[] = [
  define({
    name: 'why',
    summary: 'tell what became of one person, step by step, and what happens next',
    positionals: ['EMAIL'],
    options: {
      ...CONFIG,
      session: text('ID', 'only this Livestorm session'),
      ask: flag(
        'also ask Account Engagement who has the address (1 call) and Livestorm who is registered (1 to 5 calls)',
      ),
      ...JSON_OUT,
    },
    exits: {
      3: 'nothing is known of this address',
      75: 'a vendor cannot be reached now (--ask)',
      77: 'a vendor refuses the credentials (--ask)',
      ...CONFIG_EXITS,
    },
    run: async ({ values, positionals: [email = ''] }, terminal) => {
      const { whyCommand } = await import('../ask/why.ts');
      return await whyCommand({ ...values, email }, terminal);
    },
  }),
  define({
    name: 'links',
    summary: 'show which form leads to which session, and what is wrong with that',
    options: {
      ...CONFIG,
      offline: flag(
        'from the state alone; else 4 calls to Account Engagement, and one to Livestorm for each open event',
      ),
      all: flag('also forms that belong to no session'),
      ...JSON_OUT,
    },
    exits: { 3: 'people who submit are being lost', ...VENDOR_EXITS },
    run: async ({ values }, terminal) => {
      const { linksCommand } = await import('../ask/links.ts');
      return await linksCommand(values, terminal);
    },
  }),
  define({
    name: 'reconcile',
    summary: 'compare who submitted with who is registered, and explain every difference',
    options: {
      ...CONFIG,
      session: text('ID', 'only this Livestorm session; else those that are open or ended in the last week'),
      all: flag(
        'every linked session; a call to Livestorm for every 50 people, and one to Account Engagement for every 1000',
      ),
      'show-people': flag('list everybody who is not registered, with addresses'),
      ...JSON_OUT,
    },
    exits: { 3: 'a difference is unexplained', ...VENDOR_EXITS },
    run: async ({ values: { 'show-people': showPeople, ...values } }, terminal) => {
      const { reconcileCommand } = await import('../ask/reconcile.ts');
      return await reconcileCommand({ ...values, showPeople }, terminal);
    },
  }),
];
