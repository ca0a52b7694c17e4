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

/** What only looks, and tells. */
export const ASKING: readonly Definition[] = [
  {
    name: 'why',
    summary: 'tell what became of one person, step by step, and what happens next',
    positionals: ['EMAIL'],
    options: { ...CONFIG, session: { type: 'string' }, ask: { type: 'boolean' }, ...JSON_OUT },
    help: {
      ...CONFIG_HELP,
      'session ID': 'only this Livestorm session',
      ask: 'also ask Account Engagement who has the address (1 call) and Livestorm who is registered (1 to 5 calls)',
      ...JSON_HELP,
    },
    exits: {
      3: 'nothing is known of this address',
      75: 'a vendor cannot be reached now (--ask)',
      77: 'a vendor refuses the credentials (--ask)',
      ...CONFIG_EXITS,
    },
    run: async (input, terminal) => {
      const { whyCommand } = await import('../ask/why.ts');
      const { session, ask, json } = input.values;
      return await whyCommand(
        {
          config: configFile(input, terminal),
          email: input.positionals[0] ?? '',
          session: textOf(session),
          ask: ask === true,
          json: json === true,
        },
        terminal,
      );
    },
  },
  {
    name: 'links',
    summary: 'show which form leads to which session, and what is wrong with that',
    options: { ...CONFIG, offline: { type: 'boolean' }, all: { type: 'boolean' }, ...JSON_OUT },
    help: {
      ...CONFIG_HELP,
      offline:
        'from the state alone; else 4 calls to Account Engagement, and one to Livestorm for each open event',
      all: 'also forms that belong to no session',
      ...JSON_HELP,
    },
    exits: {
      3: 'people who submit are being lost',
      75: 'a vendor cannot be reached now',
      77: 'a vendor refuses the credentials',
      ...CONFIG_EXITS,
    },
    run: async (input, terminal) => {
      const { linksCommand } = await import('../ask/links.ts');
      const { offline, all, json } = input.values;
      return await linksCommand(
        {
          config: configFile(input, terminal),
          offline: offline === true,
          all: all === true,
          json: json === true,
        },
        terminal,
      );
    },
  },
  {
    name: 'reconcile',
    summary: 'compare who submitted with who is registered, and explain every difference',
    options: {
      ...CONFIG,
      session: { type: 'string' },
      all: { type: 'boolean' },
      'show-people': { type: 'boolean' },
      ...JSON_OUT,
    },
    help: {
      ...CONFIG_HELP,
      'session ID': 'only this Livestorm session; else those that are open or ended in the last week',
      all: 'every linked session; a call to Livestorm for every 50 people, and one to Account Engagement for every 1000',
      'show-people': 'list everybody who is not registered, with addresses',
      ...JSON_HELP,
    },
    exits: {
      3: 'a difference is unexplained',
      75: 'a vendor cannot be reached now',
      77: 'a vendor refuses the credentials',
      ...CONFIG_EXITS,
    },
    run: async (input, terminal) => {
      const { reconcileCommand } = await import('../ask/reconcile.ts');
      const { session, all, json, 'show-people': showPeople } = input.values;
      return await reconcileCommand(
        {
          config: configFile(input, terminal),
          session: textOf(session),
          all: all === true,
          showPeople: showPeople === true,
          json: json === true,
        },
        terminal,
      );
    },
  },
];
