import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { ExplainedValue } from '../../src/config/explain.ts';
import { tellClock } from '../../src/doctor/clock-skew.ts';
import { tellParks } from '../../src/doctor/parks.ts';
import { tellQuota } from '../../src/doctor/quota.ts';
import { tellService } from '../../src/doctor/service.ts';
import { checkStateDir, isInUse, judgeSpace } from '../../src/doctor/state-dir.ts';
import { tellSystemd } from '../../src/doctor/systemd.ts';
import { InstanceLock } from '../../src/store/instance-lock.ts';
import { lockFile, openStore } from '../../src/store/store.ts';

const NOW = Date.parse('2026-03-02T08:00:00Z');
const isRoot = userInfo().uid === 0;

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-machine-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  chmodSync(dir, 0o700);
  return dir;
}

describe('the state folder', () => {
  const levels = async (dir: string) =>
    Object.fromEntries((await checkStateDir(dir)).map(({ what, level }) => [what, level]));

  it('is fine when it is ours alone, and is left as it was', async (t) => {
    const dir = folder(t);
    openStore(dir)[Symbol.dispose]();
    // SQLite leaves two files beside a database in WAL mode, whoever reads it.
    const files = () => readdirSync(dir).filter((name) => !/-(?:shm|wal)$/.test(name));
    const before = files();
    const [writing, , file] = await checkStateDir(dir);
    assert.match(writing?.found ?? '', /WAL, synchronous FULL$/);
    assert.equal(file?.found, 'whole; WAL');
    assert.deepEqual(files(), before);
  });

  it('may be made later, where that is possible', async (t) => {
    const dir = folder(t);
    assert.deepEqual(await levels(join(dir, 'later')), { 'State folder': 'ok' });
    assert.deepEqual(await levels(join(dir, 'far', 'later')), { 'State folder': 'problem' });
    writeFileSync(join(dir, 'file'), '');
    assert.deepEqual(await levels(join(dir, 'file', 'later')), { 'State folder': 'problem' });
  });

  it('must take a database', async () => {
    assert.equal((await levels('/proc'))['Writing the state'], 'problem');
  });

  it('must be writable', { skip: isRoot && 'root may write everywhere' }, async (t) => {
    const dir = folder(t);
    chmodSync(dir, 0o500);
    assert.equal((await levels(dir))['Writing the state'], 'problem');
    chmodSync(dir, 0o700);
  });

  it('belongs to one user', { skip: !isRoot && 'only root may give files away' }, async (t) => {
    const dir = folder(t);
    openStore(dir)[Symbol.dispose]();
    chownSync(join(dir, 'state.db'), 65_534, 65_534);
    const [first] = await checkStateDir(dir);
    assert.match(first?.found ?? '', /^state\.db in .*another owner/);
  });

  it('needs space', () => {
    const mib = 1024 * 1024;
    assert.equal(judgeSpace(600 * mib).level, 'ok');
    assert.equal(judgeSpace(100 * mib).level, 'warning');
    assert.equal(judgeSpace(10 * mib).level, 'problem');
  });

  it('tells whether somebody uses it, and makes no lock for that', async (t) => {
    const dir = folder(t);
    assert.equal(await isInUse(dir), null);
    assert.deepEqual(readdirSync(dir), []);
    {
      using _held = InstanceLock.take(lockFile(dir));
      assert.equal(await isInUse(dir), true);
    }
    assert.equal(await isInUse(dir), false);
    mkdirSync(join(dir, 'empty'));
    writeFileSync(lockFile(join(dir, 'empty')), 'no database at all, but some text instead'.repeat(30));
    assert.equal(await isInUse(join(dir, 'empty')), null);
  });
});

describe('the service', () => {
  const run = (over: object) => ({
    ...{ job: 'sessions', startedAtMs: NOW, finishedAtMs: NOW, succeededAtMs: NOW },
    ...{ counts: {}, problem: null, ...over },
  });

  it('works, waits for its first job, or is stuck', () => {
    const level = (...args: Parameters<typeof tellService>) => tellService(...args).map((each) => each.level);
    assert.deepEqual(level(true, [run({})], NOW + MINUTE), ['ok']);
    assert.deepEqual(level(true, [], NOW), ['note']);
    assert.deepEqual(level(true, [run({})], NOW + 2 * HOUR), ['warning']);
    assert.deepEqual(level(false, [run({})], NOW + 2 * HOUR), ['note']);
    assert.deepEqual(level(true, [run({}), run({ problem: 'HTTP 500' })], NOW), ['ok', 'warning']);
  });

  it('keeps pauses', () => {
    const saved = { parks: { auth: NOW + MINUTE, allowance: NOW - MINUTE, rate: NOW + MINUTE } };
    const [pause, ...others] = tellParks('pardot', saved as never, NOW);
    assert.match(pause?.found ?? '', /^credentials were refused; it tries again at 2026-03-02T08:01:00Z$/);
    assert.deepEqual(others, []);
    assert.deepEqual(tellParks('pardot', undefined, NOW), []);
  });
});

describe('systemd', () => {
  const credential: ExplainedValue = {
    path: 'livestorm.api_token',
    value: '[secret]',
    source: { kind: 'default' },
    secret: { kind: 'credential', name: 'livestorm-token', problem: null },
  };

  it('matters where credentials are named', () => {
    assert.deepEqual(tellSystemd(null, []), []);
    const level = (version: string | null) => tellSystemd(version, [credential])[0]?.level;
    assert.equal(level('systemd 252 (252.39-1~deb12u1)\n+PAM +AUDIT'), 'ok');
    assert.equal(level('systemd 245 (245.4)'), 'problem');
    assert.equal(level(null), 'warning');
  });
});

describe('the clock', () => {
  const answer = (skewMs: number, tookMs = 0) => ({
    vendor: 'pardot' as const,
    dateMs: Math.floor(NOW / SECOND) * SECOND,
    sentAtMs: NOW + skewMs,
    answeredAtMs: NOW + skewMs + tookMs,
  });

  it('may be a minute off', () => {
    const level = (skewMs: number) => tellClock([answer(skewMs)])[0]?.level;
    assert.equal(level(0), 'ok');
    assert.equal(level(59 * SECOND), 'ok');
    assert.equal(level(-70 * SECOND), 'warning');
    assert.equal(level(70 * SECOND), 'warning');
    assert.equal(level(200 * SECOND), 'problem');
    assert.deepEqual(tellClock([]), []);
  });

  it('is told by the quickest answer', () => {
    assert.equal(tellClock([answer(0, 150 * SECOND), answer(0, 10)])[0]?.level, 'ok');
  });
});

describe('the calls that are left', () => {
  it('are told, as far as the vendor tells them', () => {
    assert.deepEqual(tellQuota('salesforce', {}, null), []);
    const level = (remaining: number) => tellQuota('pardot', { limit: 1000, remaining }, 500)[0]?.level;
    assert.equal(level(500), 'ok');
    assert.equal(level(100), 'warning');
    assert.equal(level(0), 'problem');
    const [, budget] = tellQuota('livestorm', { limit: 1000, remaining: 900 }, 10_000);
    assert.match(budget?.found ?? '', /livestorm\.monthly_budget is 10,000, more than the 1,000/);
  });
});
