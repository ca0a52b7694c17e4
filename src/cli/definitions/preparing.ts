import { CONFIG_EXITS, type Definition, define } from '../definition.ts';
import { CONFIG, flag, JSON_OUT, text } from '../option.ts';

/** What `init` may be told instead of being asked. */
const ANSWERS = {
  org: text('KIND', 'production, sandbox or developer: decides the addresses (default: production)'),
  'business-unit': text('ID', 'id of the Account Engagement business unit'),
  auth: text('METHOD', 'jwt, client_credentials or refresh_token (default: jwt)'),
  'my-domain': text('URL', 'My Domain address of the org; needed with client_credentials'),
  'client-id': text('KEY', 'consumer key of the External Client App'),
  username: text('NAME', 'Salesforce user to act as; needed with jwt'),
  secrets: text('PLACE', 'credential, file or env: where the secrets will be (default: credential)'),
  'custom-fields': text('YES', 'yes or no: attendance into custom fields of prospects (default: yes)'),
  'external-activities': text('YES', 'yes or no: attendance as external activities (default: no)'),
  'livestorm-url': text('URL', 'another address of Livestorm, for a local sandbox'),
  'pardot-url': text('URL', 'another address of Account Engagement'),
  'login-url': text('URL', 'another address to log in to Salesforce'),
};

/** What an admin runs before the service. */
export const PREPARING: readonly Definition[] = [
  define({
    name: 'init',
    summary: 'ask for what is needed, write a configuration, and say what to create where',
    options: {
      config: {
        ...CONFIG.config,
        help: 'the file to write (default: $LIVESTORM_PARDOT_CONFIG or config.yaml)',
      },
      ...ANSWERS,
      yes: flag('ask nothing: what is not given has its default; the same where nobody can answer'),
      force: flag('overwrite the file if it exists'),
      ...JSON_OUT,
    },
    exits: { 78: 'the file exists, or cannot be written' },
    run: async ({ values: { config, yes, force, json, ...given } }, terminal) => {
      const { initCommand } = await import('../prepare/init.ts');
      return await initCommand({ config, given, yes, force, json }, terminal);
    },
  }),
  define({
    name: 'check-config',
    summary: 'check the configuration and show every problem at once',
    options: {
      ...CONFIG,
      'without-secrets': flag('check everything but the secrets, where they are not at hand'),
      ...JSON_OUT,
    },
    exits: CONFIG_EXITS,
    run: async ({ values: { config, json, 'without-secrets': withoutSecrets } }, terminal) => {
      const { checkConfigCommand } = await import('../prepare/check-config.ts');
      const { env, write, writeError } = terminal;
      return await checkConfigCommand({ file: config, env, write, writeError, json, withoutSecrets });
    },
  }),
  define({
    name: 'config explain',
    summary: 'show every value that counts and where it comes from, secrets masked',
    options: { ...CONFIG, ...JSON_OUT },
    exits: CONFIG_EXITS,
    run: async ({ values }, terminal) => {
      const { configExplainCommand } = await import('../prepare/config-explain.ts');
      return await configExplainCommand(values, terminal);
    },
  }),
  define({
    name: 'config schema',
    summary: 'print the JSON Schema of the configuration, for editors',
    options: { json: flag('accepted for likeness with the other commands: the schema is JSON anyway') },
    run: async (_call, terminal) => {
      const { configSchemaCommand } = await import('../prepare/config-schema.ts');
      return configSchemaCommand(terminal);
    },
  }),
  define({
    name: 'setup',
    summary: 'show what Salesforce and Account Engagement lack, and with --apply create it',
    options: {
      ...CONFIG,
      apply: flag('create what the APIs allow; without it nothing is written'),
      'extension-id': text('ID', 'id of the marketing app extension, for orgs whose queries do not find it'),
      ...JSON_OUT,
    },
    exits: {
      3: 'something is left to do',
      75: 'a vendor cannot be reached now',
      77: 'a permission is missing',
      78: 'the configuration cannot be used, or names something unsuitable',
    },
    run: async ({ values: { 'extension-id': extensionId, ...values } }, terminal) => {
      const { setupCommand } = await import('../prepare/setup.ts');
      return await setupCommand({ ...values, extensionId }, terminal);
    },
  }),
  define({
    name: 'doctor',
    summary: 'look at configuration, machine and vendors, and say what is wrong and how to mend it',
    options: {
      ...CONFIG,
      offline: flag('call no vendor: configuration and this machine alone'),
      quiet: flag('leave out what is ok'),
      explain: text(
        'CODE',
        "say what a vendor's code (201, 402, invalid_grant, ENOTFOUND) or an outcome means, and end",
      ),
      ...JSON_OUT,
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
    run: async ({ values: { explain, ...values } }, terminal) => {
      if (explain !== undefined) {
        const { explainCommand } = await import('../prepare/doctor-explain.ts');
        return explainCommand(explain, values.json, terminal);
      }
      const { doctorCommand } = await import('../prepare/doctor.ts');
      return await doctorCommand(values, terminal);
    },
  }),
];
