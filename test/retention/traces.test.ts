import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasTraceOf } from '../../src/retention/traces.ts';
import { temporaryFolder } from '../support/builders.ts';

const MIB = 1024 * 1024;

test('an address is found in bytes, in any letter case and form, also across the edge of what is read at once', (t) => {
  const file = join(temporaryFolder(t), 'file');
  const cases: [string, Buffer | string][] = [
    ['ana@example.com', '\0\0session-1ana@example.comana'],
    ['ana@example.com', 'ANA@Example.com'],
    ['jürgen@example.com', 'JÜRGEN@EXAMPLE.COM'],
    ['jürgen@example.com', '"j\\u00FCrgen@example.com"'],
    ['ana@example.com', '?email=ana%40example.com'],
    ['ana@example.com', `${'x'.repeat(4 * MIB - 7)}ana@example.com`],
  ];
  for (const [address, bytes] of cases) {
    writeFileSync(file, bytes);
    assert.ok(hasTraceOf(file, address), String(bytes).slice(-40));
  }
});

test('addresses of others are no trace', (t) => {
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, 'session-1joana@example.comJOANA@example.com');
  assert.ok(hasTraceOf(file, 'ana@example.com'));
  assert.ok(!hasTraceOf(file, 'ana@example.com', ['joana@example.com']));
  assert.ok(!hasTraceOf(`${file}-missing`, 'ana@example.com'));
});
