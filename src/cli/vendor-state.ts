import type { Config } from '../config/config.ts';
import { InstanceLock } from '../store/instance-lock.ts';
import { lockFile, openStore, openStoreCopy, type Store } from '../store/store.ts';

/**
 * The state for a command that calls vendors: a copy, beside a running daemon. With refresh tokens the state itself,
 * since Salesforce may replace them and the daemon has to know; rejects with `AlreadyRunningError` while it runs.
 */
export function openVendorState(config: Config): Disposable & { readonly store: Store } {
  using opened = new DisposableStack();
  const isShared = config.salesforce.auth.kind === 'refresh_token';
  if (isShared) opened.use(InstanceLock.take(lockFile(config.stateDir)));
  const store = opened.use((isShared ? openStore : openStoreCopy)(config.stateDir));
  const kept = opened.move();
  return { store, [Symbol.dispose]: () => kept.dispose() };
}
