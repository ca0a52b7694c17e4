/** The daemon of `large-session.ts` in a process of its own: skips time and does rounds when it is told to. */
import { WarpClock } from '../../src/cli/demo/warp-clock.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createDaemon, createDispatcher } from '../../src/daemon.ts';
import { openStore } from '../../src/store/store.ts';

export interface Order {
  readonly skipMs: number;
}

export interface Report {
  readonly failures: readonly string[];
  readonly peakMiB: number;
  /** Effects that are not finished. */
  readonly open: number;
}

const clock = new WarpClock();
const config = await loadConfig(process.argv[2] ?? '', {});
const store = openStore(config.stateDir);
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const daemon = createDaemon({ config, store, clock, log, dispatcher: createDispatcher() });

process.on('message', ({ skipMs }: Order) => {
  clock.skip(skipMs);
  void daemon.runOnce().then(({ failures }) => {
    const report: Report = {
      failures: failures.map(({ job, error }) => `${job}: ${error}`),
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      open: store.effects.open().length,
    };
    process.send?.(report);
  });
});
process.on('disconnect', () => process.exit());
process.send?.({ failures: [], peakMiB: 0, open: 0 } satisfies Report);
