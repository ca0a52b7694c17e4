#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { destination } from 'pino';
import { runCommandLine } from './cli/commands.ts';
import { EXIT } from './cli/exit.ts';
import type { Terminal } from './cli/terminal.ts';

/** The only place that touches the process: arguments in, exit code out. */
async function main(args: readonly string[]): Promise<number> {
  if (args[0] !== '--version') return await runCommandLine(args, terminal());
  process.stdout.write(`${version()}\n`);
  return EXIT.ok;
}

function terminal(): Terminal {
  return {
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    env: process.env,
    logs: destination({ dest: 1, sync: true }),
    onSignal: (handler) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => handler('stop'));
      process.on('SIGHUP', () => handler('reload'));
    },
  };
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

process.exitCode = await main(process.argv.slice(2));
