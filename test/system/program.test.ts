import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { buildProgram, Program, runProgram } from '../support/program.ts';

before(buildProgram);

const DAY = 86_400_000;
const EMAIL = 'ada@example.org';
const KEYS = newKeyPair();

/** A sandbox without delays in real time, and the configuration of the program for it. */
async function stage() {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-program-'));
  const sandbox = await Sandbox.start({
    keys: KEYS,
    switches: { pardot: { mirrorDelayMs: 0, readLagMs: { min: 0, max: 0 } } },
  });
  const config = await sandbox.writeConfig(dir);
  const isRead = (line: { method: string; path: string }) =>
    line.method === 'GET' || line.path.includes('/oauth2/');
  return {
    sandbox,
    dir,
    config,
    state: join(dir, 'state'),
    writes: () => sandbox.log.entries().filter((line) => !isRead(line)),
    once: () => runProgram(['run', '--once', '--config', config]),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

type Stage = Awaited<ReturnType<typeof stage>>;

/** Activated, with a linked session and a form for it. */
async function linked({ sandbox, once }: Stage): Promise<{ sessionId: string; formId: number }> {
  await once();
  const event = sandbox.livestorm.world.createEvent({ title: 'Webinar' });
  const session = sandbox.livestorm.world.createSession(event.id, { startsAtMs: sandbox.clock.now() + DAY });
  await once();
  const campaign = sandbox.pardot.world.campaigns().find(({ name }) => name.startsWith('Webinar'));
  const formId = sandbox.pardot.world.createForm({ name: 'form', campaignId: campaign?.id ?? 0 });
  return { sessionId: session.id, formId };
}

const apiPeople = ({ sandbox }: Stage, sessionId: string) =>
  sandbox.livestorm.world.people(sessionId).filter(({ registeredBy }) => registeredBy === 'api');

test('run --once does one pass at a time and ends with 0; status tells what happened', async () => {
  await using on = await stage();
  const { sessionId, formId } = await linked(on);
  on.sandbox.pardot.world.submitForm(formId, { email: EMAIL });
  const ended = await on.once();
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(apiPeople(on, sessionId).length, 1);
  assert.ok(!`${ended.stdout}${ended.stderr}`.includes(EMAIL), 'no address in the log');

  const status = await runProgram(['status', '--json', '--config', on.config]);
  const view = JSON.parse(status.stdout);
  assert.equal(view.sessions[0].registrations.registered, 1);
  rmSync(join(on.dir, 'livestorm-token'));
  const text = await runProgram(['status', '--config', on.config]);
  assert.match(text.stdout, /registered: 1/, 'status needs no secret');
  assert.ok(!text.stdout.includes(EMAIL));
});

test('run --dry-run sends no write, keeps no state, and says what it would send', async () => {
  await using on = await stage();
  const { formId } = await linked(on);
  on.sandbox.pardot.world.submitForm(formId, { email: EMAIL });
  const before = { writes: on.writes().length, state: readFileSync(join(on.state, 'state.db')) };
  const ended = await runProgram(['run', '--dry-run', '--config', on.config]);
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /register in Livestorm\s+ada@example\.org/);
  assert.equal(on.writes().length, before.writes);
  assert.deepEqual(readFileSync(join(on.state, 'state.db')), before.state);
});

test('a second process on the same state ends with 75 and says why', async () => {
  await using on = await stage();
  await using first = new Program(['run', '--config', on.config]);
  await first.says('"started"');
  const second = await runProgram(['run', '--config', on.config]);
  assert.equal(second.code, 75);
  assert.match(second.stderr, /another livestorm-pardot already uses/);
  const status = await runProgram(['status', '--config', on.config]);
  assert.equal(status.code, 0, 'status works beside the daemon');
});

test('SIGTERM drains and ends with 0', async () => {
  await using on = await stage();
  await using program = new Program(['run', '--config', on.config]);
  await program.says('"started"');
  program.kill('SIGTERM');
  const ended = await program.ended();
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /"stopped"/);
});

