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

export const BACKFILL: readonly Definition[] = [
  {
    name: 'backfill',
    summary: 'register people of earlier submissions: shows how many would be mailed, applies what was shown',
    options: {
      ...CONFIG,
      since: { type: 'string' },
      session: { type: 'string' },
      form: { type: 'string' },
      ended: { type: 'boolean' },
      limit: { type: 'string' },
      people: { type: 'boolean' },
      apply: { type: 'string' },
      ...JSON_OUT,
    },
    help: {
      ...CONFIG_HELP,
      'since TIME': 'submissions from then on, like 2026-03-01; a year at most (default: 90 days)',
      'session ID': 'into this Livestorm session; one from before the first start is linked',
      'form ID': 'of this form, form handler or landing page',
      ended: 'also into sessions that have ended; Livestorm may refuse',
      'limit NUMBER': 'more people than safety.backfill_limit',
      people: 'with the addresses, which JSON always has',
      'apply HASH': 'do exactly what the plan with this hash says',
      ...JSON_HELP,
    },
    exits: {
      1: 'failed, or the plan is no longer the one that was shown',
      75: 'a vendor cannot be reached now',
      77: 'a vendor refuses the credentials',
      ...CONFIG_EXITS,
    },
    run: async (input, terminal) => {
      const { backfillCommand } = await import('../repair/backfill.ts');
      const { since, session, form, ended, limit, people, apply, json } = input.values;
      return await backfillCommand(
        {
          config: configFile(input, terminal),
          since: textOf(since),
          session: textOf(session),
          form: textOf(form),
          ended: ended === true,
          limit: textOf(limit),
          people: people === true,
          apply: textOf(apply),
          json: json === true,
        },
        terminal,
      );
    },
  },
];
