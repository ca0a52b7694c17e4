import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

test('serving pages does not load the clients that come with Node', () => {
  const loads = (code: string): boolean => {
    const tell = "console.log(process.moduleLoadList.some((name) => name.endsWith('deps/undici/undici')))";
    const args = ['--input-type=module', '--eval', `${code}; ${tell}`];
    return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim() === 'true';
  };
  const server = new URL('../../src/status/server.ts', import.meta.url).href;
  assert.equal(loads(`await import('${server}')`), false);
  assert.equal(loads("await import('node:http')"), true, 'this is how it is noticed');
});
