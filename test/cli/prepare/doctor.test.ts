import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock } from '../../../src/clock.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Area, Cause, Level, Verdict } from '../../../src/doctor/finding.ts';
import { createGovernor } from '../../../src/governor/vendor-governor.ts';
import { newKeyPair } from '../../../src/sandbox/salesforce/credentials.ts';
import { Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { InstanceLock } from '../../../src/store/instance-lock.ts';
import { lockFile, openStore } from '../../../src/store/store.ts';
import { runCommand } from '../../support/command-line.ts';
import { logInByRefreshToken } from './refresh-token.ts';

const KEYS = newKeyPair();
const NO_LAG = { readLagMs: { min: 0, max: 0 } };

interface Told {
  readonly verdict: Verdict;
  readonly calls: Readonly<Record<'livestorm' | 'pardot' | 'salesforce', number>> | null;
  readonly findings: readonly {
    readonly area: Area;
    readonly level: Level;
    readonly what: string;
    readonly found: string;
    readonly why: string | null;
    readonly fix: string | null;
    readonly code: string | null;
    readonly cause: Cause | null;
  }[];
}

/** A sandbox with one session to come whose event has the mapped fields, and a configuration for it. */
async function stage(options: SandboxOptions = {}) {
  const { switches = {}, ...others } = options;
  const pardot = { ...NO_LAG, ...switches.pardot };
  const sandbox = await Sandbox.start({ keys: KEYS, ...others, switches: { ...switches, pardot } });
  const fields = ['email', 'first_name', 'last_name', 'company', 'job_title'].map((id) => ({ id }));
  const event = sandbox.livestorm.world.createEvent({ title: 'Product tour', fields });
  sandbox.livestorm.world.createSession(event.id, { startsAtMs: sandbox.clock.now() + 86_400_000 });
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-doctor-'));
  const file = await sandbox.writeConfig(dir);
  const edit = (change: (yaml: string) => string) => writeFileSync(file, change(readFileSync(file, 'utf8')));
  return {
    ...{ sandbox, dir, file, edit },
    async doctor(...flags: string[]) {
      const said = await runCommand(['doctor', '--config', file, '--json', ...flags]);
      const told = said.json<Told>();
      const of = (what: string) => told.findings.find((finding) => finding.what.startsWith(what));
      const bad = told.findings.filter(({ level }) => level === 'problem' || level === 'warning');
      return { ...told, code: said.code, of, bad: bad.map(({ what }) => what) };
    },
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

describe('doctor', () => {
  it('waits where the daemon has just used up the rate, and asks once more', async () => {
    await using on = await stage();
    const reply = { status: 429, headers: { 'retry-after': '0.01' }, body: '' };
    on.sandbox.faults.arm({ vendor: 'livestorm', kind: 'status', times: 1, skip: 1, reply });
    assert.equal((await on.doctor()).verdict, 'ok');
    on.sandbox.faults.arm({ vendor: 'livestorm', kind: 'status', reply });
    assert.equal((await on.doctor()).verdict === 'ok', false);
  });

  it('finds nothing wrong where everything is in place, by reading alone and with few calls', async () => {
    await using on = await stage();
    const { code, verdict, bad, calls, findings } = await on.doctor();
    assert.deepEqual(bad, []);
    assert.equal(code, 0);
    assert.equal(verdict, 'ok');
    assert.deepEqual(calls, { livestorm: 3, pardot: 5, salesforce: 6 });
    const writes = on.sandbox.log.entries().filter(({ method }) => method !== 'GET');
    assert.deepEqual(
      writes.map(({ path }) => path),
      ['/services/oauth2/token'],
    );
    for (const { why, fix, level } of findings) {
      if (level === 'ok') continue;
      assert.ok(why ?? fix ?? level === 'note');
    }
  });

  it('speaks to people', async () => {
    await using on = await stage();
    on.edit((yaml) => yaml.replace('Webinar_Rate__c:', 'Webinar_Ratio__c:'));
    const { code, out } = await runCommand(['doctor', '--config', on.file]);
    assert.equal(code, 1);
    assert.match(out, /^Livestorm\n {2}ok {7}API token: works$/m);
    assert.match(
      out,
      /^ {2}problem {2}Prospect field Webinar_Ratio__c.*: no such field\n +why: .*\n +fix: run setup --apply/m,
    );
    assert.match(out, /^1 problem, 0 warnings\.\nCalls made: Livestorm 3/m);
    const quiet = await runCommand(['doctor', '--config', on.file, '--quiet']);
    assert.doesNotMatch(quiet.out, /^ {2}ok/m);
    assert.match(quiet.out, /^ {2}problem {2}Prospect field[\s\S]*^1 problem, 0 warnings/m);
  });

  it('calls nobody with --offline', async () => {
    await using on = await stage();
    const { code, calls } = await on.doctor('--offline');
    assert.equal(code, 0);
    assert.equal(calls, null);
    assert.deepEqual(on.sandbox.log.entries(), []);
  });

  it('leaves the state as it is, and no files', async () => {
    await using on = await stage();
    const { stateDir } = await loadConfig(on.file, {});
    openStore(stateDir)[Symbol.dispose]();
    const before = readFileSync(join(stateDir, 'state.db'));
    await on.doctor();
    assert.deepEqual(readFileSync(join(stateDir, 'state.db')), before);
    const { out } = await runCommand(['doctor', '--config', on.file]);
    assert.match(out, /State file: whole; WAL/);
  });
});

describe('doctor finds at the vendors', () => {
  it('a wrong Livestorm token', async () => {
    await using on = await stage();
    writeFileSync(join(on.dir, 'livestorm-token'), 'another');
    const { code, of, bad } = await on.doctor();
    assert.equal(code, 77);
    assert.deepEqual(bad, ['API token']);
    assert.equal(of('API token')?.code, '401');
    assert.match(of('API token')?.fix ?? '', /Events: write/);
  });

  it('a Livestorm token without the scope', async () => {
    await using on = await stage();
    on.sandbox.faults.arm({
      vendor: 'livestorm',
      kind: 'status',
      match: /sessions/,
      reply: { status: 403, body: '{"errors":[{"title":"Forbidden"}]}' },
    });
    const { code, of } = await on.doctor();
    assert.equal(code, 77);
    assert.equal(of('API token')?.level, 'ok');
    assert.equal(of('Scope Events, reading')?.code, '403');
  });

  it('a refused login, once', async () => {
    await using on = await stage();
    on.edit((yaml) => yaml.replace(/username: .*/, 'username: nobody@example.com'));
    const { code, of, bad } = await on.doctor();
    assert.equal(code, 77);
    assert.deepEqual(bad, ['Login']);
    assert.equal(of('Login')?.code, 'invalid_grant');
  });

  it('a wrong business unit, or its host: code 201', async () => {
    await using on = await stage();
    on.edit((yaml) => yaml.replace(/0Uv000000000000AAA/, '0Uv000000000999AAA'));
    const { code, of, findings } = await on.doctor();
    assert.equal(code, 78);
    assert.equal(of('Business unit and host')?.code, '201');
    assert.match(of('Business unit and host')?.fix ?? '', /pi\.demo\.pardot\.com/);
    assert.match(of('Business unit in Salesforce')?.found ?? '', /is none of/);
    assert.ok(!findings.some(({ what }) => what.startsWith('Prospect field')), 'said once');
  });

  const DENIED: [string, SandboxOptions['switches'], string][] = [
    ['creating campaigns', { salesforce: { campaignCreateable: false } }, 'Campaigns'],
    [
      'seeing submissions',
      { pardot: { deniedAbilities: ['Prospect > Visitors > View'] } },
      'Reading submissions',
    ],
    [
      'seeing custom fields',
      { pardot: { deniedAbilities: ['Prospect > Prospects > Configure Fields'] } },
      'Custom fields of prospects',
    ],
    ['the Tooling API', { salesforce: { setupRights: 'none' } }, 'Extension'],
  ];
  for (const [name, switches, what] of DENIED) {
    it(`a missing permission: ${name}`, async () => {
      await using on = await stage({ switches: switches ?? {} });
      const { code, of } = await on.doctor();
      assert.equal(code, 77);
      assert.equal(of(what)?.level, 'problem');
      assert.notEqual(of(what)?.fix, null);
    });
  }

  it('a prospect field that is missing, one that appends, and one of the wrong type', async () => {
    await using on = await stage();
    const field = (fieldId: string, over: object) =>
      on.sandbox.pardot.world.createCustomField({ fieldId, name: fieldId, type: 'Text', ...over });
    field('History', { isRecordMultipleResponses: true });
    field('Day', { type: 'Date' });
    on.edit((yaml) =>
      yaml
        .replace('Webinar_Rate__c:', 'History__c:')
        .replace('Webinar_Messages__c:', 'Day__c:')
        .replace('Webinar_Questions__c:', 'Nowhere__c:'),
    );
    const { code, of } = await on.doctor();
    assert.equal(code, 78);
    assert.match(of('Prospect field History__c')?.found ?? '', /multiple responses/);
    assert.match(of('Prospect field Day__c')?.found ?? '', /its type is date/);
    assert.match(of('Prospect field Nowhere__c')?.fix ?? '', /setup --apply/);
  });

  it('a Livestorm field that no event has, and a required one that is not mapped', async () => {
    await using on = await stage();
    const event = on.sandbox.livestorm.world.createEvent({
      title: 'Another',
      fields: [{ id: 'email' }, { id: 'country', required: true }],
    });
    on.sandbox.livestorm.world.createSession(event.id, { startsAtMs: on.sandbox.clock.now() + 3_600_000 });
    on.edit((yaml) => yaml.replace('    job_title: jobTitle', '    jobtitle: jobTitle'));
    const { code, of } = await on.doctor();
    assert.equal(code, 3);
    assert.match(of('Livestorm field jobtitle')?.fix ?? '', /did you mean job_title/);
    assert.match(of('Livestorm field country')?.found ?? '', /requires it/);
    assert.equal(of('Livestorm field company')?.found, 'asked for by 1 of 2 events to come');
  });

  it('required fields of Campaign', async () => {
    await using on = await stage({ switches: { salesforce: { requiredCustomFields: ['Region__c'] } } });
    const { code, of } = await on.doctor();
    assert.equal(code, 1);
    assert.match(of('Required fields of Campaign')?.found ?? '', /Region__c/);
  });

  it('whether campaigns come from Salesforce', async () => {
    await using on = await stage();
    on.sandbox.pardot.world.createCampaign({ name: 'Old one' });
    const none = await on.doctor();
    assert.equal(none.code, 3);
    assert.match(none.of('Connected Campaigns')?.found ?? '', /none of the 1/);
  });

  it('the calls that are left', async () => {
    await using on = await stage({ switches: { pardot: { usedByOthers: 23_000 } } });
    const few = await on.doctor();
    assert.equal(few.code, 3);
    assert.equal(few.bad.length, 1);
    on.sandbox.pardot.switches.usedByOthers = 25_000;
    const none = await on.doctor();
    assert.equal(none.code, 75);
    assert.equal(none.of('Business unit and host')?.code, '122');
  });

  it('that the service waits, and why, without waiting itself', async () => {
    await using on = await stage();
    const { stateDir } = await loadConfig(on.file, {});
    const parks = { auth: Date.now() + 300_000, allowance: Date.now() + 300_000 };
    {
      using store = openStore(stateDir);
      createGovernor({
        vendor: 'livestorm',
        clock: systemClock,
        limits: { concurrency: 1 },
        state: {
          load: () => undefined,
          save: (vendor, saved) => store.saveGovernor(vendor, { ...saved, parks }),
        },
      }).park('auth', parks.auth);
      store.meta.keepTokensInVain([Date.now(), Date.now(), Date.now()]);
    }
    const { code, bad, of } = await on.doctor();
    assert.equal(code, 3);
    assert.deepEqual(bad, ['Pause of the service', 'Pause of the service']);
    assert.equal(of('API token')?.level, 'ok');
    assert.equal(of('Login')?.level, 'ok');
  });

  it('a vendor that cannot be reached', async () => {
    await using on = await stage();
    on.sandbox.faults.arm({ vendor: 'livestorm', kind: 'reset_before' });
    const { code, of, bad } = await on.doctor();
    assert.equal(code, 75);
    assert.deepEqual(bad, ['API token']);
    assert.match(of('API token')?.found ?? '', /connection/);
  });

  it('a clock that is wrong', async () => {
    const clock = { now: () => Date.now() + 100_000 };
    await using on = await stage({ clock });
    const { code, of } = await on.doctor();
    assert.equal(code, 3);
    assert.match(of('Clock')?.found ?? '', /(99|100|101) seconds behind/);
    clock.now = () => Date.now() - 600_000;
    const far = await on.doctor();
    assert.equal(far.of('Clock')?.level, 'problem');
  });
});

describe('doctor finds on the machine', () => {
  it('a state folder that cannot be written, without failing itself', async () => {
    await using on = await stage();
    on.edit((yaml) => yaml.replace(/state_dir: .*/, 'state_dir: livestorm-token'));
    const { code, of } = await on.doctor();
    assert.equal(code, 1);
    assert.match(of('State folder')?.found ?? '', /is not a folder/);
    assert.equal(of('API token')?.level, 'ok');
  });

  it('a damaged state file', async () => {
    await using on = await stage();
    const { stateDir } = await loadConfig(on.file, {});
    writeFileSync(join(stateDir, 'state.db'), 'not a database, and longer than the header of one'.repeat(10));
    const { code, of } = await on.doctor();
    assert.equal(code, 1);
    assert.equal(of('State file')?.level, 'problem');
  });

  it('secrets and state that are open to others', async () => {
    await using on = await stage();
    chmodSync(join(on.dir, 'livestorm-token'), 0o644);
    chmodSync(join(on.dir, 'state'), 0o755);
    const { code, bad, of } = await on.doctor();
    assert.equal(code, 3);
    assert.deepEqual(bad, ['Secret livestorm.api_token', 'State folder']);
    assert.match(of('Secret livestorm.api_token')?.fix ?? '', /^chmod 600 /);
    on.edit((yaml) => yaml.replace('{ file: livestorm-token }', '{ credential: livestorm-token }'));
    const env = { CREDENTIALS_DIRECTORY: on.dir };
    const { out } = await runCommand(['doctor', '--offline', '--config', on.file], env);
    assert.match(out, /warning {2}Secret livestorm\.api_token: .*\(mode 644\)/);
  });

  it('whether the service runs, and shares no refresh token with it', async () => {
    await using on = await stage();
    logInByRefreshToken(on);
    assert.equal((await on.doctor()).code, 0);
    const { stateDir } = await loadConfig(on.file, {});
    using _daemon = InstanceLock.take(lockFile(stateDir));
    const { code, of, calls } = await on.doctor();
    assert.equal(code, 3);
    assert.match(of('Service')?.found ?? '', /^running/);
    assert.match(of('Login')?.found ?? '', /beside the running daemon/);
    assert.deepEqual(calls, { livestorm: 3, pardot: 0, salesforce: 0 });
  });

  it('every problem of the configuration, and goes on with the machine', async () => {
    await using on = await stage();
    rmSync(join(on.dir, 'livestorm-token'));
    const { code, calls, of } = await on.doctor();
    assert.equal(code, 78);
    assert.equal(calls, null);
    assert.match(of(`${on.file}:4:3 livestorm.api_token`)?.found ?? '', /does not exist/);
    assert.equal(of('Free space')?.level, 'ok');
    on.edit(() => 'nonsense: true\n');
    const worse = await on.doctor();
    assert.equal(worse.code, 78);
    assert.ok(worse.findings.every(({ area }) => area === 'configuration'));
  });
});

describe('doctor --explain', () => {
  it('tells codes in words, without a configuration', async () => {
    const { code, out } = await runCommand(['doctor', '--explain', '201']);
    assert.equal(code, 0);
    assert.match(out, /^Account Engagement, code 201\n {2}the business unit was not found.*\n {2}fix: /);
    const json = await runCommand(['doctor', '--explain', 'INVALID_GRANT', '--json']);
    assert.equal(json.json<{ meanings: { from: string }[] }>().meanings[0]?.from, 'salesforce');
    assert.match((await runCommand(['doctor', '--explain', 'quota_parked'])).out, /waits for call quota/);
  });

  it('says when nothing is known', async () => {
    const { code, error } = await runCommand(['doctor', '--explain', '99999']);
    assert.equal(code, 1);
    assert.match(error, /nothing is known about 99999/);
  });
});
