import { StateBusyError, StateError } from '../errors.ts';

/** What the admin can do about an error of SQLite or the file system; anything else passes through. */
export function stateError(file: string, error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error;
  const hint = {
    EACCES: 'make the state directory writable for the daemon',
    EROFS: 'the file system is read-only; make the state directory writable for the daemon',
    EEXIST: 'state_dir must be a folder',
    ENOTDIR: 'state_dir must be a folder',
    SQLITE_BUSY: 'the daemon was writing all the time; try again',
    SQLITE_FULL: 'free space on the disk; the daemon resumes where it stopped',
    ENOSPC: 'free space on the disk, and start again',
    SQLITE_IOERR:
      'the disk refuses to read or write: check its health, quotas and limits; the daemon resumes where it stopped',
    SQLITE_READONLY: 'make the state directory writable for the daemon',
    SQLITE_CANTOPEN: 'make the state directory writable for the daemon',
    SQLITE_NOTADB: 'this is no state file; move it away or restore a backup',
    SQLITE_CORRUPT: 'restore a backup',
  }[code.split('_').slice(0, 2).join('_')];
  if (!hint) return error;
  const Kind = code.startsWith('SQLITE_BUSY') ? StateBusyError : StateError;
  return new Kind(`${file}: ${(error as Error).message}`, { hint, cause: error });
}
