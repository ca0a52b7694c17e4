import { createHook } from '../../clients/hook.ts';
import { systemClock } from '../../clock.ts';
import { type Config, secretsOf } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import { createDaemon, createDispatcher, type Daemon, type RunReport } from '../../daemon.ts';
import { AppError, ConfigError } from '../../errors.ts';
import { createLogger, type Logger } from '../../logger.ts';
import { createNotifier, type Notify } from '../../notify.ts';
import { Status } from '../../status/status.ts';
import { InstanceLock } from '../../store/instance-lock.ts';
import { lockFile, openStore, openStoreCopy, type Store } from '../../store/store.ts';
import { watch, watchdogMs } from '../../watchdog.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { renderPlan } from './plan-view.ts';

export interface RunOptions {
  readonly config: string;
  readonly once: boolean;
  readonly dryRun: boolean;
}

/**
 * `run`: the daemon until it is told to stop; with `once` a single pass; with `dryRun` a single pass on a copy of the
 * state that sends no write to any vendor and prints what it would send. Returns the exit code; rejects with
 * `ConfigError`, `AlreadyRunningError` or `StateError` before anything was written.
 */
export async function runCommand(options: RunOptions, terminal: Terminal): Promise<number> {
  const config = await loadConfig(options.config, terminal.env);
  if (options.dryRun) return await dryRun(config, terminal);
  using _lock = InstanceLock.take(lockFile(config.stateDir));
  using store = openStore(config.stateDir);
  if (options.once) return await runOnce(config, store, terminal);
  await new Service(options.config, config, store, terminal).run();
  return EXIT.ok;
}

async function runOnce(config: Config, store: Store, terminal: Terminal): Promise<number> {
  const daemon = build(config, store, createLog(config, store, terminal));
  terminal.onSignal((signal) => {
    if (signal === 'stop') daemon.abort();
  });
  return report(await daemon.runOnce({ forced: true }), terminal);
}

async function dryRun(config: Config, terminal: Terminal): Promise<number> {
  // Salesforce may rotate a refresh token at its use: then the copy alone would know the new one.
  const refreshToken =
    config.salesforce.auth.kind === 'refresh_token' ? config.salesforce.auth.refreshToken : null;
  using _lock = refreshToken && InstanceLock.take(lockFile(config.stateDir));
  using store = openStoreCopy(config.stateDir);
  const log = createLog(config, store, terminal);
  const daemon = build(config, store, log, { dryRun: true });
  const code = report(await daemon.runOnce({ forced: true }), terminal);
  if (refreshToken) {
    const configured = refreshToken.reveal();
    using own = openStore(config.stateDir);
    own.meta.keepRefreshToken(configured, store.meta.newestRefreshToken(configured));
  }
  terminal.write(renderPlan(store));
  return code;
}

function report({ failures }: RunReport, terminal: Terminal): number {
  for (const { job, error } of failures) {
    const known = error instanceof AppError ? error : undefined;
    terminal.writeError(`${job}: ${known?.message ?? 'unexpected error, see the log'}\n`);
    if (known?.hint) terminal.writeError(`  ${known.hint}\n`);
  }
  return failures.length === 0 ? EXIT.ok : EXIT.failure;
}

function createLog(config: Config, store: Store, terminal: Terminal): Logger {
  return createLogger(terminal.logs, {
    level: config.logging.level,
    secrets: secretsOf(config),
    now: systemClock.now,
    personKey: store.meta.personKey(),
  });
}

function build(config: Config, store: Store, log: Logger, options: { dryRun?: boolean } = {}): Daemon {
  return createDaemon({ config, store, clock: systemClock, log, dispatcher: createDispatcher(), ...options });
}

/** The running service: one daemon at a time, replaced when a new configuration is valid. */
class Service {
  readonly #file: string;
  readonly #store: Store;
  readonly #terminal: Terminal;
  readonly #notify: Notify;
  #config: Config;
  #log: Logger;
  #daemon: Daemon;
  #status: Status | undefined;

