#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { destination } from 'pino';
import { runCommandLine } from './cli/commands.ts';
import { EXIT } from './cli/exit.ts';
import type { Terminal } from './cli/terminal.ts';
import { placeOf } from './redact.ts';
import type { Resources } from './status/resources.ts';

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
    resources,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { readLine } : {}),
    onSignal: (handler) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => handler('stop'));
      process.on('SIGHUP', () => handler('reload'));
    },
  };
}

function resources(): Resources {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    residentBytes: rss,
    heapBytes: heapUsed,
    cpuSeconds: (user + system) / 1e6,
    uptimeSeconds: process.uptime(),
  };
}

/** The question goes to stderr, so that stdout holds the answer of the command alone. */
async function readLine(prompt: string): Promise<string | null> {
  const { createInterface } = await import('node:readline');
  const line = createInterface({ input: process.stdin, output: process.stderr });
  return await new Promise((resolve) => {
    line.once('close', () => resolve(null));
    line.question(prompt, (answer) => {
      resolve(answer);
      line.close();
    });
  });
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** A bug. Its text may hold an address or a secret, and a journal is read by many: its class and its place will do. */
function crash(error: unknown): never {
  process.stderr.write(`livestorm-pardot: an error in the program; please report it\n${placeOf(error)}\n`);
  process.exit(EXIT.failure);
}

/** Whoever read the output, as in `… | head`, has gone: there is nobody to tell anything. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') crash(error);
  process.exit(EXIT.failure);
}

process.on('uncaughtException', crash);
process.stdout.on('error', endQuietly);
process.stderr.on('error', endQuietly);
process.exitCode = await main(process.argv.slice(2)).catch(crash);
