import type { CallHook } from '../clients/hook.ts';
import { type Clock, MINUTE, SECOND } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import type { Store } from '../store/store.ts';
import { Alerts } from './alerts.ts';
import type { DaemonSigns } from './flows.ts';
import { Heartbeat } from './heartbeat.ts';
import { createReaders, type Readers } from './overview.ts';
import type { Resources } from './resources.ts';
import { answering } from './routes.ts';
import { StatusServer } from './server.ts';
import { keepTally } from './tally.ts';

export interface StatusParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** How an address of the admin's own is called. */
  readonly hook: (address: string) => CallHook;
  readonly daemon: DaemonSigns;
  readonly resources?: (() => Resources) | undefined;
}

const LOOK_EVERY = 5 * SECOND;
const KEEP_EVERY = 5 * MINUTE;
/** A start has work to catch up with before anything can be said to lag. */
const SETTLE = 2 * MINUTE;

/** What others see of the running daemon: the page, health, metrics, heartbeat and alerts. */
export class Status {
  readonly #parts: StatusParts;
  readonly #readers: Readers;
  readonly #stopped = new AbortController();
  #server: StatusServer | undefined;
  #looking: Promise<void> = Promise.resolve();

  private constructor(parts: StatusParts) {
    const { store, clock, daemon, resources, config } = parts;
    this.#parts = parts;
    this.#readers = createReaders({ store, clock, daemon, resources }, config.status);
  }

  /** Begins to listen and to look. An address that cannot be had is logged; the daemon works without the page. */
  static async start(parts: StatusParts): Promise<Status> {
    const status = new Status(parts);
    await status.#listen();
    status.#looking = status.#look();
    return status;
  }

  /** As `127.0.0.1:9464` or the path of the socket; undefined without a page. */
  get address(): string | undefined {
    return this.#server?.address;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#looking;
    await this.#server?.[Symbol.asyncDispose]();
  }

  async #listen(): Promise<void> {
    const { config, store, clock, log, daemon } = this.#parts;
    const { listen, token } = config.status;
    if (!listen) return;
    const answer = answering({
      store,
      clock,
      token: token?.reveal() ?? null,
      ...this.#readers,
      stuck: () => daemon.stuck(),
    });
    try {
      this.#server = await StatusServer.listen(listen, answer, log);
      log.info({ state: this.#server.address }, 'the status page is there');
    } catch (error) {
      log.error(
        { err: error },
        'the status page cannot listen there (status.listen), the rest works without it',
      );
    }
  }

  /** Until it is stopped. Whatever goes wrong here is logged and never ends the daemon. */
  async #look(): Promise<void> {
    const { store, clock, log } = this.#parts;
    const { signal } = this.#stopped;
    const outward = this.#outward();
    const startedAt = clock.monotonic();
    let keepAt = startedAt;
    while (!signal.aborted) {
      try {
        if (clock.monotonic() >= keepAt) {
          keepTally(store, clock.now());
          keepAt = clock.monotonic() + KEEP_EVERY;
        }
        await outward.heartbeat?.beat(signal);
        if (clock.monotonic() - startedAt >= SETTLE)
          await outward.alerts?.tell(this.#readers.watched().problems, signal);
      } catch (error) {
        log.error({ err: error }, 'heartbeat and alerts cannot be told from the state');
      }
      await clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
    }
  }

  #outward(): { heartbeat?: Heartbeat; alerts?: Alerts } {
    const { config, store, clock, log, hook, daemon } = this.#parts;
    const { heartbeatUrl, alertUrl } = config.status;
    return {
      ...(heartbeatUrl && {
        heartbeat: new Heartbeat({
          ...{ clock, log, daemon, runs: () => store.jobRuns.all() },
          call: hook(heartbeatUrl.reveal()),
        }),
      }),
      ...(alertUrl && { alerts: new Alerts({ store, clock, log, call: hook(alertUrl.reveal()) }) }),
    };
  }
}
