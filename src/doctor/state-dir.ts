import { access, constants, mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AlreadyRunningError, StateError } from '../errors.ts';
import { Database } from '../store/database.ts';
import { InstanceLock } from '../store/instance-lock.ts';
import { lockFile, stateFile } from '../store/store.ts';
import { type Finding, ok } from './finding.ts';

const AREA = 'machine';
const MIB = 1024 * 1024;
const WARN_FREE = 512 * MIB;
const LEAST_FREE = 64 * MIB;
const FULL = 2;
const LOST = 'The connector cannot start, or stops: nothing is read and nobody registered.';
const OWN =
  'make the folder the service’s own: chown -R USER, chmod 700; under systemd StateDirectory= does it';

/** Folder, space, database and lock. Changes nothing that is there and leaves nothing of its own behind. */
export async function checkStateDir(stateDir: string): Promise<Finding[]> {
  const dir = resolve(stateDir);
  const found = await stat(dir).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) return [await tellMissing(dir, found)];
  if (!found.isDirectory()) return [unusable(`${dir} is not a folder`, 'name a folder in state_dir')];
  return [
    ...tellMode(dir, found.mode),
    ...(await tellOwners(dir, found.uid)),
    await tellWriting(dir),
    await tellSpace(dir),
    ...(await tellDatabase(dir)),
  ];
}

/** Null while there is no lock file: then nobody was ever here. A lock is not made for the asking. */
export async function isInUse(stateDir: string): Promise<boolean | null> {
  const file = lockFile(stateDir);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  try {
    InstanceLock.take(file)[Symbol.dispose]();
    return false;
  } catch (error) {
    if (error instanceof AlreadyRunningError) return true;
    if (error instanceof StateError) return null;
    throw error;
  }
}

function unusable(found: string, fix: string): Finding {
  return { area: AREA, level: 'problem', what: 'State folder', found, why: LOST, fix };
}

async function tellMissing(dir: string, { code }: NodeJS.ErrnoException): Promise<Finding> {
  if (code !== 'ENOENT') return unusable(`${dir} cannot be reached (${code ?? 'unknown reason'})`, OWN);
  const parent = dirname(dir);
  const canMake = await access(parent, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!canMake) return unusable(`${dir} does not exist, and this user cannot make it`, OWN);
  return ok(AREA, 'State folder', `${dir} is made at the first start`);
}

function tellMode(dir: string, mode: number): Finding[] {
  if ((mode & 0o077) === 0) return [];
  const found = `${dir} is open to others (mode ${(mode & 0o777).toString(8)})`;
  const why = 'It holds names and addresses of people.';
  return [{ area: AREA, level: 'warning', what: 'State folder', found, why, fix: `chmod 700 ${dir}` }];
}

/** A command once run as root leaves files that the service may not write. */
async function tellOwners(dir: string, uid: number): Promise<Finding[]> {
  const files = [stateFile(dir), `${stateFile(dir)}-wal`, lockFile(dir)];
  const owners = await Promise.all(files.map((file) => stat(file).catch(() => null)));
  const foreign = files.filter((_, index) => (owners[index]?.uid ?? uid) !== uid);
  if (foreign.length === 0) return [];
  const names = foreign.map((file) => basename(file)).join(', ');
  const found = `${names} in ${dir}: another owner than the folder`;
  return [{ area: AREA, level: 'problem', what: 'State folder', found, why: LOST, fix: OWN }];
}

/** With a database of its own, as the daemon would make it: some file systems do not carry one. */
async function tellWriting(dir: string): Promise<Finding> {
  const what = 'Writing the state';
  let probe: string | undefined;
  try {
    probe = await mkdtemp(join(dir, '.doctor-'));
    using database = Database.open(join(probe, 'probe.db'));
    const [mode, synchronous] = [database.pragma('journal_mode'), database.pragma('synchronous')];
    if (mode === 'wal' && synchronous === FULL) return ok(AREA, what, `${dir}: WAL, synchronous FULL`);
    const found = `a database here has journal_mode ${mode}, synchronous ${synchronous}`;
    const why = 'What was confirmed may be lost in a power cut.';
    return { area: AREA, level: 'problem', what, found, why, fix: 'put state_dir on a local disk' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { area: AREA, level: 'problem', what, found: `${dir}: ${code ?? message}`, why: LOST, fix: OWN };
  } finally {
    if (probe) await rm(probe, { recursive: true, force: true });
  }
}

async function tellSpace(dir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dir);
  return judgeSpace(bavail * bsize);
}

/** @param free bytes */
export function judgeSpace(free: number): Finding {
  const what = 'Free space';
  const found = `${Math.floor(free / MIB).toLocaleString('en-US')} MiB`;
  if (free >= WARN_FREE) return ok(AREA, what, found);
  const why = 'When the disk is full, work stops until there is space; nothing is lost.';
  const level = free < LEAST_FREE ? 'problem' : 'warning';
  return { area: AREA, level, what, found, why, fix: 'free space on the disk of state_dir' };
}

async function tellDatabase(dir: string): Promise<Finding[]> {
  const file = stateFile(dir);
  const what = 'State file';
  if (!(await stat(file).catch(() => null))) return [ok(AREA, what, 'is made at the first start')];
  const fix = 'restore a backup';
  try {
    using database = Database.openReadOnly(file);
    const verdict = String(database.pragma('quick_check'));
    if (verdict !== 'ok') {
      return [
        { area: AREA, level: 'problem', what, found: `damaged: ${verdict.slice(0, 200)}`, why: LOST, fix },
      ];
    }
    const mode = database.pragma('journal_mode');
    if (mode === 'wal') return [ok(AREA, what, 'whole; WAL')];
    const why = 'Commands beside the running daemon would stand in its way.';
    return [
      {
        area: AREA,
        level: 'warning',
        what,
        found: `journal_mode ${mode}`,
        why,
        fix: 'start the daemon once',
      },
    ];
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return [{ area: AREA, level: 'problem', what, found: error.message, why: LOST, fix: error.hint ?? fix }];
  }
}
