import { parseArgs } from 'node:util';
import { AppError, UsageError } from '../errors.ts';
import type { Definition, Input } from './definition.ts';
import { ASKING } from './definitions/asking.ts';
import { KEEPING } from './definitions/keeping.ts';
import { MOVING } from './definitions/moving.ts';
import { PREPARING } from './definitions/preparing.ts';
import { REPAIRING } from './definitions/repairing.ts';
import { SERVICE } from './definitions/service.ts';
import { TRYING } from './definitions/trying.ts';
import { EXIT, errorJson, exitCodeOf, renderError } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** Title → commands, in the order in which they are shown. */
export const COMMANDS: Readonly<Record<string, readonly Definition[]>> = {
  Try: TRYING,
  'Set up': PREPARING,
  Run: SERVICE,
  Ask: ASKING,
  Repair: [...REPAIRING, ...MOVING],
  Keep: KEEPING,
};

const DEFINITIONS: readonly Definition[] = Object.values(COMMANDS).flat();

/** Finds, reads and runs a command; returns the exit code. Rejects only with what is a bug. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first = '', second] = args;
  const definition = find(`${first} ${second}`) ?? find(first);
  if (definition) return await runDefinition(definition, args.slice(wordsOf(definition)), terminal);
  if (first === '--help' || first === '-h' || first === 'help') {
    terminal.write(overview(DEFINITIONS));
    return EXIT.ok;
  }
  const group = DEFINITIONS.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length > 0) return tellGroup(group, args, terminal);
  terminal.writeError(`${first ? `unknown command: ${first}\n\n` : ''}${overview(DEFINITIONS)}`);
  return EXIT.usage;
}

function find(name: string): Definition | undefined {
  return DEFINITIONS.find((definition) => definition.name === name);
}

function wordsOf({ name }: Definition): number {
  return name.split(' ').length;
}

function tellGroup(group: readonly Definition[], args: readonly string[], terminal: Terminal): number {
  const [first = '', second = ''] = args;
  if (second === '--help' || second === '-h') {
    terminal.write(overview(group));
    return EXIT.ok;
  }
  terminal.writeError(`${second ? `unknown command: ${first} ${second}\n\n` : ''}${overview(group)}`);
  return EXIT.usage;
}

function overview(definitions: readonly Definition[]): string {
  const width = Math.max(...DEFINITIONS.map(({ name }) => name.length));
  const sections = Object.entries(COMMANDS).map(([title, all]) => {
    const shown = all.filter((definition) => definitions.includes(definition));
    const lines = shown.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
    return lines.length > 0 ? [title, ...lines, ''].join('\n') : '';
  });
  return [
    'livestorm-pardot COMMAND [OPTIONS]',
    '',
    ...sections.filter((section) => section !== ''),
    'livestorm-pardot COMMAND --help tells the options of a command.',
    '',
  ].join('\n');
}

async function runDefinition(
  definition: Definition,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  let input: Input & { readonly help: boolean };
  try {
    input = readInput(definition, args);
  } catch (error) {
    const wrong = new UsageError(problemOf(error as Error));
    if (args.includes('--json')) writeJson(errorJson(wrong), terminal);
    else terminal.writeError(`${wrong.message}\n\n${usage(definition)}`);
    return EXIT.usage;
  }
  if (input.help) {
    terminal.write(usage(definition));
    return EXIT.ok;
  }
  try {
    return await definition.run(input, terminal);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (input.given.json === true) writeJson(errorJson(error), terminal);
    else terminal.writeError(renderError(error));
    return exitCodeOf(error);
  }
}

/** Of an unknown option the parser goes on about arguments that begin with a dash, which no command takes. */
function problemOf({ message }: Error): string {
  return message.replace(/^(Unknown option '[^']*').*$/s, '$1');
}

function writeJson(view: object, terminal: Terminal): void {
  terminal.write(`${JSON.stringify(view, null, 2)}\n`);
}

function readInput(definition: Definition, args: readonly string[]): Input & { readonly help: boolean } {
  const options = { ...definition.options, help: { type: 'boolean', short: 'h' } } as const;
  const parsed = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  const given: Input['given'] = parsed.values;
  const { positionals } = parsed;
  const wanted = definition.positionals ?? [];
  const missing = wanted[positionals.length];
  const help = given.help === true;
  if (!help && missing && !missing.startsWith('[')) throw new Error(`${missing} is missing`);
  const extra = positionals[wanted.length];
  if (!help && extra !== undefined) throw new Error(`unexpected argument: ${extra}`);
  return { given, positionals, help };
}

/** What `--help` prints. */
export function usage(definition: Definition): string {
  const { name, summary, positionals = [], options, notes = [], exits = {} } = definition;
  const told = Object.entries(options).map(([option, { takes, help }]) => ({
    option: takes ? `${option} ${takes}` : option,
    help,
  }));
  const width = Math.max(...told.map(({ option }) => option.length), 0);
  const lines = told.map(({ option, help }) => `  --${option.padEnd(width)}  ${help}`);
  const codes = { 0: 'done', 1: 'failed', 2: 'wrong call', ...exits };
  const ends = Object.entries(codes).map(([code, text]) => `  ${code.padStart(2)}  ${text}`);
  const call = ['livestorm-pardot', name, ...positionals].join(' ');
  const more = notes.map((line) => `${line}\n`).join('');
  return `${call}: ${summary}\n\n${lines.join('\n')}\n\n${more && `${more}\n`}Exit codes\n${ends.join('\n')}\n`;
}
