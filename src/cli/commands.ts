import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { checkConfigCommand } from './check-config.ts';
import { demoCommand } from './demo.ts';
import { runCommand } from './run.ts';
import { sandboxCommand } from './sandbox.ts';
import { setupCommand } from './setup.ts';
import { statusCommand } from './status.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Returns the exit code. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

interface Definition {
  readonly name: string;
  readonly summary: string;
  /** Option → what it does; the type of the value stands in `options`. */
  readonly help: Readonly<Record<string, string>>;
  readonly options: ParseArgsOptionsConfig;
  readonly run: (values: Values, terminal: Terminal) => Promise<number>;
}

const CONFIG = { config: { type: 'string', short: 'c' } } as const;
const JSON_OUT = { json: { type: 'boolean' } } as const;
const CONFIG_HELP = {
  'config FILE': 'the configuration (default: $LIVESTORM_PARDOT_CONFIG or config.yaml)',
};
const JSON_HELP = { json: 'print JSON instead of text' };

const DEFINITIONS: readonly Definition[] = [
  {
    name: 'run',
    summary: 'run the connector until it is told to stop',
    options: { ...CONFIG, once: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
    help: {
      ...CONFIG_HELP,
      once: 'one complete pass, then end; exit code 1 if a part of it failed',
      'dry-run': 'one pass that reads and plans, sends no write to any vendor, and prints what it would send',
    },
    run: (values, terminal) =>
      runCommand(
        {
          config: configFile(values, terminal),
          once: values.once === true,
          dryRun: values['dry-run'] === true,
        },
        terminal,
      ),
  },
  {
    name: 'check-config',
    summary: 'check the configuration and show every problem at once',
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...JSON_HELP },
    run: (values, terminal) =>
      checkConfigCommand({
        file: configFile(values, terminal),
        env: terminal.env,
        write: terminal.write,
        writeError: terminal.writeError,
        json: values.json === true,
      }),
  },
  {
    name: 'setup',
    summary: 'show what Salesforce and Account Engagement lack, and with --apply create it',
    options: {
      ...CONFIG,
      ...JSON_OUT,
      apply: { type: 'boolean' },
      'extension-id': { type: 'string' },
    },
    help: {
      ...CONFIG_HELP,
      apply: 'create what the APIs allow; without it nothing is written',
      'extension-id ID': 'id of the marketing app extension, for orgs whose queries do not find it',
      ...JSON_HELP,
    },
    run: (values, terminal) =>
      setupCommand(
        {
          config: configFile(values, terminal),
          apply: values.apply === true,
          json: values.json === true,
          extensionId: typeof values['extension-id'] === 'string' ? values['extension-id'] : undefined,
        },
        terminal,
      ),
  },
  {
    name: 'status',
    summary: 'show how flows, vendors and sessions stand',
    options: { ...CONFIG, ...JSON_OUT },
    help: { ...CONFIG_HELP, ...JSON_HELP },
    run: (values, terminal) =>
      statusCommand({ config: configFile(values, terminal), json: values.json === true }, terminal),
  },
  {
    name: 'demo',
    summary: 'play a webinar on a local sandbox, without any account',
    options: { keep: { type: 'boolean' } },
    help: { keep: 'leave sandbox and connector running afterwards and print the pages to open' },
    run: (values, terminal) => demoCommand({ keep: values.keep === true }, terminal),
  },
  {
    name: 'sandbox',
    summary: 'run a local Livestorm, Pardot and Salesforce with a control page',
    options: { dir: { type: 'string' }, 'any-port': { type: 'boolean' }, bare: { type: 'boolean' } },
    help: {
      'dir FOLDER': 'where to write its credentials and a configuration (default: data/sandbox)',
      'any-port': 'take any free ports instead of 4100 to 4103',
      bare: 'with nothing prepared in Salesforce and Pardot, to try setup',
    },
    run: (values, terminal) => runSandbox(values, terminal),
  },
];

export function findCommand(name: string): Command | undefined {
  const definition = DEFINITIONS.find((candidate) => candidate.name === name);
  return definition && { ...definition, run: (args, terminal) => runDefinition(definition, args, terminal) };
}

/** What there is; names the mistake first when there was one. */
export function overview(unknownName?: string): string {
  const width = Math.max(...DEFINITIONS.map(({ name }) => name.length));
  return [
    ...(unknownName ? [`unknown command: ${unknownName}`, ''] : []),
    'livestorm-pardot COMMAND [OPTIONS]',
    '',
    ...DEFINITIONS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'livestorm-pardot COMMAND --help tells the options of a command.',
    '',
  ].join('\n');
}

async function runDefinition(
  definition: Definition,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const options = { ...definition.options, help: { type: 'boolean', short: 'h' } } as const;
  let values: Values;
  try {
    values = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values as Values;
  } catch (error) {
    terminal.writeError(`${(error as Error).message}\n\n${usage(definition)}`);
    return EXIT.usage;
  }
  if (values.help === true) {
    terminal.write(usage(definition));
    return EXIT.ok;
  }
  return await definition.run(values, terminal);
}

function usage({ name, summary, help }: Definition): string {
  const width = Math.max(...Object.keys(help).map((option) => option.length));
  const lines = Object.entries(help).map(([option, text]) => `  --${option.padEnd(width)}  ${text}`);
  return `livestorm-pardot ${name}: ${summary}\n\n${lines.join('\n')}\n`;
}

function configFile(values: Values, terminal: Terminal): string {
  return typeof values.config === 'string'
    ? values.config
    : (terminal.env.LIVESTORM_PARDOT_CONFIG ?? 'config.yaml');
}

async function runSandbox(values: Values, terminal: Terminal): Promise<number> {
  const stop = new AbortController();
  terminal.onSignal((signal) => {
    if (signal === 'stop') stop.abort();
  });
  const isAnyPort = values['any-port'] === true;
  const ports = isAnyPort
    ? { pages: 0, livestorm: 0, pardot: 0, salesforce: 0 }
    : { pages: 4100, livestorm: 4101, pardot: 4102, salesforce: 4103 };
  return await sandboxCommand({
    ports,
    write: (line) => terminal.write(`${line}\n`),
    signal: stop.signal,
    dir: typeof values.dir === 'string' ? values.dir : 'data/sandbox',
    bare: values.bare === true,
  }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
    terminal.writeError(
      'one of the ports 4100 to 4103 is taken\n  stop what uses it, or start with --any-port\n',
    );
    return EXIT.failure;
  });
}
