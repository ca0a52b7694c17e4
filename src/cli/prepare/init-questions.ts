import { FORMATS } from '../../config/formats.ts';
import { eachKey, SALESFORCE_AUTH_METHODS } from '../../config/key.ts';
import { SCHEMA } from '../../config/schema.ts';

/** What was answered, by the name of the option. */
export type Answers = Readonly<Record<string, string>>;

export interface Question {
  /** Also the name of the option that answers it. */
  readonly name: string;
  readonly ask: string;
  /** The key of the configuration whose rules the answer has to meet. */
  readonly key?: string;
  readonly choices?: readonly string[];
  /** Undefined: it must be answered. */
  readonly fallback?: string;
  /** Whether it matters after what was answered before. */
  readonly when?: (answers: Answers) => boolean;
}

export const SECRET_PLACES = ['credential', 'file', 'env'] as const;
const YES_OR_NO = ['yes', 'no'] as const;

/** In the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'org',
    ask: 'Which kind of Salesforce org',
    choices: ['production', 'sandbox', 'developer'],
    fallback: 'production',
  },
  {
    name: 'business-unit',
    ask: 'Id of the Account Engagement business unit (Setup › Business Unit Setup, 0Uv…)',
    key: 'pardot.business_unit_id',
  },
  {
    name: 'auth',
    ask: 'How to log in to Salesforce (jwt: with a key pair, recommended)',
    choices: SALESFORCE_AUTH_METHODS,
    fallback: 'jwt',
  },
  {
    name: 'my-domain',
    ask: 'My Domain address of the org (https://your-domain.my.salesforce.com)',
    key: 'salesforce.instance_url',
    when: ({ auth }) => auth === 'client_credentials',
  },
  {
    name: 'client-id',
    ask: 'Consumer key of the External Client App',
    key: 'salesforce.client_id',
  },
  {
    name: 'username',
    ask: 'Salesforce user to act as (its username)',
    key: 'salesforce.username',
    when: ({ auth }) => auth === 'jwt',
  },
  {
    name: 'secrets',
    ask: 'Where the secrets will be: credential (systemd), file or env',
    choices: SECRET_PLACES,
    fallback: 'credential',
  },
  {
    name: 'custom-fields',
    ask: 'Write attendance into custom fields of prospects (setup creates them)',
    choices: YES_OR_NO,
    fallback: 'yes',
  },
  {
    name: 'external-activities',
    ask: 'Tell attendance as external activities, too (Account Engagement Plus or higher)',
    choices: YES_OR_NO,
    fallback: 'no',
  },
];

/** Options that are never asked for: addresses that only a local sandbox or an unusual org has. */
export const ADDRESSES: Readonly<Record<string, string>> = {
  'livestorm-url': 'livestorm.base_url',
  'pardot-url': 'pardot.base_url',
  'login-url': 'salesforce.login_url',
  'my-domain': 'salesforce.instance_url',
};

/** What is wrong with an answer, and what to give instead; null when nothing is. */
export function problemWith(
  { choices, key: path }: Pick<Question, 'choices' | 'key'>,
  answer: string,
): string | null {
  if (choices) return choices.includes(answer) ? null : `expected one of ${choices.join(', ')}`;
  const found = [...eachKey(SCHEMA)].find((each) => each.path === path);
  if (!found) return null;
  const format = FORMATS[found.key.format];
  const [finding] = format.check(format.coerce?.(answer) ?? answer, found.key);
  return finding ? `${finding.message}: ${finding.fix}` : null;
}
