import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { SecretPlan } from './init-file.ts';
import type { Answers } from './init-questions.ts';

/** Something to do by hand, in order. */
export interface NextStep {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What is left to do once the file is written. */
export function nextSteps(file: string, answers: Answers, secrets: SecretPlan): NextStep[] {
  return [
    livestormToken(),
    clientApp(answers),
    apiUser(),
    ...(answers.auth === 'jwt' ? [keyPair(file, secrets)] : []),
    secretsInPlace(file, secrets),
    commands(file, answers),
  ];
}

function livestormToken(): NextStep {
  return {
    title: 'Livestorm: a private API token',
    lines: [
      'As owner or admin of the workspace, with the scope "Events: write". It is shown once.',
      'No other scope is needed.',
    ],
  };
}

const FLOW_LINES: Readonly<Record<string, readonly string[]>> = {
  jwt: [
    'OAuth scopes: api, pardot_api, refresh_token. Flow: JWT bearer, with the certificate of step 4.',
    'Policy: admin approved users are pre-authorized, with a permission set or profile of the API user.',
  ],
  client_credentials: [
    'OAuth scopes: api, pardot_api. Flow: client credentials, with the API user as run-as user.',
    'Whether Account Engagement takes such tokens depends on that user; doctor tells. jwt is the proven way.',
  ],
  refresh_token: [
    'OAuth scopes: api, pardot_api, refresh_token. Log in once as the API user and keep the refresh token.',
    'If the app wants its secret, add the line client_secret to the configuration.',
  ],
};

function clientApp({ auth = '' }: Answers): NextStep {
  return {
    title: 'Salesforce: an External Client App',
    lines: [
      'Setup › External Client App Manager, distribution Local. A Connected App that exists will do.',
      ...(FLOW_LINES[auth] ?? []),
    ],
  };
}

function apiUser(): NextStep {
  return {
    title: 'Salesforce and Account Engagement: the API user',
    lines: [
      'API Enabled, Marketing User ticked, and the permission set Livestorm_Pardot_Connector',
      '(config/salesforce-metadata): create and edit on Campaign, and the field for the session id.',
      'Synchronised into the business unit, with the role Administrator there, or one with its abilities.',
    ],
  };
}

function keyPair(file: string, secrets: SecretPlan): NextStep {
  const plan = secrets.get('salesforce.private_key');
  const path = plan && plan.source !== 'env' ? besides(file, plan.name) : 'salesforce-private-key';
  return {
    title: 'The key pair',
    lines: [
      'openssl req -x509 -newkey rsa:2048 -nodes -days 730 -subj /CN=livestorm-pardot \\',
      `  -keyout ${path} -out salesforce-certificate.crt`,
      'Upload the certificate to the app; the key stays here.',
    ],
  };
}

function secretsInPlace(file: string, secrets: SecretPlan): NextStep {
  const lines = [...secrets].map(([path, { source, name }]) => {
    if (source === 'env') return `${path}: in the environment variable ${name}`;
    return `${path}: ${besides(file, name)}, mode 0600`;
  });
  const [first] = secrets.values();
  const how = {
    credential: [
      'systemd hands them over by these names: the unit has LoadCredential= for livestorm-token and',
      'salesforce-private-key; add a line for any other. In a shell, this folder is $CREDENTIALS_DIRECTORY.',
    ],
    file: ['install -m 0600 /dev/stdin FILE   takes what you paste, until Ctrl-D; chown it to the service.'],
    env: ['Through EnvironmentFile= with mode 0600, so that they stay out of units and shell histories.'],
  };
  return { title: 'The secrets', lines: [...lines, ...(first ? how[first.source] : [])] };
}

function commands(file: string, { secrets }: Answers): NextStep {
  const path = resolve(file);
  const credentials = secrets === 'credential' ? ` CREDENTIALS_DIRECTORY=${dirname(path)}` : '';
  return {
    title: 'Then',
    lines: [
      `export LIVESTORM_PARDOT_CONFIG=${path}${credentials}`,
      'livestorm-pardot check-config    every problem of the file, and of the secrets',
      'livestorm-pardot setup           what Salesforce and Account Engagement lack; --apply creates it',
      'livestorm-pardot doctor          everything that can be looked at without writing',
      'livestorm-pardot run --dry-run   what the first pass would do',
    ],
  };
}

function besides(file: string, name: string): string {
  return isAbsolute(name) ? name : join(dirname(resolve(file)), name);
}
