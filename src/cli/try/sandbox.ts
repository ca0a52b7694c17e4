import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PRIVATE_KEY_FILE } from '../../sandbox/config-file.ts';
import { Sandbox, type SandboxPorts } from '../../sandbox/sandbox.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

export interface SandboxCommandOptions {
  readonly ports: SandboxPorts;
  /** Takes one line of output. */
  readonly write: (line: string) => void;
  /** Ends the sandbox. */
  readonly signal: AbortSignal;
  /** Nothing is prepared in Salesforce and Pardot. */
  readonly bare?: boolean;
  /** Where the configuration and its secrets go; when absent a temporary folder that is removed at the end. */
  readonly dir?: string;
}

const FIXED_PORTS: SandboxPorts = { pages: 4100, livestorm: 4101, pardot: 4102, salesforce: 4103 };
const ANY_PORTS: SandboxPorts = { pages: 0, livestorm: 0, pardot: 0, salesforce: 0 };

/** `sandbox` in a terminal, until it is told to stop. */
export async function runSandbox(
  options: { readonly dir: string; readonly anyPort: boolean; readonly bare: boolean },
  terminal: Terminal,
): Promise<number> {
  const stop = new AbortController();
  terminal.onSignal((signal) => {
    if (signal === 'stop') stop.abort();
  });
  return await sandboxCommand({
    ports: options.anyPort ? ANY_PORTS : FIXED_PORTS,
    write: (line) => terminal.write(`${line}\n`),
    signal: stop.signal,
    dir: options.dir,
    bare: options.bare,
  }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
    terminal.writeError(
      'one of the ports 4100 to 4103 is taken\n  stop what uses it, or start with --any-port\n',
    );
    return EXIT.failure;
  });
}

/**
 * `livestorm-pardot sandbox`: the three vendors and the control page on this machine, in real time, until the
 * signal. Starts with one published event that has one session tomorrow. Returns the exit code.
 */
export async function sandboxCommand(options: SandboxCommandOptions): Promise<number> {
  await using opened = new AsyncDisposableStack();
  const sandbox = opened.use(await Sandbox.start({ ports: options.ports, bare: options.bare ?? false }));
  addTomorrow(sandbox);
  const dir = options.dir ?? (await temporaryFolder(opened));
  // What a connector remembers of an earlier sandbox would not fit this one.
  await rm(join(dir, 'state'), { recursive: true, force: true });
  const config = await sandbox.writeConfig(dir);
  for (const line of summary(sandbox, config)) options.write(line);
  await aborted(options.signal);
  return 0;
}

async function temporaryFolder(opened: AsyncDisposableStack): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'livestorm-pardot-sandbox-'));
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** One published event with one session, on the hour, at least 24 hours from now. */
function addTomorrow(sandbox: Sandbox): void {
  const event = sandbox.livestorm.world.createEvent({
    title: 'Product tour',
    fields: [
      { id: 'email', required: true },
      { id: 'first_name' },
      { id: 'last_name' },
      { id: 'company', custom: true },
      { id: 'job_title', custom: true },
    ],
  });
  const startsAtMs = Math.ceil((sandbox.clock.now() + DAY) / HOUR) * HOUR;
  sandbox.livestorm.world.createSession(event.id, { startsAtMs });
}

function summary(sandbox: Sandbox, config: string): string[] {
  const { urls, credentials } = sandbox;
  return [
    'The sandbox is running. Nothing in it is real, and it ends with this command.',
    '',
    `Control page        ${urls.pages}/`,
    `Configuration       ${config}`,
    '',
    `Livestorm           ${urls.livestorm}`,
    `  API token         ${credentials.livestorm.apiToken}`,
    `Pardot              ${urls.pardot}`,
    `  Business unit id  ${credentials.pardot.businessUnitId}`,
    `Salesforce          ${urls.salesforce}`,
    `  Client id         ${credentials.salesforce.clientId}`,
    `  Client secret     ${credentials.salesforce.clientSecret}`,
    `  Username          ${credentials.salesforce.username}`,
    `  Refresh token     ${credentials.salesforce.refreshToken}`,
    `  Private key       ${join(dirname(config), PRIVATE_KEY_FILE)}`,
  ];
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
