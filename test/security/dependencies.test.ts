import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
}

const manifest = read('package.json') as Manifest;
const { packages } = read('package-lock.json') as { packages: Record<string, Locked & Partial<Manifest>> };
const locked = Object.entries(packages).filter(([path]) => path !== '');

test('every package is wanted in one version, and locked with what its content must be', () => {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const [name, version] of Object.entries(wanted)) {
    assert.match(version, /^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+$/, name);
    assert.equal(version.split('@').at(-1), packages[`node_modules/${name}`]?.version, name);
  }
  assert.ok(locked.length > 50);
  for (const [path, { integrity = '', resolved }] of locked) {
    assert.match(integrity, /^sha512-[A-Za-z0-9+/]{86}==$/, path);
    if (resolved !== undefined) assert.match(resolved, /^https:\/\/registry\.npmjs\.org\//, path);
  }
});

test('no package runs a script when it is installed, but those that are allowed to', () => {
  const withScript = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
  const allowed = Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name]);
  const surplus = withScript.filter((path) => !allowed.includes(path.replace(/^.*node_modules\//, '')));
  assert.deepEqual(surplus, []);
  assert.deepEqual(allowed.toSorted(), ['esbuild', 'node']);
});

test('the bill of materials names what production runs, and is made without the network', () => {
  const offline = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  const text = execFileSync('npm', ['run', '--silent', 'sbom'], {
    cwd: ROOT,
    env: offline,
    encoding: 'utf8',
  });
  const { bomFormat, components } = JSON.parse(text) as {
    bomFormat: string;
    components: readonly { purl: string; hashes?: readonly { alg: string }[] }[];
  };
  assert.equal(bomFormat, 'CycloneDX');
  const purls = components.map(({ purl }) => purl);
  for (const [name, version] of Object.entries(manifest.dependencies)) {
    const real = version.startsWith('npm:') ? version.slice(4) : `${name}@${version}`;
    assert.ok(purls.includes(`pkg:npm/${real.replace(/^@/, '%40')}`), real);
  }
  for (const name of Object.keys(manifest.devDependencies)) {
    assert.ok(!purls.some((purl) => purl.startsWith(`pkg:npm/${name.replace(/^@/, '%40')}@`)), name);
  }
  for (const { purl, hashes } of components) assert.equal(hashes?.[0]?.alg, 'SHA-512', purl);
});
