import { rmSync } from 'node:fs';
import { type Clock, SECOND } from '../clock.ts';
import { AlreadyRunningError, AppError, BusyError } from '../errors.ts';
import type { Erasure } from '../store/erasure.ts';
import { InstanceLock } from '../store/instance-lock.ts';
import { lockFile, openBackup, openStoreBeside, type Store, stateFile } from '../store/store.ts';
import { backupsIn, leftoversIn } from './backup-folder.ts';
import { hasTraceOf } from './traces.ts';

export interface ForgetParts {
  readonly stateDir: string;
  readonly clock: Clock;
  /** Ends the wait for requests under way. */
  readonly signal?: AbortSignal;
}

/** A file that was searched byte by byte after the erasure. */
export interface CleanedFile {
  readonly file: string;
  /** Why it may still hold the address; null when it does not. */
  readonly trouble: string | null;
  /** Whether trying again may help. */
  readonly isBusy: boolean;
}

export interface ForgottenPerson {
  /** What the state held; backups held the same or less. */
  readonly erasure: Erasure;
  /** Texts of others that named the address. */
  readonly mentions: number;
  readonly files: readonly CleanedFile[];
}

/** Most requests end within this time. */
const PATIENCE = 10 * SECOND;

/**
 * Erases a person from the state and from the backups in its folder, beside a running daemon too. What was about to be
 * sent is not sent any more. Rejects with `BusyError`, before anything was erased, while a request about the person is
 * on its way.
 *
 * @param key the address as `emailKey` gives it.
 */
export async function forgetPerson(key: string, parts: ForgetParts): Promise<ForgottenPerson> {
  const { stateDir, clock } = parts;
  using lock = lockUnlessRunning(stateDir);
  using store = openStoreBeside(stateDir);
  // Without a daemon nothing is on its way, whatever the last one left behind.
  const erasure = lock ? store.keeping.erase(key, clock.now()) : await eraseBeside(store, key, parts);
  const mentions = store.keeping.replaceMentions(key);
  for (const file of leftoversIn(stateDir, lock === undefined)) rmSync(file, { force: true });
  const backups = backupsIn(stateDir).map((file) => forgetInBackup(file, key, clock.now()));
  return { erasure, mentions, files: [clean(store, key, stateFile(stateDir)), ...backups] };
}

/** Undefined beside a running daemon. While it is held none starts. */
function lockUnlessRunning(stateDir: string): InstanceLock | undefined {
  try {
    return InstanceLock.take(lockFile(stateDir));
  } catch (error) {
    if (error instanceof AlreadyRunningError) return undefined;
    throw error;
  }
}

/** Waits for requests under way: what they bring back would be stored after the erasure. */
async function eraseBeside(store: Store, key: string, { clock, signal }: ForgetParts): Promise<Erasure> {
  const startedMs = clock.monotonic();
  for (;;) {
    const result = store.transaction(() => {
      const kinds = store.keeping.workUnderWay(key, clock.now());
      return kinds.length > 0 ? { kinds } : { erasure: store.keeping.erase(key, clock.now()) };
    });
    if (result.erasure) return result.erasure;
    if (clock.monotonic() - startedMs >= PATIENCE) {
      throw new BusyError(
        `a request about this person is on its way (${result.kinds.join(', ')}); nothing was erased`,
        { hint: 'try again in a minute; while a flow is paused, stop the service first' },
      );
    }
    await clock.sleep(SECOND / 2, signal);
  }
}

/** A backup becomes one of the present version by it, if it is older. */
function forgetInBackup(file: string, key: string, nowMs: number): CleanedFile {
  try {
    using backup = openBackup(file);
    backup.keeping.erase(key, nowMs);
    backup.keeping.replaceMentions(key);
    return clean(backup, key, file);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { file, trouble: error.message, isBusy: false };
  }
}

/** Empties the write-ahead log and looks whether anything of the address is left on disk. */
function clean(store: Store, key: string, file: string): CleanedFile {
  const longer = store.keeping.longerAddresses(key);
  const isLogEmpty = store.keeping.emptyLog();
  if (!isLogEmpty) return { file, trouble: 'another process reads from it right now', isBusy: true };
  const isLeft = [file, `${file}-wal`, `${file}-shm`].some((path) => hasTraceOf(path, key, longer));
  if (!isLeft) return { file, trouble: null, isBusy: false };
  return { file, trouble: 'the address is still in its bytes', isBusy: false };
}
