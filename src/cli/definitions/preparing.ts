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

/** What `init` may be told instead of being asked. */
const ANSWERS = [
  ...['org', 'business-unit', 'auth', 'my-domain', 'client-id', 'username', 'secrets', 'custom-fields'],
  ...['external-activities', 'livestorm-url', 'pardot-url', 'login-url'],
];

/** What an admin runs before the service. */
export const PREPARING: readonly Definition[] = [
  {
    name: 'init',
    summary: 'ask for what is needed, write a configuration, and say what to create where',
    options: {
      ...CONFIG,
      ...Object.fromEntries(ANSWERS.map((name) => [name, { type: 'string' as const }])),
      yes: { type: 'boolean' },
      force: { type: 'boolean' },
      ...JSON_OUT,
    },
    help: {
      'config FILE': 'the file to write (default: $LIVESTORM_PARDOT_CONFIG or config.yaml)',
      'org KIND': 'production, sandbox or developer: decides the addresses (default: production)',
      'business-unit ID': 'id of the Account Engagement business unit',
      'auth METHOD': 'jwt, client_credentials or refresh_token (default: jwt)',
      'my-domain URL': 'My Domain address of the org; needed with client_credentials',
      'client-id KEY': 'consumer key of the External Client App',
      'username NAME': 'Salesforce user to act as; needed with jwt',
      'secrets PLACE': 'credential, file or env: where the secrets will be (default: credential)',
      'custom-fields YES': 'yes or no: attendance into custom fields of prospects (default: yes)',
      'external-activities YES': 'yes or no: attendance as external activities (default: no)',
      'livestorm-url URL': 'another address of Livestorm, for a local sandbox',
      'pardot-url URL': 'another address of Account Engagement',
      'login-url URL': 'another address to log in to Salesforce',
      yes: 'ask nothing: what is not given has its default; the same where nobody can answer',
      force: 'overwrite the file if it exists',
      ...JSON_HELP,
    },
    exits: { 78: 'the file exists, or cannot be written' },
    run: async (input, terminal) => {
      const { initCommand } = await import('../prepare/init.ts');
      return await initCommand(
        {
          config: configFile(input, terminal),
          given: Object.fromEntries(ANSWERS.map((name) => [name, textOf(input.values[name])])),
          yes: input.values.yes === true,
          force: input.values.force === true,
          json: input.values.json === true,
        },
        terminal,
      );
    },
  },
  {
    name: 'check-config',
    summary: 'check the configuration and show every problem at once',
    options: { ...CONFIG, 'without-secrets': { type: 'boolean' }, ...JSON_OUT },
    help: {
      ...CONFIG_HELP,
      'without-secrets': 'check everything but the secrets, where they are not at hand',
      ...JSON_HELP,
    },
    exits: CONFIG_EXITS,
    run: async (input, terminal) => {
      const { checkConfigCommand } = await import('../prepare/check-config.ts');
      return await checkConfigCommand({
        file: configFile(input, terminal),
        env: terminal.env,
        write: terminal.write,
        writeError: terminal.writeError,
        json: input.values.json === true,
        withoutSecrets: input.values['without-secrets'] === true,
      });
    },
  },
  {
    name: 'config explain',
    summary: 'show every value that counts and where it comes from, secrets masked',
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...JSON_HELP },
    exits: CONFIG_EXITS,
    run: async (input, terminal) => {
      const { configExplainCommand } = await import('../prepare/config-explain.ts');
      return await configExplainCommand(
        { config: configFile(input, terminal), json: input.values.json === true },
        terminal,
      );
    },
  },
  {
    name: 'config schema',
    summary: 'print the JSON Schema of the configuration, for editors',
    options: JSON_OUT,
    help: { json: 'accepted for likeness with the other commands: the schema is JSON anyway' },
    run: async (_input, terminal) => {
      const { configSchemaCommand } = await import('../prepare/config-schema.ts');
      return configSchemaCommand(terminal);
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
      const { setupCommand } = await import('../prepare/setup.ts');
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
  {
    name: 'doctor',
    summary: 'look at configuration, machine and vendors, and say what is wrong and how to mend it',
    options: {
      ...CONFIG,
      ...JSON_OUT,
      offline: { type: 'boolean' },
      quiet: { type: 'boolean' },
      explain: { type: 'string' },
    },
    help: {
      ...CONFIG_HELP,
      offline: 'call no vendor: configuration and this machine alone',
      quiet: 'leave out what is ok',
      'explain CODE':
        "say what a vendor's code (201, 402, invalid_grant, ENOTFOUND) or an outcome means, and end",
      ...JSON_HELP,
    },
    notes: [
      'Calls, all of them reading (a page more where lists are long):',
      '  Livestorm           GET /ping, /sessions, and /events/{id} for the next 5 events',
      '  Salesforce          one token, describe of Campaign, and with flows.external_activities 4 queries',
      '  Account Engagement  GET /account, /custom-fields, /visitor-activities, /lists, /campaigns',
      '',
      'Works beside the running daemon. With auth: refresh_token Salesforce is left out while it runs.',
    ],
    exits: {
      1: 'problems',
      3: 'warnings, no problems',
      75: 'problems that pass by themselves: a vendor cannot be reached, or grants no more calls',
      77: 'credentials or permissions are wrong',
      78: 'the configuration is wrong',
    },
    run: async (input, terminal) => {
      const json = input.values.json === true;
      const code = textOf(input.values.explain);
      if (code !== undefined) {
        const { explainCommand } = await import('../prepare/doctor-explain.ts');
        return explainCommand(code, json, terminal);
      }
      const { doctorCommand } = await import('../prepare/doctor.ts');
      const { offline, quiet } = input.values;
      return await doctorCommand(
        { config: configFile(input, terminal), json, offline: offline === true, quiet: quiet === true },
        terminal,
      );
    },
  },
];
