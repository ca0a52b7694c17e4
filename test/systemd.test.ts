import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../src/cli/commands.ts';
import { EXIT } from '../src/cli/exit.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const UNIT = readFileSync(join(ROOT, 'systemd/livestorm-pardot.service'), 'utf8');
const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

function values(key: string): string[] {
  return UNIT.split('\n').flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));
}

test('the unit starts commands that exist, with the node the package brings', () => {
  const commands = [...values('ExecStartPre'), ...values('ExecStart')];
  assert.equal(commands.length, 2);
  for (const command of commands) {
    assert.match(command, /^\/opt\/livestorm-pardot\/node_modules\/\.bin\/node /);
    const [, name] =
      command.match(/dist\/main\.js (\S+) --config \/etc\/livestorm-pardot\/config\.yaml$/) ?? [];
    assert.ok(
      Object.values(COMMANDS)
        .flat()
        .some((definition) => definition.name === name),
      command,
    );
  }
});

test('the unit hands over the credentials that the example configuration names', () => {
  const example = readFileSync(join(ROOT, 'config/example.yaml'), 'utf8');
  const named = [...example.matchAll(/^[^#\n]*\{ credential: ([\w-]+) \}/gm)].map(([, name]) => name);
  const loaded = values('LoadCredential').map((value) => value.split(':')[0]);
  assert.deepEqual(loaded.toSorted(), named.toSorted());
});

test('a wrong configuration is not started again and again', () => {
  assert.deepEqual(values('RestartPreventExitStatus'), [String(EXIT.configuration)]);
});

test('systemd finds nothing to say against the unit', {
  skip: !hasAnalyze && 'no systemd-analyze here',
}, () => {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-unit-'));
  const file = join(dir, 'livestorm-pardot.service');
  writeFileSync(file, UNIT.replaceAll('/opt/livestorm-pardot/', ROOT));
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  rmSync(dir, { recursive: true });
  assert.equal(`${verified.stdout}${verified.stderr}`, '');
});
