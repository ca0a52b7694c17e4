import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Operation } from './operation.ts';

const RECORDED = fileURLToPath(new URL('./recorded-life.ts', import.meta.url));
const CALLS = 'openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink';
/** Longer than any write of SQLite. */
const LONGEST = String(1024 * 1024);

export interface Recording {
  readonly scenario: 'short' | 'full';
  readonly synchronous: 'FULL' | 'NORMAL';
}

/** Why nothing can be recorded here; undefined when it can. */
export function cannotRecord(): string | undefined {
  const { error, status, stderr } = spawnSync('strace', ['-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (error) return 'strace is not installed (apt-get install strace)';
  return status === 0 ? undefined : `strace may not trace here: ${stderr.trim()}`;
}

/** Runs the daemon under strace; what it does to the state file, in order. */
export function record({ scenario, synchronous }: Recording): Operation[] {
  const folder = mkdtempSync(join(tmpdir(), 'livestorm-pardot-recording-'));
  const trace = join(folder, 'trace');
  const stage = join(folder, 'stage');
  try {
    const strace = ['-y', '-xx', '-s', LONGEST, '-e', `trace=${CALLS}`, '-o', trace];
    const daemon = [process.execPath, '--import', 'tsx', RECORDED, stage, scenario, synchronous];
    const { status, stderr } = spawnSync('strace', [...strace, ...daemon], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the recorded daemon ended with ${status}: ${stderr}`);
    return parseTrace(readFileSync(trace, 'utf8'), join(stage, 'state'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The calls that concern the state in `folder`; whatever failed did nothing. */
export function parseTrace(trace: string, folder: string): Operation[] {
  const existing = new Set<string>();
  return trace.split('\n').flatMap((line) => {
    const call = /^(\w+)\((.*)\)\s+= (\d+)/.exec(line);
    if (!call) return [];
    const [, name = '', args = '', result = ''] = call;
    const operation = toOperation(name, args, Number(result), folder);
    if (operation?.kind === 'create') {
      if (existing.has(operation.file)) return [];
      existing.add(operation.file);
    }
    if (operation?.kind === 'unlink') existing.delete(operation.file);
    return operation ? [operation] : [];
  });
}

function toOperation(name: string, args: string, result: number, folder: string): Operation | undefined {
  const texts = [...args.matchAll(/"([^"]*)"/g)].map(([, hex = '']) => unhex(hex));
  const numbers = args.replaceAll(/"[^"]*"|<[^>]*>/g, '').split(', ');
  const path = unhex(/<([^>]*)>/.exec(args)?.[1] ?? '').toString();
  if (name === 'write') return acknowledgement(numbers[0], texts[0]);
  const named = name === 'openat' || name === 'unlink' ? (texts[0]?.toString() ?? '') : path;
  if (named === folder) return name === 'fsync' ? { kind: 'sync folder' } : undefined;
  // The index of the log is made anew from the log.
  if (!named.startsWith(`${folder}/state.db`) || named.endsWith('-shm')) return undefined;
  const file = basename(named);
  switch (name) {
    case 'openat':
      return args.includes('O_CREAT') ? { kind: 'create', file } : undefined;
    case 'pwrite64': {
      const bytes = (texts[0] ?? Buffer.alloc(0)).subarray(0, result);
      return { kind: 'write', file, offset: Number(numbers[3]), bytes };
    }
    case 'ftruncate':
      return { kind: 'truncate', file, size: Number(numbers[1]) };
    case 'unlink':
      return { kind: 'unlink', file };
    default:
      return { kind: 'sync', file };
  }
}

function acknowledgement(descriptor: string | undefined, text: Buffer | undefined): Operation | undefined {
  const digest = /^acknowledged (\w+)\n$/.exec(text?.toString() ?? '')?.[1];
  return descriptor === '1' && digest !== undefined ? { kind: 'acknowledged', digest } : undefined;
}

function unhex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}
