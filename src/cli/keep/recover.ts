import { LivestormClient } from '../../clients/livestorm.ts';
import { PardotClient } from '../../clients/pardot.ts';
import { isoSeconds, systemClock } from '../../clock.ts';
import { createConnections } from '../../composition.ts';
import { type Config, secretsOf } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import { createDaemon, createDispatcher, type DaemonParts } from '../../daemon.ts';
import { UsageError } from '../../errors.ts';
import type { Run } from '../../job.ts';
import { createLogger, type Logger } from '../../logger.ts';
import { type Recovered, recoverFromVendors } from '../../recovery/recover.ts';
import { InstanceLock } from '../../store/instance-lock.ts';
import { lockFile, openStore, type Store } from '../../store/store.ts';
import { people, tell } from '../beside.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

export interface RecoverOptions {
  readonly config: string;
  readonly json: boolean;
  /** ISO 8601 with a zone; absent when nobody knows. */
  readonly lostAt: string | undefined;
}

/** What `recover --json` prints. */
interface RecoverView {
  readonly activated_at: string | null;
  readonly links: number;
  readonly links_added: number;
  readonly sessions_gone: readonly string[];
  readonly people_known: number;
  /** Submitted after the state was lost, and in no people list. */
  readonly people_to_register: number;
  /** The same, where nobody said when it was lost: they wait for `held release` or `held discard`. */
  readonly people_held: number;
  /** Of them those who had submitted before the state was lost. */
  readonly people_discarded: number;
  /** Jobs that could not read everything. */
  readonly failed: readonly string[];
}

/**
 * `recover`: rebuilds what the state should know from what the vendors have. Sends no write to any vendor. Returns 0,
 * or 3 when a part could not be read. Rejects with `AlreadyRunningError` while the daemon runs.
 */
export async function recoverCommand(options: RecoverOptions, terminal: Terminal): Promise<number> {
  const lostAtMs = options.lostAt === undefined ? undefined : readInstant(options.lostAt);
  const config = await loadConfig(options.config, terminal.env);
  using _lock = InstanceLock.take(lockFile(config.stateDir));
  using store = openStore(config.stateDir);
  const clock = terminal.clock ?? systemClock;
  const dispatcher = createDispatcher();
  const abort = new AbortController();
  terminal.onSignal((signal) => {
    if (signal === 'stop') abort.abort(new Error('told to stop'));
  });
  try {
    const log = quietLog(config, store, terminal, () => clock.now());
    const parts = { config, store, clock, log, dispatcher };
    const { recovered, failed } = await recoverState(parts, abort.signal);
    const [held, discarded] =
      lostAtMs === undefined
        ? [store.keeping.holdRequests(clock.now()), 0]
        : [0, store.keeping.discardRequestsBefore(lostAtMs, clock.now())];
    const view = viewOf(store, recovered, { held, discarded, failed });
    tell(options, terminal, view, render(view));
    return failed.length === 0 ? EXIT.ok : EXIT.partial;
  } finally {
    await dispatcher.close();
  }
}

/** Links and people first; then one pass that reads and decides everything else, and sends nothing. */
export async function recoverState(
  parts: DaemonParts,
  signal: AbortSignal,
): Promise<{ recovered: Recovered; failed: string[] }> {
  const { livestorm, pardot } = createConnections(parts);
  const run: Run = { forced: true, stopping: () => signal.aborted, call: (work) => ({ work, signal }) };
  const recovered = await recoverFromVendors(
    {
      ...parts,
      livestorm: new LivestormClient(livestorm),
      pardot: new PardotClient(pardot),
      existingCampaigns: new Set(parts.config.links.existing.map(({ pardotCampaign }) => pardotCampaign)),
    },
    run,
  );
  const daemon = createDaemon({ ...parts, dryRun: true });
  signal.addEventListener('abort', () => daemon.abort());
  const { failures } = await daemon.runOnce({ forced: true });
  return { recovered, failed: failures.map(({ job }) => job) };
}

function readInstant(text: string): number {
  const atMs = /(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new UsageError('--lost-at takes a time with a zone, like 2026-03-02T08:00:00Z');
}

/** Only what an admin must see. */
function quietLog(config: Config, store: Store, terminal: Terminal, now: () => number): Logger {
  const destination = { write: terminal.writeError };
  const personKey = store.meta.personKey();
  return createLogger(destination, { level: 'error', secrets: secretsOf(config), now, personKey });
}

function viewOf(
  store: Store,
  { links, added, gone }: Recovered,
  { held, discarded, failed }: { held: number; discarded: number; failed: readonly string[] },
): RecoverView {
  const activatedAtMs = store.meta.activatedAtMs();
  const registrants = store.links.all().flatMap(({ sessionId }) => store.registrants.ofSession(sessionId));
  const unlisted = store.registrations
    .all()
    .filter(({ outcome }) => outcome === null)
    .filter(({ sessionId, emailKey }) => store.registrants.get(sessionId, emailKey)?.goneAtMs !== null);
  return {
    activated_at: activatedAtMs === undefined ? null : isoSeconds(activatedAtMs),
    links: links.length,
    links_added: added,
    sessions_gone: gone,
    people_known: registrants.filter(({ role }) => role === 'participant').length,
    people_to_register: unlisted.length,
    people_held: held,
    people_discarded: discarded,
    failed,
  };
}

const HELD = [
  '  They are held: whether they were registered and have left, or never were, nobody can tell.\n',
  '  See held list --people, then held release or held discard.\n',
].join('');

function render(view: RecoverView): string {
  return [
    `Active since ${view.activated_at}\n`,
    `Linked sessions found: ${view.links}, of which ${view.links_added} were not in the state\n`,
    ...view.sessions_gone.map(
      (id) => `  session ${id} has a list, but Livestorm does not show it any more\n`,
    ),
    `Registrants in their people lists: ${view.people_known}\n`,
    `Submitted and not in the people list of the session: ${people(view.people_to_register + view.people_held)}\n`,
    view.people_held > 0 ? HELD : '',
    view.people_discarded > 0
      ? `  and ${people(view.people_discarded)} who had submitted before it was lost: not registered anew\n`
      : '',
    ...view.failed.map((job) => `Not everything could be read: ${job}; run recover again\n`),
    '\nNothing was sent. The next start looks for everybody once more before it registers them.\n',
    'run --once --dry-run shows what it would send.\n',
  ].join('');
}
