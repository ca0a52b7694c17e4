import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PardotPeopleClient } from '../../../src/clients/pardot-people.ts';
import { systemClock } from '../../../src/clock.ts';
import { createConnections, createDispatcher } from '../../../src/composition.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { RefusedError } from '../../../src/errors.ts';
import { newKeyPair } from '../../../src/sandbox/salesforce/credentials.ts';
import { Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { InstanceLock } from '../../../src/store/instance-lock.ts';
import { lockFile, openStoreCopy } from '../../../src/store/store.ts';
import { runCommand } from '../../support/command-line.ts';
import { logInByRefreshToken } from './refresh-token.ts';

const KEYS = newKeyPair();
const EMAIL = 'ada@example.org';
const NO_LAG = { readLagMs: { min: 0, max: 0 } };

interface PrintedStep {
  readonly what: string;
  readonly state: string;
  readonly found: string;
  readonly by_hand: string | null;
  readonly result: { readonly done: boolean; readonly text: string; readonly hint: string | null } | null;
}

/** A sandbox without delays, bare unless told otherwise, and a configuration with external activities on. */
async function stage(options: SandboxOptions = {}) {
  const { switches = {}, ...others } = options;
  const pardot = { ...NO_LAG, ...switches.pardot };
  const sandbox = await Sandbox.start({
    bare: true,
    keys: KEYS,
    ...others,
    switches: { ...switches, pardot },
  });
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-setup-'));
  const config = await sandbox.writeConfig(dir);
  const edit = (change: (yaml: string) => string) =>
    writeFileSync(config, change(readFileSync(config, 'utf8')));
  edit((yaml) =>
    yaml
      .replace(/\n +external_activities:.*/, '')
      .replace('flows:\n', 'flows:\n  external_activities: true\n'),
  );
  return {
    ...{ sandbox, dir, config, edit, run: runner(config) },
    writes: () =>
      sandbox.log.entries().filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth2/')),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function runner(config: string) {
  return async (...flags: ('apply' | { extensionId: string } | 'text')[]) => {
    const extensionId = flags.find((flag) => typeof flag === 'object')?.extensionId;
    const json = !flags.includes('text');
    const { code, out, error } = await runCommand([
      ...['setup', '--config', config],
      ...(flags.includes('apply') ? ['--apply'] : []),
      ...(json ? ['--json'] : []),
      ...(extensionId ? ['--extension-id', extensionId] : []),
    ]);
    const steps: PrintedStep[] = (json && JSON.parse(out).steps) || [];
    const step = (what: string) => steps.find((each) => each.what.startsWith(what));
    return {
      code,
      text: out,
      error,
      steps,
      step,
      states: new Set(steps.map(({ state }) => state)),
    };
  };
}

/** Sends one external activity as the daemon would. */
async function sendActivity(file: string): Promise<void> {
  const config = await loadConfig(file, {});
  using store = openStoreCopy(config.stateDir);
  const dispatcher = createDispatcher();
  const { pardot } = createConnections({ config, store, clock: systemClock, dispatcher });
  const activity = { extension: 'Livestorm', type: 'WatchedOnDemand', email: EMAIL, value: 'session-1' };
  const call = { work: 'replays', signal: new AbortController().signal } as const;
  try {
    await new PardotPeopleClient(pardot).createExternalActivity({ ...activity, happenedAtMs: 0 }, call);
  } finally {
    await dispatcher.close();
  }
}

describe('on a bare org', () => {
  it('shows what is missing, creates it once, finds it afterwards, and activities are taken', async () => {
    await using on = await stage();
    on.sandbox.pardot.world.createProspect({ email: EMAIL });
    await assert.rejects(sendActivity(on.config), RefusedError);
    const before = on.writes().length;

    const plan = await on.run();
    assert.equal(plan.code, 3);
    const missing = plan.steps
      .filter(({ state }) => state === 'missing')
      .map(({ what }) => what.split(' ')[0]);
    const counts = Object.groupBy(missing, (word) => word ?? '');
    assert.deepEqual(
      Object.entries(counts).map(([word, found]) => [word, found?.length]),
      [
        ['Campaign', 1],
        ['Extension', 1],
        ['Assignment', 1],
        ['Activity', 8],
        ['Prospect', 9],
      ],
    );
    assert.equal(on.writes().length, before, 'a plan writes nothing');

    const applied = await on.run('apply');
    assert.equal(applied.code, 0, applied.text);
    assert.equal(applied.steps.filter(({ result }) => result?.done).length, 20);

    const writes = on.writes().length;
    const again = await on.run('apply');
    assert.equal(again.code, 0);
    assert.deepEqual(again.states, new Set(['ok', 'unknown']), 'only Connected Campaigns stays unknown');
    assert.equal(on.writes().length, writes, 'the second time writes nothing');
    await sendActivity(on.config);
  });

  it('speaks to people', async () => {
    await using on = await stage();
    const plan = await on.run('text');
    assert.match(
      plan.text,
      /^missing +Extension Livestorm: no such extension\n +with --apply: create it, active$/m,
    );
    assert.match(plan.text, /^20 things are left to do\. Nothing was changed\.$/m);
    const applied = await on.run('apply', 'text');
    assert.match(applied.text, /^done +Activity type Attended: created$/m);
    assert.match(applied.text, /^Everything that can be checked is set up\.$/m);
  });

  it('goes on after a failure and creates the rest the next time', async () => {
    await using on = await stage();
    on.sandbox.faults.arm({
      vendor: 'salesforce',
      kind: 'html_503',
      match: /tooling\/sobjects\/MarketingAppExtension$/,
      times: 1,
    });
    const applied = await on.run('apply');
    assert.equal(applied.code, 3);
    assert.equal(applied.step('Extension')?.result?.done, false);
    assert.equal(applied.step('Activity type Registered')?.result?.text, 'waits for the extension');
    assert.equal(applied.step('Prospect field Webinar_Rate__c')?.result?.done, true);
    assert.equal((await on.run('apply')).code, 0);
    assert.equal(on.sandbox.salesforce.world.marketingExtensions()[0]?.types.length, 8);
  });

  it('counts what appears in between as done', async () => {
    await using on = await stage({ switches: { salesforce: { duplicateDeveloperName: 'DUPLICATE_VALUE' } } });
    await on.run('apply');
    // The lag hides the fields just made, as it would from a second run within a minute.
    on.sandbox.pardot.switches.readLagMs = { min: 60_000, max: 60_000 };
    on.edit((yaml) => yaml.replace('Webinar_Rate__c:', 'Webinar_Other__c:'));
    assert.equal(
      (await on.run('apply')).step('Prospect field Webinar_Other__c')?.result?.text,
      'created; it shows within a minute',
    );
    const again = (await on.run('apply')).step('Prospect field Webinar_Other__c');
    assert.equal(again?.state, 'missing');
    assert.equal(again?.result?.text, 'exists already');
  });
});

describe('on a prepared org', () => {
  it('finds everything in place', async () => {
    await using on = await stage({ bare: false });
    assert.equal((await on.run()).code, 0);
  });

  it('activates what is inactive', async () => {
    await using on = await stage();
    const { world } = on.sandbox.salesforce;
    const [assignedBusinessUnitIds, isActive] = [[on.sandbox.pardot.businessUnitId], false];
    const type = { developerName: 'Attended', label: 'Session attended', isActive };
    const extension = { developerName: 'Livestorm', label: 'Livestorm', isActive, assignedBusinessUnitIds };
    world.createMarketingExtension({ ...extension, types: [type] });
    const plan = await on.run();
    assert.equal(plan.step('Extension')?.state, 'wrong');
    assert.equal(plan.step('Activity type Attended')?.found, 'not active');
    assert.equal((await on.run('apply')).code, 0);
    const [made] = world.marketingExtensions();
    assert.ok(made?.isActive && made.types.every((each) => each.isActive));
  });

  it('rejects fields that append, and does not touch them', async () => {
    await using on = await stage({ bare: false });
    const append = {
      name: 'History',
      fieldId: 'History',
      type: 'Text',
      isRecordMultipleResponses: true,
    } as const;
    on.sandbox.pardot.world.createCustomField(append);
    on.edit((yaml) => yaml.replace('Webinar_Rate__c:', 'History__c:'));
    const { code, step } = await on.run('apply');
    assert.equal(code, 78);
    assert.match(step('Prospect field History__c')?.found ?? '', /multiple responses/);
    assert.deepEqual(on.writes(), []);
  });
});

describe('where queries of extensions are refused', () => {
  const switches = { salesforce: { extensionQueryable: false } };

  it('finds the extension through its types', async () => {
    await using on = await stage({ switches });
    assert.equal((await on.run()).step('Extension')?.state, 'unknown');
    assert.equal((await on.run('apply')).code, 0);
    assert.equal((await on.run()).step('Extension')?.state, 'ok');
  });

  it('takes the id of one that has no types yet', async () => {
    await using on = await stage({ switches });
    const { world } = on.sandbox.salesforce;
    const named = (name: string) => ({
      developerName: name,
      label: name,
      assignedBusinessUnitIds: [],
      types: [],
    });
    const livestorm = world.createMarketingExtension(named('Livestorm'));
    const other = world.createMarketingExtension(named('Other'));
    const blind = await on.run('apply');
    assert.equal(blind.code, 3);
    assert.match(blind.step('Extension')?.result?.hint ?? '', /--extension-id/);
    const wrong = await on.run('apply', { extensionId: other });
    assert.equal(wrong.code, 78);
    assert.equal((await on.run('apply', { extensionId: livestorm })).code, 0);
    assert.deepEqual(
      world.marketingExtensions().map(({ types }) => types.length),
      [8, 0],
    );
  });
});

describe('without permissions', () => {
  it('shows which are missing and creates the rest', async () => {
    await using on = await stage({ switches: { salesforce: { setupRights: 'read_only' } } });
    const { code, step } = await on.run('apply');
    assert.equal(code, 77);
    assert.match(step('Campaign field')?.result?.text ?? '', /INSUFFICIENT_ACCESS/);
    assert.equal(step('Prospect field Webinar_Rate__c')?.result?.done, true);
  });

  const CASES: [string, SandboxOptions['switches'], string][] = [
    ['no rights in the Tooling API', { salesforce: { setupRights: 'none' } }, 'Extension'],
    ['an edition without extensions', { salesforce: { marketingExtensionsInEdition: false } }, 'Extension'],
    ['no rights on Campaign', { salesforce: { campaignCreateable: false } }, 'Campaigns'],
    [
      'no ability to configure fields',
      { pardot: { deniedAbilities: ['Prospect > Prospects > Configure Fields'] } },
      'Prospect field Webinar_Rate__c',
    ],
  ];
  for (const [name, switches, what] of CASES) {
    it(name, async () => {
      await using on = await stage({ bare: false, switches: switches ?? {} });
      const { code, step } = await on.run();
      assert.equal(code, 77);
      assert.match(step(what)?.state ?? '', /unknown|wrong/);
      assert.notEqual(step(what)?.by_hand, null);
    });
  }

  it('says when a field that was made is not visible', async () => {
    await using on = await stage({ switches: { salesforce: { newFieldsVisible: false } } });
    for (const problem of [/^created, but/, /^it exists, but/]) {
      const { code, step } = await on.run('apply');
      assert.equal(code, 77);
      assert.match(step('Campaign field')?.result?.text ?? '', problem);
      assert.match(step('Campaign field')?.result?.hint ?? '', /field-level security/);
    }
    on.sandbox.salesforce.switches.newFieldsVisible = true;
    assert.equal((await on.run()).code, 0);
  });

  it('ends at once when not even a token can be had', async () => {
    await using on = await stage();
    on.edit((yaml) => yaml.replace(/client_id: .*/, 'client_id: someone-else'));
    const { code, error, text } = await on.run('apply', 'text');
    assert.equal(code, 77);
    assert.equal(text, '');
    assert.match(error, /oauth2\/token/);
  });
});

describe('the configuration', () => {
  it('of another business unit is told from a missing permission', async () => {
    await using on = await stage({ bare: false });
    on.edit((yaml) => yaml.replace(/0Uv000000000000AAA/g, '0Uv000000000999AAA'));
    const { code, step } = await on.run();
    assert.equal(code, 78);
    assert.match(step('Business unit')?.found ?? '', /is none of 0Uv000000000000AAA/);
  });

  it('must be valid', async () => {
    await using on = await stage();
    on.edit(() => 'pardot: {}');
    assert.equal((await on.run()).code, 78);
  });

  it('with refresh tokens is not shared with a running daemon, and rotated tokens are kept', async () => {
    await using on = await stage({ bare: false, switches: { salesforce: { rotateRefreshTokens: true } } });
    logInByRefreshToken(on);
    assert.equal((await on.run()).code, 0);
    assert.equal((await on.run()).code, 0, 'the configured token is worth nothing by now');
    const { stateDir } = await loadConfig(on.config, {});
    using _daemon = InstanceLock.take(lockFile(stateDir));
    assert.equal((await on.run()).code, 75);
  });
});
