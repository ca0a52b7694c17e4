import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands.ts';
import { runCommand } from '../support/command-line.ts';

const ALL = Object.values(COMMANDS).flat();

test('the overview names every command once', async () => {
  const { code, out } = await runCommand(['--help']);
  assert.equal(code, 0);
  for (const { name } of ALL) assert.equal(out.split(`\n  ${name}  `).length, 2, name);
  assert.equal(new Set(ALL.map(({ name }) => name)).size, ALL.length);
});

test('every command explains itself: each option, and how it may end', async () => {
  for (const { name, options } of ALL) {
    const { code, out } = await runCommand([...name.split(' '), '--help']);
    assert.equal(code, 0);
    assert.match(out, /Exit codes\n {3}0 {2}done/);
    const told = out.matchAll(/^ {2}--([\w-]+)(?: [A-Z]+)? {2,}\S/gm);
    assert.deepEqual(
      Array.from(told, ([, option]) => option),
      Object.keys(options),
      name,
    );
  }
});

test('a wrong call ends with 2 and says what there is', async () => {
  const cases: [string[], RegExp][] = [
    [[], /livestorm-pardot COMMAND/],
    [['stauts'], /unknown command: stauts/],
    [['status', '--nonsense'], /^Unknown option '--nonsense'\n\n[\s\S]*--config FILE/],
    [['status', 'now'], /unexpected argument: now/],
  ];
  for (const [args, message] of cases) {
    const { code, out, error } = await runCommand(args);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(error, message);
  }
});

test('a wrong call is told in JSON, too', async () => {
  for (const args of [
    ['status', '--nonsense', '--json'],
    ['why', '--json'],
    ['init', '--yes', '--json'],
  ]) {
    const { code, json } = await runCommand(args);
    assert.equal(code, 2);
    assert.equal(json<{ error: { class: string } }>().error.class, 'UsageError');
  }
});

test('what went wrong is told in text or in JSON, with the exit code of its class', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-test-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'config.yaml');
  writeFileSync(file, 'flows: { attendance: perhaps }\n');
  const text = await runCommand(['setup', '--config', file]);
  assert.equal(text.code, 78);
  assert.equal(text.out, '');
  assert.match(text.error, /flows\.attendance/);
  const json = await runCommand(['setup', '--config', file, '--json']);
  assert.equal(json.code, 78);
  assert.equal(json.json<{ error: { class: string } }>().error.class, 'ConfigError');
});
