import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FEATURES = readFileSync(join(ROOT, 'docs/features.md'), 'utf8');

/** File and title of every row in the feature tables. */
function rows(): { file: string; title: string }[] {
  return FEATURES.split('\n').flatMap((line) => {
    const [, , test, title] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const file = test?.match(/^`([\w/-]+)`$/)?.[1];
    return file && title ? [{ file, title: title.replaceAll('\\|', '|') }] : [];
  });
}

/** The titles in a test file; what a template fills in matches anything. */
function titles(source: string): RegExp[] {
  const literals = source.matchAll(/(?:test|it)\(\s*(['`"])((?:\\.|(?!\1).)*)\1/g);
  return [...literals].map(([, , title = '']) => {
    const parts = title.replaceAll(/\\(['"`])/g, '$1').split(/\$\{[^}]*\}/);
    return new RegExp(
      `^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.*')}$`,
    );
  });
}

test('every feature that docs/features.md names has the test it names', () => {
  assert.ok(rows().length > 50);
  const missing = rows().filter(({ file, title }) => {
    const path = join(ROOT, 'test', `${file}.test.ts`);
    return !existsSync(path) || !titles(readFileSync(path, 'utf8')).some((pattern) => pattern.test(title));
  });
  assert.deepEqual(missing, []);
});
