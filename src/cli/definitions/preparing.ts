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

/** What an admin runs before the service. */
export const PREPARING: readonly Definition[] = [
  {
    name: 'check-config',
    summary: 'check the configuration and show every problem at once',
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...JSON_HELP },
    exits: CONFIG_EXITS,
    run: async (input, terminal) => {
      const { checkConfigCommand } = await import('../check-config.ts');
      return await checkConfigCommand({
        file: configFile(input, terminal),
        env: terminal.env,
        write: terminal.write,
        writeError: terminal.writeError,
        json: input.values.json === true,
      });
    },
  },
  {
    name: 'setup',
    summary: 'show what Salesforce and Account Engagement lack, and with --apply create it',
    options: { ...CONFIG, ...JSON_OUT, apply: { type: 'boolean' }, 'extension-id': { type: 'string' } },
    help: {
      ...CONFIG_HELP,
      apply: 'create what the APIs allow; without it nothing is written',
      'extension-id ID': 'id of the marketing app extension, for orgs whose queries do not find it',
      ...JSON_HELP,
    },
    exits: {
      3: 'something is left to do',
      75: 'a vendor cannot be reached now',
      77: 'a permission is missing',
      78: 'the configuration cannot be used, or names something unsuitable',
    },
    run: async (input, terminal) => {
      const { setupCommand } = await import('../setup.ts');
      return await setupCommand(
        {
          config: configFile(input, terminal),
          apply: input.values.apply === true,
          json: input.values.json === true,
          extensionId: textOf(input.values['extension-id']),
        },
        terminal,
      );
    },
  },
];
