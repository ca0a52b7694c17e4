import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { runCommand } from '../../../src/cli/service/run.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/builders.ts';

type Signal = 'stop' | 'reload';

/** What a test sees of a service that has started. */
export interface RunningService {
  /** The file, which a test may change. */
  readonly config: string;
  readonly stateDir: string;
  readonly log: () => string;
  /** Waits for a text in the log. */
  readonly says: (text: string) => Promise<void>;
  readonly send: (signal: Signal) => void;
  /** The exit code. */
  readonly ended: Promise<number>;
}

/** The service beside a sandbox, in this process; `status` are lines of its configuration. */
export async function runningService(
  t: TestContext,
  { status = [], env = {} }: { status?: readonly string[]; env?: Record<string, string> } = {},
): Promise<RunningService> {
  const dir = temporaryFolder(t);
  const sandbox = await Sandbox.start({});
  t.after(() => sandbox[Symbol.asyncDispose]());
  const config = await sandbox.writeConfig(dir);
  if (status.length > 0) appendFileSync(config, `status:\n${status.map((line) => `  ${line}\n`).join('')}`);
  let log = '';
  let heard = Promise.withResolvers<void>();
  let send = (_signal: Signal): void => undefined;
  const hear = (text: string): void => {
    log += text;
    heard.resolve();
    heard = Promise.withResolvers();
  };
  const terminal: Terminal = {
    write: hear,
    writeError: hear,
    env,
    logs: { write: hear },
    resources: () => ({ residentBytes: 1, heapBytes: 1, cpuSeconds: 1, uptimeSeconds: 1 }),
    onSignal: (handler) => {
      send = handler;
    },
  };
  const ended = runCommand({ config, once: false, dryRun: false }, terminal);
  const says = async (text: string): Promise<void> => {
    while (!log.includes(text)) await heard.promise;
  };
  await says('"started"');
  return {
    ...{ config, stateDir: join(dir, 'state'), says, ended },
    log: () => log,
    send: (signal) => send(signal),
  };
}
