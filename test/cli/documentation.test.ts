import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { renderCommandsDoc } from '../../src/cli/documentation.ts';

const FILE = new URL('../../docs/commands.md', import.meta.url);

describe('docs/commands.md', () => {
  it('is what the commands say of themselves (UPDATE_DOCS=1 writes it)', async () => {
    if (process.env.UPDATE_DOCS === '1') await writeFile(FILE, renderCommandsDoc());
    assert.equal(await readFile(FILE, 'utf8'), renderCommandsDoc());
  });
});
