import { LivestormClient } from '../clients/livestorm.ts';
import { PardotClient } from '../clients/pardot.ts';
import { PardotPeopleClient } from '../clients/pardot-people.ts';
import { systemClock } from '../clock.ts';
import { createConnections, createDispatcher } from '../composition.ts';
import type { Config } from '../config/config.ts';
import type { Call } from '../domain.ts';
import { requireState, type Store } from '../store/store.ts';
import type { Terminal } from './terminal.ts';
import { openVendorState } from './vendor-state.ts';

/** Livestorm and Account Engagement for a command that only reads them, and the state as it stands. */
export interface Vendors {
  readonly store: Store;
  readonly livestorm: LivestormClient;
  readonly pardot: PardotClient;
  readonly pardotPeople: PardotPeopleClient;
  /** As the least important work: what the daemon needs is left to it. */
  readonly call: Call;
}

/**
 * Lets `ask` read the vendors beside the running daemon, within the same limits; their calls count at the vendors, and
 * are seen there by the daemon. Rejects as clients do, with `ConfigError`, with `StateError` when there is no state, as
 * nothing could be said then, and with `AlreadyRunningError` when it would have to share a refresh token with a running
 * daemon.
 */
export async function withVendors<T>(
  config: Config,
  terminal: Terminal,
  ask: (vendors: Vendors) => Promise<T>,
): Promise<T> {
  requireState(config.stateDir);
  using state = openVendorState(config);
  const clock = terminal.clock ?? systemClock;
  const dispatcher = createDispatcher();
  const connections = createConnections({ config, store: state.store, clock, dispatcher });
  const abort = new AbortController();
  terminal.onSignal((signal) => {
    if (signal === 'stop') abort.abort(new Error('told to stop'));
  });
  try {
    return await ask({
      store: state.store,
      livestorm: new LivestormClient(connections.livestorm),
      pardot: new PardotClient(connections.pardot),
      pardotPeople: new PardotPeopleClient(connections.pardot),
      call: { work: 'backfill', signal: abort.signal },
    });
  } finally {
    await dispatcher.close();
  }
}
