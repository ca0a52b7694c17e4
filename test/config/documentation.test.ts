import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { renderConfigurationDoc } from '../../src/config/documentation.ts';
import { eachKey } from '../../src/config/key.ts';
import { SCHEMA } from '../../src/config/schema.ts';

const FILE = new URL('../../docs/configuration.md', import.meta.url);

describe('docs/configuration.md', () => {
  it('is what the schema says (UPDATE_DOCS=1 writes it)', async () => {
    if (process.env.UPDATE_DOCS === '1') await writeFile(FILE, renderConfigurationDoc());
    assert.equal(await readFile(FILE, 'utf8'), renderConfigurationDoc());
  });

  it('explains every key', () => {
    const text = renderConfigurationDoc();
    for (const { path, key } of eachKey(SCHEMA)) {
      assert.ok(text.includes(`## \`${path}\`\n\n${key.doc}`), path);
    }
  });
});
