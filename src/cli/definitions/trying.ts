import { type Definition, define } from '../definition.ts';
import { flag, text } from '../option.ts';

/** What needs no account. */
export const TRYING: readonly Definition[] = [
  define({
    name: 'demo',
    summary: 'play a webinar on a local sandbox, without any account',
    options: { keep: flag('leave sandbox and connector running afterwards and print the pages to open') },
    run: async ({ values }, terminal) => {
      const { demoCommand } = await import('../try/demo.ts');
      return await demoCommand(values, terminal);
    },
  }),
  define({
    name: 'sandbox',
    summary: 'run a local Livestorm, Pardot and Salesforce with a control page',
    options: {
      dir: text('FOLDER', 'where to write its credentials and a configuration (default: data/sandbox)'),
      'any-port': flag('take any free ports instead of 4100 to 4103'),
      bare: flag('with nothing prepared in Salesforce and Pardot, to try setup'),
    },
    run: async ({ values: { dir = 'data/sandbox', 'any-port': anyPort, bare } }, terminal) => {
      const { runSandbox } = await import('../try/sandbox.ts');
      return await runSandbox({ dir, anyPort, bare }, terminal);
    },
  }),
];
