import { type Definition, textOf } from '../definition.ts';

/** What needs no account. */
export const TRYING: readonly Definition[] = [
  {
    name: 'demo',
    summary: 'play a webinar on a local sandbox, without any account',
    options: { keep: { type: 'boolean' } },
    help: { keep: 'leave sandbox and connector running afterwards and print the pages to open' },
    run: async (input, terminal) => {
      const { demoCommand } = await import('../try/demo.ts');
      return await demoCommand({ keep: input.values.keep === true }, terminal);
    },
  },
  {
    name: 'sandbox',
    summary: 'run a local Livestorm, Pardot and Salesforce with a control page',
    options: { dir: { type: 'string' }, 'any-port': { type: 'boolean' }, bare: { type: 'boolean' } },
    help: {
      'dir FOLDER': 'where to write its credentials and a configuration (default: data/sandbox)',
      'any-port': 'take any free ports instead of 4100 to 4103',
      bare: 'with nothing prepared in Salesforce and Pardot, to try setup',
    },
    run: async (input, terminal) => {
      const { runSandbox } = await import('../try/sandbox.ts');
      return await runSandbox(
        {
          dir: textOf(input.values.dir) ?? 'data/sandbox',
          anyPort: input.values['any-port'] === true,
          bare: input.values.bare === true,
        },
        terminal,
      );
    },
  },
];