test('SIGTERM waits for the request under way, a second one cuts it, and the next start looks before it repeats', async () => {
  await using on = await stage();
  const { sessionId, formId } = await linked(on);
  on.sandbox.pardot.world.submitForm(formId, { email: EMAIL });
  on.sandbox.faults.arm({ vendor: 'livestorm', kind: 'stall_after', match: /^POST .*people$/, times: 1 });
  const reached = new Promise<void>((resolve) => {
    const add = on.sandbox.log.add.bind(on.sandbox.log);
    on.sandbox.log.add = (entry) => {
      add(entry);
      if (entry.fault === 'stall_after') resolve();
    };
  });
  const program = new Program(['run', '--config', on.config]);
  await reached;
  program.kill('SIGTERM');
  await program.says('"draining"');
  program.kill('SIGTERM');
  const ended = await program.ended();
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(apiPeople(on, sessionId).length, 1);
  const view = JSON.parse((await runProgram(['status', '--json', '--config', on.config])).stdout);
  assert.ok(
    view.effects.some(
      ({ kind, state }: { kind: string; state: string }) =>
        kind === 'livestorm_registration' && state === 'unknown',
    ),
  );
  await on.once();
  assert.equal(apiPeople(on, sessionId)[0]?.confirmationsSent, 1);
});

test('killed at any moment, the program goes on where it stopped and mails nobody twice', async () => {
  await using on = await stage();
  const { sessionId, formId } = await linked(on);
  const people = Array.from({ length: 20 }, (_, index) => `p${index}@example.org`);
  for (const email of people) on.sandbox.pardot.world.submitForm(formId, { email });
  for (const requests of [3, 6, 9]) {
    const program = new Program(['run', '--once', '--config', on.config]);
    await new Promise<void>((resolve) => {
      let seen = 0;
      const add = on.sandbox.log.add.bind(on.sandbox.log);
      on.sandbox.log.add = (entry) => {
        add(entry);
        if (++seen === requests) resolve();
      };
      void program.ended().then(() => resolve());
    });
    program.kill('SIGKILL');
    await program.ended();
  }
  await on.once();
  const registered = apiPeople(on, sessionId);
  assert.ok(registered.every(({ confirmationsSent }) => confirmationsSent === 1));
  const view = JSON.parse((await runProgram(['status', '--json', '--config', on.config])).stdout);
  const { registered: done = 0, on_the_way: open = 0 } = view.sessions[0].registrations;
  assert.equal(done + open, people.length, 'everybody is registered or on the way');
});

test('SIGHUP applies a valid configuration and keeps the old one otherwise', async () => {
  await using on = await stage();
  const yaml = readFileSync(on.config, 'utf8');
  await using program = new Program(['run', '--config', on.config]);
  await program.says('"started"');
  writeFileSync(on.config, `${yaml}\nnonsense: true\n`);
  program.kill('SIGHUP');
  await program.says('the old one goes on');
  await program.says('unknown key');
  writeFileSync(on.config, `${yaml}\nsafety:\n  denied_domains: [denied.example]\n`);
  program.kill('SIGHUP');
  await program.says('new configuration applied');
  program.kill('SIGTERM');
  assert.equal((await program.ended()).code, 0);
});

test('a wrong configuration ends with 78, all problems at once, and nothing is written', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-program-'));
  const file = join(dir, 'config.yaml');
  writeFileSync(file, `livestorm: { api_token: literal }\nnonsense: 1\nstate_dir: ${join(dir, 'state')}\n`);
  for (const args of [['run'], ['run', '--once'], ['run', '--dry-run'], ['check-config'], ['status']]) {
    const ended = await runProgram([...args, '--config', file]);
    assert.equal(ended.code, 78, args.join(' '));
    assert.match(ended.stderr, /config\.yaml:1:\d+ .*api_token/);
    assert.match(ended.stderr, /config\.yaml:2:\d+ .*nonsense/);
    assert.ok(!ended.stderr.includes('literal '), 'the secret is not repeated');
  }
  assert.ok(!existsSync(join(dir, 'state')));
  rmSync(dir, { recursive: true });
});

test('wrong usage ends with 2 and shows the usage, --help with 0', async () => {
  const cases: [string[], number][] = [
    [[], 2],
    [['nonsense'], 2],
    [['run', '--nonsense'], 2],
    [['--help'], 0],
    [['run', '--help'], 0],
    [['--version'], 0],
  ];
  for (const [args, code] of cases) {
    const ended = await runProgram(args);
    assert.equal(ended.code, code, args.join(' '));
    assert.ok(ended.stdout.length + ended.stderr.length > 0);
  }
});

test('the demo plays through and shows every outcome', async () => {
  const ended = await runProgram(['demo']);
  assert.equal(ended.code, 0, ended.stderr);
  for (const word of [
    'registered',
    'already_registered',
    'team_member',
    'campaign_unlinked',
    'Webinar_Attended__c',
  ]) {
    assert.ok(ended.stdout.includes(word), word);
  }
});
