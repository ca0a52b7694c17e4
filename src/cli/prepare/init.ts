import { writeFile } from 'node:fs/promises';
import { parseStateDir } from '../../config/parse.ts';
import { ConfigError, UsageError } from '../../errors.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { planSecrets, renderAnswers, type SecretPlan } from './init-file.ts';
import { ADDRESSES, type Answers, problemWith, QUESTIONS, type Question } from './init-questions.ts';
import { type NextStep, nextSteps } from './init-steps.ts';

export interface InitOptions {
  /** To be written. */
  readonly config: string;
  /** By the name of the option, as far as given. */
  readonly given: Readonly<Record<string, string | undefined>>;
  /** Nothing is asked: what is not given has its default. */
  readonly yes: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/**
 * `init`: writes a configuration from answers, and says what to create where. Asks on a terminal; elsewhere, or with
 * `yes`, options and defaults are the answers. Returns the exit code: 0, 1 when the terminal was closed before the last
 * answer. Rejects with `UsageError` when an option is wrong or missing, with `ConfigError` when the file exists or cannot
 * be written; nothing is overwritten without `force`. Calls nobody.
 */
export async function initCommand(options: InitOptions, terminal: Terminal): Promise<number> {
  const wrong = problemsOf(options.given);
  if (wrong.length > 0) throw refusal(wrong);
  const read = options.yes ? undefined : terminal.readLine;
  const answers = read ? await ask(options.given, read, terminal) : answer(options.given);
  if (answers === null) {
    terminal.writeError('\nnothing was written\n');
    return EXIT.failure;
  }
  const missing = QUESTIONS.filter((question) => isOpen(question, answers));
  if (missing.length > 0)
    throw refusal(missing.map(({ name, ask: text }) => `--${name} is missing: ${text}`));
  const text = renderAnswers(answers);
  // Whatever the answers, the file has nothing wrong with it but the secrets that are yet to come.
  parseStateDir(text, { file: options.config, env: terminal.env });
  await writeNew(options.config, text, options.force);
  tell(options, answers, terminal);
  return EXIT.ok;
}

function isOpen({ name, when }: Question, answers: Answers): boolean {
  return answers[name] === undefined && (when?.(answers) ?? true);
}

function problemsOf(given: InitOptions['given']): string[] {
  const addresses = Object.entries(ADDRESSES).map(([name, key]) => ({ name, key }));
  return [...QUESTIONS, ...addresses.filter(({ name }) => name !== 'my-domain')].flatMap((question) => {
    const value = given[question.name];
    const problem = value === undefined ? null : problemWith(question, value);
    return problem === null ? [] : [`--${question.name}: ${problem}`];
  });
}

function refusal(problems: readonly string[]): UsageError {
  return new UsageError(problems.join('\n'), { hint: 'livestorm-pardot init --help tells the options' });
}

/** What is given, and the defaults of the rest. */
function answer(given: InitOptions['given']): Answers {
  const fallbacks = QUESTIONS.flatMap(({ name, fallback }) =>
    fallback === undefined ? [] : [[name, fallback]],
  );
  return withGiven(Object.fromEntries(fallbacks) as Answers, given);
}

function withGiven(answers: Answers, given: InitOptions['given']): Answers {
  const told = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...answers, ...Object.fromEntries(told) };
}

/** Null when the input ended before the last answer. */
async function ask(
  given: InitOptions['given'],
  readLine: NonNullable<Terminal['readLine']>,
  terminal: Terminal,
): Promise<Answers | null> {
  let answers = withGiven({}, given);
  for (const question of QUESTIONS) {
    if (!isOpen(question, answers)) continue;
    const answered = await askOne(question, readLine, terminal);
    if (answered === null) return null;
    answers = { ...answers, [question.name]: answered };
  }
  return answers;
}

async function askOne(
  question: Question,
  readLine: NonNullable<Terminal['readLine']>,
  { writeError }: Terminal,
): Promise<string | null> {
  const { ask: text, choices, fallback } = question;
  const hint = [choices?.join(', '), fallback && `default: ${fallback}`].filter(Boolean).join('; ');
  for (;;) {
    const line = await readLine(`${text}${hint && ` [${hint}]`}: `);
    if (line === null) return null;
    const answered = line.trim() || (fallback ?? '');
    const problem = problemWith(question, answered);
    if (problem === null) return answered;
    writeError(`  ${problem}\n`);
  }
}

/** The file holds no secret, and whoever runs the service must be able to read it. */
async function writeNew(file: string, text: string, force: boolean): Promise<void> {
  const problem = (message: string, fix: string): ConfigError =>
    new ConfigError([{ path: '', message, fix }], { file });
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx', mode: 0o644 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw problem('exists', 'name another file with --config, or add --force');
    throw problem(`cannot be written (${code ?? 'unknown reason'})`, 'name another file with --config');
  }
}

function tell({ config, json }: InitOptions, answers: Answers, { write }: Terminal): void {
  const secrets = planSecrets(answers);
  const steps = nextSteps(config, answers, secrets);
  write(json ? toJson(config, secrets, steps) : render(config, steps));
}

function render(file: string, steps: readonly NextStep[]): string {
  const told = steps.map(
    ({ title, lines }, index) => `${index + 1}. ${title}\n${lines.map((line) => `   ${line}\n`).join('')}`,
  );
  return `${file} is written. What is left to do:\n\n${told.join('\n')}`;
}

function toJson(file: string, secrets: SecretPlan, steps: readonly NextStep[]): string {
  const places = [...secrets].map(([path, { source, name }]) => ({ path, source, name }));
  return `${JSON.stringify({ file, secrets: places, steps }, null, 2)}\n`;
}
