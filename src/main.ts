#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { destination } from 'pino';
import { findCommand, overview } from './cli/commands.ts';
import { EXIT, type Terminal } from './cli/terminal.ts';
import { renderProblems } from './config/render.ts';
import { AlreadyRunningError, AppError, ConfigError } from './errors.ts';

/** The only place that touches the process: arguments in, exit code out. */
async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    process.stdout.write(`${version()}\n`);
    return EXIT.ok;
  }
  const command = findCommand(name ?? '');
  if (!command) {
    const isHelp = name === '--help' || name === 'help';
    process[isHelp ? 'stdout' : 'stderr'].write(overview(isHelp ? undefined : name));
    return isHelp ? EXIT.ok : EXIT.usage;
  }
  return await command.run(rest, terminal());
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

/** Says what went wrong and what to do; a bug shows its stack. */
function fail(error: unknown): number {
  if (error instanceof ConfigError) {
    process.stderr.write(`${renderProblems(error)}\n${error.message}\n`);
    return EXIT.configuration;
  }
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`);
  return error instanceof AlreadyRunningError ? EXIT.temporary : EXIT.failure;
}

process.exitCode = await main(process.argv.slice(2)).catch(fail);
