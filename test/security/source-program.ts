import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '../support/environment.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program from its sources, in a process of its own, to its end; `before` is JavaScript that runs first. */
export async function runSource(
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; before?: string } = {},
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'livestorm-pardot-before-'));
  const first = join(folder, 'first.mjs');
  writeFileSync(first, options.before ?? '');
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', first, 'src/main.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(options.env),
  });
  const read = (stream: NodeJS.ReadableStream): (() => string) => {
    const chunks: string[] = [];
    stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    return () => chunks.join('');
  };
  const [stdout, stderr] = [read(child.stdout), read(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  rmSync(folder, { recursive: true });
  return { code, stdout: stdout(), stderr: stderr() };
}
