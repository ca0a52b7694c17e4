import { runCommandLine } from '../../src/cli/commands.ts';
import type { Clock } from '../../src/clock.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
  /** The output of `--json`. */
  json<T>(): T;
}

/** Runs one command in this process as a terminal would, to its end; in real time unless there is a clock. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  clock?: Clock,
): Promise<Said> {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await runCommandLine(args, {
    write: (text) => out.push(text),
    writeError: (text) => errors.push(text),
    env,
    logs: { write: () => {} },
    onSignal: () => {},
    ...(clock ? { clock } : {}),
  });
  const text = out.join('');
  return { code, out: text, error: errors.join(''), json: <T>() => JSON.parse(text) as T };
}
