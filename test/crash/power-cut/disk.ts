import type { Operation } from './operation.ts';

/** What of the unsynced reaches the disk. Called for each piece; `ofLast`: for a piece of the very last write. */
export interface Luck {
  /** How many of so many unsynced changes of the folder are there: a folder is journalled in order. */
  readonly entries: (pending: number) => number;
  /** Whether this sector is there. */
  readonly sector: (isOfLast: boolean) => boolean;
  /** How much of the last write is there, if it is torn within a sector. */
  readonly torn: (length: number) => number;
}

type Change = { readonly offset: number; readonly bytes: Buffer } | { readonly size: number };

/** A file whatever it is called: what is on disk for sure, and what was written since. */
interface Inode {
  synced: Buffer;
  changes: Change[];
}

interface Entry {
  readonly file: string;
  readonly inode: Inode | undefined;
}

const SECTOR = 512;

/**
 * A disk that keeps only what was synced. What was written after the last sync of its file may be there or not, sector by
 * sector and in any combination; a file that is new, or gone, is so for sure only after a sync of its folder.
 */
export class Disk {
  readonly #open = new Map<string, Inode>();
  readonly #synced = new Map<string, Inode>();
  #entries: Entry[] = [];
  #last: Change | undefined;

  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'acknowledged':
        return;
      case 'sync folder':
        this.#syncFolder();
        return;
      case 'create':
        this.#enter(operation.file, { synced: Buffer.alloc(0), changes: [] });
        return;
      case 'unlink':
        this.#enter(operation.file, undefined);
        return;
      case 'sync': {
        const inode = this.#inode(operation.file);
        inode.synced = applied(inode.synced, inode.changes);
        inode.changes = [];
        return;
      }
      case 'write':
      case 'truncate':
        this.#last = operation.kind === 'write' ? operation : { size: operation.size };
        this.#inode(operation.file).changes.push(this.#last);
    }
  }

  /** Whether all that was written is on disk for sure. */
  get isSettled(): boolean {
    return (
      this.#entries.length === 0 && [...this.#open.values()].every(({ changes }) => changes.length === 0)
    );
  }

  /** The files after a power cut now. */
  afterCut(luck: Luck): Map<string, Buffer> {
    const entries = new Map(this.#synced);
    for (const { file, inode } of this.#entries.slice(0, luck.entries(this.#entries.length))) {
      if (inode) entries.set(file, inode);
      else entries.delete(file);
    }
    return new Map([...entries].map(([file, inode]) => [file, this.#contentAfterCut(inode, luck)]));
  }

  #contentAfterCut({ synced, changes }: Inode, luck: Luck): Buffer {
    const kept = changes.flatMap((change) => {
      const isLast = change === this.#last;
      if ('size' in change) return luck.sector(isLast) ? [change] : [];
      return sectorsOf(change, isLast, luck);
    });
    return applied(synced, kept);
  }

  #inode(file: string): Inode {
    const inode = this.#open.get(file);
    if (!inode) throw new Error(`${file} was never created`);
    return inode;
  }

  #enter(file: string, inode: Inode | undefined): void {
    this.#entries.push({ file, inode });
    if (inode) this.#open.set(file, inode);
    else this.#open.delete(file);
  }

  #syncFolder(): void {
    for (const { file, inode } of this.#entries) {
      if (inode) this.#synced.set(file, inode);
      else this.#synced.delete(file);
    }
    this.#entries = [];
  }
}

function applied(content: Buffer, changes: readonly Change[]): Buffer {
  const ends = changes.map((change) =>
    'size' in change ? change.size : change.offset + change.bytes.length,
  );
  const result = Buffer.alloc(Math.max(content.length, ...ends));
  content.copy(result);
  let length = content.length;
  for (const change of changes) {
    if ('size' in change) {
      result.fill(0, change.size, Math.max(length, change.size));
      length = change.size;
    } else {
      change.bytes.copy(result, change.offset);
      length = Math.max(length, change.offset + change.bytes.length);
    }
  }
  return result.subarray(0, length);
}

function sectorsOf(change: { offset: number; bytes: Buffer }, isLast: boolean, luck: Luck): Change[] {
  const length = isLast ? luck.torn(change.bytes.length) : change.bytes.length;
  const kept: Change[] = [];
  for (let from = 0; from < length; ) {
    const absolute = change.offset + from;
    const to = Math.min(length, from + SECTOR - (absolute % SECTOR));
    if (luck.sector(isLast)) kept.push({ offset: absolute, bytes: change.bytes.subarray(from, to) });
    from = to;
  }
  return kept;
}
