import { systemClock } from '../../clock.ts';
import type { Config } from '../../config/config.ts';
import type { Explanation } from '../../config/explain.ts';
import { loadConfig, loadExplanation } from '../../config/load.ts';
import type { Finding, Verdict } from '../../doctor/finding.ts';
import { ok, verdictOf } from '../../doctor/finding.ts';
import { checkFiles } from '../../doctor/secret-files.ts';
import { tellService } from '../../doctor/service.ts';
import { checkStateDir, isInUse } from '../../doctor/state-dir.ts';
import { readSystemdVersion, tellSystemd } from '../../doctor/systemd.ts';
import { ConfigError, StateError } from '../../errors.ts';
import type { JobRun } from '../../store/job-runs.ts';
import { openStoreReadOnly } from '../../store/store.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { checkVendors } from './doctor-vendors.ts';
import { type DoctorView, doctorJson, renderDoctor } from './doctor-view.ts';

export interface DoctorOptions {
  readonly config: string;
  readonly json: boolean;
  /** Leave out of the text what is ok. */
  readonly quiet: boolean;
  /** Look at this machine alone. */
  readonly offline: boolean;
}

const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  ok: EXIT.ok,
  warnings: EXIT.partial,
  problems: EXIT.failure,
  temporary: EXIT.temporary,
  permission: EXIT.permission,
  configuration: EXIT.configuration,
};

/**
 * `doctor`: looks at the configuration, this machine and the vendors without writing to any, and says what is wrong,
 * what comes of it and how to mend it. Works beside the running daemon. Returns the exit code: 0 nothing is wrong, 3
 * warnings alone, 78, 77, 1 or 75 by the problem that has to be solved first.
 */
export async function doctorCommand(options: DoctorOptions, terminal: Terminal): Promise<number> {
  const view = await examine(options, terminal);
  terminal.write(
    options.json ? `${JSON.stringify(doctorJson(view), null, 2)}\n` : renderDoctor(view, options.quiet),
  );
  return EXIT_CODES[verdictOf(view.findings)];
}

async function examine({ config: file, offline }: DoctorOptions, terminal: Terminal): Promise<DoctorView> {
  const { config, explanation, findings } = await readConfiguration(file, terminal);
  const machine = explanation ? await checkMachine(file, explanation, terminal) : [];
  if (!config || offline) return { findings: [...findings, ...machine], calls: null };
  const abort = new AbortController();
  terminal.onSignal((signal) => {
    if (signal === 'stop') abort.abort(new Error('told to stop'));
  });
  const vendors = await checkVendors(config, terminal.clock ?? systemClock, abort.signal);
  return { findings: [...findings, ...machine, ...vendors.findings], calls: vendors.calls };
}

interface Configuration {
  /** Null when it cannot be used. */
  readonly config: Config | null;
  /** Null when not even the file can be read; secrets need not be at hand. */
  readonly explanation: Explanation | null;
  readonly findings: readonly Finding[];
}

async function readConfiguration(file: string, { env }: Terminal): Promise<Configuration> {
  try {
    const config = await loadConfig(file, env);
    const explanation = await loadExplanation(file, env);
    return { config, explanation, findings: [ok(AREA, file, 'valid'), ...config.warnings.map(tellWarning)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const explanation = await loadExplanation(file, env).catch(() => null);
    return {
      config: null,
      explanation,
      findings: error.problems.map((problem) => tellProblem(file, problem)),
    };
  }
}

const AREA = 'configuration';

function tellWarning(warning: string): Finding {
  return { area: AREA, level: 'warning', what: 'Warning', found: warning };
}

function tellProblem(file: string, problem: ConfigError['problems'][number]): Finding {
  const { path, message, fix, line, column } = problem;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return {
    ...{ area: AREA, level: 'problem', fix },
    what: path === '' ? place : `${place} ${path}`,
    found: message,
    why: 'The connector does not start with this file.',
    cause: 'configuration',
  };
}

async function checkMachine(
  file: string,
  { values }: Explanation,
  { clock = systemClock, env }: Terminal,
): Promise<Finding[]> {
  const stateDir = String(values.find(({ path }) => path === 'state_dir')?.value);
  return [
    ...tellSystemd(await readSystemdVersion(), values),
    ...(await checkFiles(file, values, env.CREDENTIALS_DIRECTORY)),
    ...(await checkStateDir(stateDir)),
    ...tellService(await isInUse(stateDir), lastRuns(stateDir), clock.now()),
  ];
}

/** None where there is no state that can be read: that is told elsewhere. */
function lastRuns(stateDir: string): JobRun[] {
  try {
    using store = openStoreReadOnly(stateDir);
    return store.jobRuns.all();
  } catch (error) {
    if (error instanceof StateError) return [];
    throw error;
  }
}
