import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../src/cli/commands.ts';
import { EXIT } from '../src/cli/exit.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string): string => readFileSync(join(ROOT, 'systemd', name), 'utf8');
const UNIT = read('livestorm-pardot.service');
const TEMPLATE = read('livestorm-pardot@.service');
const ALLOW_LIST = read('address-allow-list.conf');
const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
const NO_ANALYZE = { skip: !hasAnalyze && 'no systemd-analyze here' };

function values(key: string): string[] {
  return UNIT.split('\n').flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));
}

/** Says what systemd-analyze has to say of a unit that stands in a file. */
function analyze(verb: readonly string[], name: string, unit: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-unit-'));
  const file = join(dir, name);
  writeFileSync(file, unit.replaceAll('/opt/livestorm-pardot/', ROOT));
  const { stdout, stderr } = spawnSync('systemd-analyze', [...verb, file], { encoding: 'utf8' });
  rmSync(dir, { recursive: true });
  return `${stdout}${stderr}`;
}

function exposure(unit: string): number {
  const text = analyze(['security', '--offline=true', '--no-pager'], 'livestorm-pardot.service', unit);
  return Number(/exposure level for \S+: ([\d.]+)/.exec(text)?.[1]);
}

test('the unit starts commands that exist, with the node the package brings', () => {
  const commands = [...values('ExecStart'), ...values('ExecReload')].filter((line) =>
    line.includes('main.js'),
  );
  assert.equal(commands.length, 2);
  const names = Object.values(COMMANDS).flatMap((all) => all.map(({ name }) => name));
  for (const command of commands) {
    assert.match(command, / ?\/opt\/livestorm-pardot\/node_modules\/\.bin\/node /);
    const [, name] =
      command.match(
        /dist\/main\.js (\S+) .*--config \/etc\/livestorm-pardot\/config\.yaml$|dist\/main\.js (\S+)/,
      ) ?? [];
    assert.ok(names.includes(name ?? ''), command);
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

test('the template is the unit, with folders of its own for every instance', () => {
  const instantiated = TEMPLATE.replaceAll('/etc/livestorm-pardot/%i/', '/etc/livestorm-pardot/')
    .replaceAll('=livestorm-pardot-%i', '=livestorm-pardot')
    .replace(', %i\n', '\n');
  assert.equal(instantiated, UNIT);
  for (const key of ['StateDirectory', 'RuntimeDirectory', 'User']) {
    assert.match(TEMPLATE, new RegExp(`^${key}=livestorm-pardot-%i$`, 'm'));
  }
});

test('systemd finds nothing to say against the units', NO_ANALYZE, () => {
  const verify = ['verify', '--man=no'];
  assert.equal(analyze(verify, 'livestorm-pardot.service', UNIT), '');
  assert.equal(analyze(verify, 'livestorm-pardot@emea.service', TEMPLATE), '');
});

test('the exposure is at most 1.2, and 0.9 with the list of addresses', NO_ANALYZE, () => {
  const withList = UNIT.replace('\n[Install]', `\n${ALLOW_LIST}\n[Install]`);
  assert.ok(exposure(UNIT) <= 1.2, String(exposure(UNIT)));
  assert.ok(exposure(withList) <= 0.9, String(exposure(withList)));
});

/** A release as it is unpacked, small: what is copied matters here, not what it does. */
function release(t: TestContext): {
  root: string;
  install: (...args: string[]) => ReturnType<typeof spawnSync>;
} {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-install-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const from = join(dir, 'release');
  for (const name of ['dist', 'config', 'systemd', 'node_modules/.bin']) {
    mkdirSync(join(from, name), { recursive: true });
  }
  writeFileSync(join(from, 'dist/main.js'), '');
  writeFileSync(join(from, 'node_modules/.bin/node'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(from, 'package.json'), '{"name":"livestorm-pardot","private":true}');
  writeFileSync(join(from, 'config/example.yaml'), 'flows: {}\n');
  const files = ['install.sh', 'livestorm-pardot', 'livestorm-pardot.service', 'livestorm-pardot@.service'];
  for (const name of [...files, 'notify-socket.pl']) writeFileSync(join(from, 'systemd', name), read(name));
  const root = join(dir, 'root');
  const script = join(from, 'systemd/install.sh');
  return { root, install: (...args) => spawnSync('sh', [script, ...args], { encoding: 'utf8' }) };
}

test('the installer puts program, units and a configuration in place, and touches no configuration twice', (t) => {
  const { root, install } = release(t);
  const first = install('install', '--root', root);
  assert.equal(first.status, 0, String(first.stderr));
  assert.match(String(first.stdout), /systemctl enable --now livestorm-pardot\n/);
  for (const file of [
    'opt/livestorm-pardot/dist/main.js',
    'opt/livestorm-pardot/root',
    'opt/livestorm-pardot/systemd/notify-socket.pl',
    'usr/local/bin/livestorm-pardot',
    'etc/systemd/system/livestorm-pardot.service',
    'etc/systemd/system/livestorm-pardot@.service',
  ]) {
    assert.ok(existsSync(join(root, file)), file);
  }
  const config = join(root, 'etc/livestorm-pardot/config.yaml');
  assert.equal(statSync(config).mode & 0o777, 0o644);
  writeFileSync(config, 'mine: true\n');
  assert.equal(install('install', '--root', root).status, 1);
  const instance = install('install', '--root', root, '--instance', 'emea');
  assert.equal(instance.status, 0, String(instance.stderr));
  assert.equal(readFileSync(config, 'utf8'), 'mine: true\n');
  assert.ok(existsSync(join(root, 'etc/livestorm-pardot/emea/config.yaml')));
});

test('the installer says what is wrong with a call, and changes nothing then', (t) => {
  const { root, install } = release(t);
  for (const [args, code, text] of [
    [[], 2, /install\.sh install/],
    [['install', '--nonsense'], 2, /install\.sh install/],
    [['install', '--root', root, '--instance', '../x'], 1, /letters, digits/],
    [['upgrade', '--root', root], 2, /install\.sh upgrade/],
  ] as const) {
    const { status, stderr } = install(...args);
    assert.equal(status, code, args.join(' '));
    assert.match(String(stderr), text);
  }
  assert.equal(existsSync(root), false);
});
