import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { occurrences } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

test('every planted bug still has its place in the source, and its tests exist', () => {
  for (const { name, file, find, replace, tests } of MUTATIONS) {
    assert.equal(occurrences(readFileSync(`${ROOT}src/${file}`, 'utf8'), find), 1, name);
    assert.notEqual(find, replace, name);
    for (const path of tests) assert.ok(existsSync(`${ROOT}test/${path}.test.ts`), path);
  }
  assert.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length);
  assert.ok(MUTATIONS.length >= 20);
});
