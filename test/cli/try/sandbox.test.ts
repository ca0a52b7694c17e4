import assert from 'node:assert/strict';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fetch } from 'undici';
import { sandboxCommand } from '../../../src/cli/try/sandbox.ts';

const PORTS = { livestorm: 0, pardot: 0, salesforce: 0, pages: 0 };

/** Runs the command until it has printed where the private key lies, the last thing it says. */
async function run(options: { dir?: string }) {
  const stop = new AbortController();
  const lines: string[] = [];
  const printed = Promise.withResolvers<void>();
  const write = (line: string): void => {
    lines.push(line);
    if (line.includes('Private key')) printed.resolve();
  };
  const code = sandboxCommand({ ports: PORTS, write, signal: stop.signal, ...options });
  await Promise.race([printed.promise, code]);
  const value = (label: string): string =>
    lines
      .find((line) => line.trim().startsWith(label))
      ?.trim()
      .slice(label.length)
      .trim() ?? '';
  return { stop, code, value };
}

test('prints addresses, credentials and the configuration, runs until the signal, then is gone', async () => {
  const { stop, code, value } = await run({});
  const page = await fetch(value('Control page'));
  assert.match(await page.text(), /Product tour/);
  const sessions = await fetch(`${value('Livestorm')}/sessions`, {
    headers: { authorization: value('API token') },
  });
  const { data } = (await sessions.json()) as { data: { attributes: { status: string } }[] };
  assert.deepEqual(
    data.map((session) => session.attributes.status),
    ['upcoming'],
  );
  for (const label of ['Business unit id', 'Client id', 'Client secret', 'Username', 'Refresh token']) {
    assert.notEqual(value(label), '', label);
  }
  await access(value('Configuration'));
  await access(value('Private key'));
  stop.abort();
  assert.equal(await code, 0);
  await assert.rejects(fetch(value('Control page')));
  await assert.rejects(access(value('Configuration')), { code: 'ENOENT' });
});

test('a folder of one’s own is kept', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-command-'));
  try {
    const { stop, code, value } = await run({ dir });
    stop.abort();
    await code;
    assert.equal(value('Configuration'), join(dir, 'config.yaml'));
    await access(value('Configuration'));
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('a signal that has been given already ends it at once', async () => {
  assert.equal(await sandboxCommand({ ports: PORTS, write: () => {}, signal: AbortSignal.abort() }), 0);
});
