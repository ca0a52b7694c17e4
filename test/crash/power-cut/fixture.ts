import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import type { Operation } from './operation.ts';
import type { Recording } from './strace.ts';

/** A short recording is committed for each `synchronous`, so that the replay runs where nothing can be recorded. */
function place(synchronous: Recording['synchronous']): URL {
  return new URL(`../../fixtures/power-cut-${synchronous.toLowerCase()}.json.br`, import.meta.url);
}

export function writeFixture(synchronous: Recording['synchronous'], operations: readonly Operation[]): void {
  const packed = operations.map((operation) =>
    operation.kind === 'write' ? { ...operation, bytes: operation.bytes.toString('base64') } : operation,
  );
  writeFileSync(place(synchronous), brotliCompressSync(JSON.stringify(packed)));
}

export function readFixture(synchronous: Recording['synchronous']): Operation[] {
  const packed = JSON.parse(brotliDecompressSync(readFileSync(place(synchronous))).toString('utf8'));
  return packed.map((operation: Operation & { bytes: string }) =>
    operation.kind === 'write' ? { ...operation, bytes: Buffer.from(operation.bytes, 'base64') } : operation,
  );
}
