import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import { renderProblems } from '../../src/config/render.ts';
import { ConfigError } from '../../src/errors.ts';
import { ENV, MINIMAL, PRIVATE_KEY } from './fixture.ts';

describe('loadConfig', () => {
  let dir = '';
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'config-'));
  });
  after(() => rm(dir, { recursive: true }));

  async function refusal(file: string, env: Record<string, string> = ENV): Promise<string> {
    try {
      await loadConfig(file, env);
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.file, file);
      return renderProblems(error);
    }
    throw new Error('the configuration was accepted');
  }

  it('reads the file, secrets beside it, and systemd credentials', async () => {
    const credentials = join(dir, 'credentials');
    await mkdir(credentials);
    await writeFile(join(credentials, 'livestorm-token'), 'from-credential\n');
    await writeFile(join(dir, 'key.pem'), PRIVATE_KEY);
    const text = MINIMAL.replace('{ env: TOKEN }', '{ credential: livestorm-token }');
    const file = join(dir, 'config.yaml');
    await writeFile(file, text.replace('{ env: KEY }', '{ file: key.pem }'));
    const config = await loadConfig(file, {
      CREDENTIALS_DIRECTORY: credentials,
      STATE_DIRECTORY: '/var/lib/app',
    });
    assert.equal(config.livestorm.apiToken.reveal(), 'from-credential');
    assert.ok(config.salesforce.auth.kind === 'jwt');
    assert.equal(config.salesforce.auth.privateKey.reveal(), PRIVATE_KEY.trim());
    assert.equal(config.stateDir, '/var/lib/app');
  });

  it('says what is wrong with the file itself', async () => {
    const big = join(dir, 'big.yaml');
    await writeFile(big, `#${'x'.repeat(65_536)}`);
    const latin = join(dir, 'latin.yaml');
    await writeFile(latin, Buffer.from([0x61, 0x3a, 0x20, 0xe4]));
    assert.match(await refusal(join(dir, 'none.yaml')), /does not exist/);
    assert.match(await refusal(join(big, 'none.yaml')), /does not exist/);
    assert.match(await refusal(dir), /is a folder/);
    assert.match(await refusal('/dev/null'), /not a regular file/);
    assert.match(await refusal('/proc/self/mem'), /cannot be read \(EIO\)/);
    assert.match(await refusal(big), /64 KiB/);
    assert.match(await refusal(latin), /not UTF-8/);
  });

  it('says what is wrong with the file of a secret', async () => {
    await writeFile(join(dir, 'big-secret'), 'x'.repeat(65_537));
    const file = join(dir, 'secrets.yaml');
    const reasons = {
      none: /does not exist/,
      '.': /is a folder/,
      'big-secret': /too large/,
      '/dev/zero': /cannot be read/,
    };
    for (const [path, says] of Object.entries(reasons)) {
      await writeFile(file, MINIMAL.replace('{ env: TOKEN }', `{ file: ${path} }`));
      assert.match(await refusal(file), says);
    }
  });

  it('names file, line, column, path, message and fix in one line per problem', async () => {
    const file = join(dir, 'wrong.yaml');
    await writeFile(file, `${MINIMAL}flows:\n  replays: maybe\n`);
    assert.equal(
      await refusal(file),
      `${file}:10:3  flows.replays: expected true or false, found 'maybe' — write true or false`,
    );
  });
});