  constructor(file: string, config: Config, store: Store, terminal: Terminal) {
    this.#file = file;
    this.#store = store;
    this.#terminal = terminal;
    this.#config = config;
    this.#log = createLog(config, store, terminal);
    this.#daemon = build(config, store, this.#log);
    this.#notify = createNotifier(terminal.env, this.#log);
  }

  /**
   * Resolves when it has been told to stop and everything under way has ended. Rejects when the state could not be used
   * while a new configuration was put in place: then nobody is at work, and whoever runs the program starts it again.
   */
  async run(): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    let reloading = Promise.resolve();
    let stops = 0;
    this.#terminal.onSignal((signal) => {
      if (signal === 'reload') {
        reloading = reloading.then(() => (stops === 0 ? this.#reload() : undefined));
        reloading.catch(stopped.reject);
      } else if (++stops === 1) stopped.resolve();
      else this.#daemon.abort();
    });
    for (const warning of this.#config.warnings) this.#log.warn({ file: this.#file }, warning);
    this.#status = await this.#createStatus();
    this.#daemon.start();
    this.#log.info({ file: this.#file }, 'started');
    this.#notify('READY=1', 'STATUS=running');
    const watched = new AbortController();
    const watching = this.#watch(watched.signal);
    try {
      await stopped.promise;
      await reloading;
      this.#log.info({}, 'draining');
      this.#notify('STOPPING=1', 'STATUS=finishing what is under way');
      await this.#daemon.drain();
    } finally {
      watched.abort();
      await watching;
      await this.#status[Symbol.asyncDispose]();
    }
    this.#log.info({}, 'stopped');
  }

  /** Also while it drains: that is no reason to be stopped. */
  async #watch(signal: AbortSignal): Promise<void> {
    const withinMs = watchdogMs(this.#terminal.env);
    if (withinMs === undefined) return;
    const parts = {
      clock: systemClock,
      log: this.#log,
      notify: this.#notify,
      stuck: () => this.#daemon.stuck(),
      beat: (nowMs: number) => this.#store.meta.beat(nowMs),
      signal,
    };
    await watch(parts, withinMs);
  }

  async #createStatus(): Promise<Status> {
    return await Status.start({
      config: this.#config,
      store: this.#store,
      clock: systemClock,
      log: this.#log,
      hook: (address) => createHook(address, { clock: systemClock, dispatcher: createDispatcher() }),
      daemon: this.#daemon,
      resources: this.#terminal.resources,
    });
  }

  /** Validates first; whatever is wrong with the new file, the old configuration goes on. */
  async #reload(): Promise<void> {
    const config = await this.#usableConfig();
    if (!config) return;
    await this.#daemon.drain();
    await this.#status?.[Symbol.asyncDispose]();
    this.#config = config;
    this.#log = createLog(config, this.#store, this.#terminal);
    this.#daemon = build(config, this.#store, this.#log);
    this.#daemon.start();
    this.#status = await this.#createStatus();
    this.#log.info({ file: this.#file }, 'new configuration applied');
  }

  async #usableConfig(): Promise<Config | undefined> {
    try {
      const config = await loadConfig(this.#file, this.#terminal.env);
      if (config.stateDir !== this.#config.stateDir) {
        throw new ConfigError(
          [{ path: 'state_dir', message: 'cannot change while running', fix: 'restart the service' }],
          { file: this.#file },
        );
      }
      return config;
    } catch (error) {
      this.#log.error(
        { file: this.#file, err: error },
        'the new configuration is not used, the old one goes on',
      );
      if (error instanceof ConfigError) {
        for (const { path, message, fix, line } of error.problems) {
          this.#terminal.writeError(`${this.#file}:${line ?? '?'} ${path}: ${message}; ${fix}\n`);
        }
      }
      return undefined;
    }
  }
}
