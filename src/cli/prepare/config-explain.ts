import type { ExplainedValue, Explanation, ValueSource } from '../../config/explain.ts';
import { loadExplanation } from '../../config/load.ts';
import { printable } from '../../config/printable.ts';
import { EXIT } from '../exit.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export interface ConfigExplainOptions {
  readonly config: string;
  readonly json: boolean;
}

/**
 * `config explain`: the values that count and where each comes from. Shows no secret, only where it is and whether it
 * can be used from here; calls nobody, writes nothing. Rejects with `ConfigError`.
 */
export async function configExplainCommand(
  options: ConfigExplainOptions,
  terminal: Terminal,
): Promise<number> {
  const { config: file, json } = options;
  const explanation = await loadExplanation(file, terminal.env);
  terminal.write(json ? toJson(file, explanation) : render(file, explanation));
  return EXIT.ok;
}

function render(file: string, { values, warnings }: Explanation): string {
  const rows = values.map(({ path, value, source, secret, meaning }) => [
    printable(path, 80),
    show(value),
    [
      describe(source, file),
      ...(secret ? [whereabouts(secret)] : []),
      ...(meaning ? [meaning.replaceAll('`', '')] : []),
    ].join('; '),
  ]);
  const told = warnings.map((warning) => `warning: ${warning}\n`).join('');
  return table(['key', 'value', 'from'], rows) + (told && `\n${told}`);
}

function show(value: unknown): string {
  if (value === null) return '-';
  if (typeof value === 'object') {
    const text = Array.isArray(value)
      ? value.map(show).join(', ')
      : Object.entries(value).map(showPair).join(', ');
    return text === '' ? 'none' : text;
  }
  return printable(String(value), 80);
}

function showPair([name, value]: [string, unknown]): string {
  return `${name}: ${show(value)}`;
}

function describe(source: ValueSource, file: string): string {
  if (source.kind === 'file') return `${file}:${source.line}:${source.column}`;
  return source.kind === 'env' ? `$${source.name}` : 'default';
}

function whereabouts({ kind, name, problem }: NonNullable<ExplainedValue['secret']>): string {
  const place = { file: `file ${name}`, env: `$${name}`, credential: `credential ${name}` }[kind];
  return problem === null ? place : `${place}: ${problem}`;
}

function toJson(file: string, { values, warnings }: Explanation): string {
  const shown = values.map(({ path, value, source, meaning = null, secret = null }) => ({
    path,
    value,
    source,
    meaning,
    secret,
  }));
  return `${JSON.stringify({ file, values: shown, warnings }, null, 2)}\n`;
}
