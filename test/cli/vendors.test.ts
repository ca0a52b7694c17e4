import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../support/command-line.ts';
import { World } from '../support/world.ts';

test('without a state nothing is said to be in order, and nobody is asked', async () => {
  await using world = await World.start();
  const config = join(world.dir, 'config.yaml');
  const yaml = await readFile(config, 'utf8');
  await writeFile(config, yaml.replace(/\nstate_dir:.*/, '\nstate_dir: elsewhere'));
  for (const call of [
    ['links'],
    ['reconcile'],
    ['backfill', '--since', '2026-03-01'],
    ['why', 'a@b.example', '--ask'],
  ]) {
    const { code, error } = await runCommand([...call, '--config', config], {}, world.clock);
    assert.equal(code, 1, call[0]);
    assert.match(error, /elsewhere\/state\.db does not exist\n {2}start the daemon once, or check state_dir/);
  }
  assert.deepEqual(world.sandbox.log.entries(), []);
});
