import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommandLine } from '../../src/cli/commands.ts';
import { MINUTE } from '../../src/clock.ts';
import { secretsOf } from '../../src/config/config.ts';
import { createLogger } from '../../src/logger.ts';
import type { Exchange, Reply } from '../../src/sandbox/kernel/exchange.ts';
import { createReaders } from '../../src/status/overview.ts';
import { answering } from '../../src/status/routes.ts';
import { World } from '../support/world.ts';
import { Canaries } from './canaries.ts';
import { ECHOES } from './echoes.ts';
import { runSource } from './source-program.ts';
import { type Tamper, tamperWith } from './tampering.ts';

const PEOPLE = 340;
/** Of so many requests one is answered with an error that quotes it. */
const ONE_IN = 6;

const nameOf = (index: number) => ({
  email: `cnry-${index}-qzv@people${index}.example.org`,
  firstName: `Firstcnry${index}qzv`,
  lastName: `Lastcnry${index}qzv`,
});

/** Notes every token that Salesforce issues and every assertion it gets, and sabotages once it is told to. */
class Saboteur {
  isAtWork = false;
  played = 0;
  #seen = 0;
  readonly #canaries: Canaries;

  constructor(canaries: Canaries) {
    this.#canaries = canaries;
  }

  readonly tamper: Tamper = (vendor, exchange, answer) => {
    this.#note(exchange);
    if (this.isAtWork && ++this.#seen % ONE_IN === 0) {
      const echo = ECHOES[this.played++ % ECHOES.length];
      if (echo) return echo(vendor, exchange);
    }
    const reply = answer();
    this.#noteIssued(reply);
    return reply;
  };

  #note({ body }: Exchange): void {
    const assertion = new URLSearchParams(body.toString('latin1')).get('assertion');
    if (assertion) this.#canaries.add('assertion', assertion);
  }

  #noteIssued({ body }: Reply): void {
    const token = /"access_token":"([^"]+)"/.exec(body)?.[1];
    if (token) this.#canaries.add('access token', token);
  }
}

/** Everybody submits, most register, half attend, with every sixth request sabotaged; then commands look at it. */
async function live(world: World, canaries: Canaries, saboteur: Saboteur): Promise<void> {
  const { livestorm, pardot, salesforce } = world.sandbox;
  const { sessionId, formId, startsAtMs } = await world.linkedWebinar();
  saboteur.isAtWork = true;
  for (let index = 0; index < PEOPLE; index++) {
    const person = nameOf(index);
    canaries.add('address', person.email);
    canaries.add('first name', person.firstName);
    canaries.add('last name', person.lastName);
    if (index % 3 === 0) {
      const { email, firstName: first_name, lastName: last_name } = person;
      livestorm.world.registerOnPage(sessionId, { email, fields: { first_name, last_name } });
    } else pardot.world.submitForm(formId, person);
    if (index % 100 === 99) await world.minutes(2);
  }
  await world.minutes(12);
  salesforce.world.revokeSessions();
  await world.minutes(6);
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  for (const { email } of livestorm.world.people(sessionId)) {
    livestorm.world.join(sessionId, email, { durationSeconds: 900 });
  }
  await world.clock.advance(40 * MINUTE);
  livestorm.world.endSession(sessionId);
  await world.minutes(40);
}

/** What the daemon would have written at level debug. */
function logOf(world: World): string {
  const written: string[] = [];
  const log = createLogger(
    { write: (line: string) => void written.push(line) },
    {
      level: 'debug',
      secrets: secretsOf(world.config),
      now: world.clock.now.bind(world.clock),
      personKey: 'key',
    },
  );
  for (const { level, fields, message } of world.lines) log[level](fields, message);
  return written.join('');
}

/** Commands that promise to name nobody, with everything they print and log. */
const COMMANDS: readonly (readonly string[])[] = [
  ['status'],
  ['status', '--json'],
  ['doctor'],
  ['doctor', '--json'],
  ['check-config'],
  ['check-config', '--json'],
  ['config', 'explain'],
  ['config', 'explain', '--json'],
  ['links'],
  ['links', '--all', '--json'],
  ['links', '--offline'],
  ['failed', 'list'],
  ['failed', 'list', '--json'],
  ['held', 'list'],
  ['reconcile'],
  ['reconcile', '--json'],
  ['run', '--once', '--dry-run'],
];

async function told(world: World, args: readonly string[]): Promise<string> {
  const parts: string[] = [];
  const add = (text: string): void => void parts.push(text);
  await runCommandLine([...args, '--config', join(world.dir, 'config.yaml')], {
    write: add,
    writeError: add,
    env: {},
    logs: { write: add },
    onSignal: () => {},
    ...(args[0] === 'run' ? {} : { clock: world.clock }),
  });
  return parts.join('');
}

/** What the status page shows to whoever has not proved who they are. */
function shown(world: World): Readonly<Record<string, string>> {
  const { store, clock, daemon, config } = world;
  const answer = answering({
    store,
    clock,
    token: 'a-token-that-nobody-has',
    ...createReaders({ store, clock, daemon }, config.status),
    stuck: () => daemon.stuck(),
  });
  const headers = { host: 'localhost:9464' };
  return Object.fromEntries(
    ['/', '/live', '/metrics', '/healthz', '/readyz', '/person'].map((path) => {
      const reply = answer({ method: 'GET', path, headers, body: '' });
      return [path, JSON.stringify([reply.status, reply.headers]) + reply.body];
    }),
  );
}

test('of more than 1,000 canaries, people and secrets, none is in logs, problems, on the status page, or in the output of commands that name nobody', async (t) => {
  const canaries = new Canaries();
  const saboteur = new Saboteur(canaries);
  await using world = await World.start();
  tamperWith(world.sandbox, saboteur.tamper);
  const { credentials } = world.sandbox;
  canaries.add('livestorm token', credentials.livestorm.apiToken);
  canaries.add('private key', credentials.salesforce.privateKeyPem);
  canaries.add('client secret', credentials.salesforce.clientSecret);
  canaries.add('refresh token', credentials.salesforce.refreshToken);
  for (const line of credentials.salesforce.privateKeyPem.split('\n').slice(1, -2)) canaries.add('key', line);
  await live(world, canaries, saboteur);

  const log = logOf(world);
  t.diagnostic(
    `${canaries.size} canaries (${canaries.count('address')} addresses, ${canaries.count('access token')} access tokens, ` +
      `${canaries.count('assertion')} assertions), ${saboteur.played} answers that quote the request, ` +
      `${world.lines.length} lines of log, ${Math.round(log.length / 1024)} KiB`,
  );
  assert.ok(canaries.size >= 1_000);
  assert.ok(saboteur.played >= 100 && canaries.count('access token') >= 2);
  assert.deepEqual(canaries.foundIn(log).slice(0, 5), [], 'in the log');
  const kept = JSON.stringify([
    world.store.jobRuns.all(),
    world.store.effects.all('livestorm_registration').map(({ problem }) => problem),
  ]);
  assert.deepEqual(canaries.foundIn(kept).slice(0, 5), [], 'in what is kept of failures');
  for (const args of COMMANDS) {
    const text = await told(world, args);
    assert.ok(text.length > 0, args.join(' '));
    assert.deepEqual(canaries.foundIn(text).slice(0, 5), [], args.join(' '));
  }

  for (const [path, text] of Object.entries(shown(world))) {
    assert.ok(text.length > 20, path);
    assert.deepEqual(canaries.foundIn(text).slice(0, 5), [], `status page ${path}`);
  }

  const person = nameOf(7);
  assert.equal(canaries.foundIn(`${log}\n${Buffer.from(person.email).toString('base64')}`).length, 1);
  const why = await told(world, ['why', nameOf(1).email]);
  assert.ok(canaries.foundIn(why).length >= 1, 'a command that names people does: the search can find them');
});

test('a crash tells its class and its place, and none of what it was about', async () => {
  const canaries = new Canaries();
  const email = canaries.add('address', 'cnry-crash-qzv@example.org');
  const token = canaries.add('token', 'cnryTokenOfTheCrash0123456789');
  const bug = `Object.assign(new TypeError(${JSON.stringify(`no ${email} with ${token}`)}, { cause: new Error(${JSON.stringify(`${email}\n    at ${token}`)}) }), { body: ${JSON.stringify(email)}, headers: { authorization: ${JSON.stringify(token)} } })`;
  const ways = {
    thrown: `const stringify = JSON.stringify; JSON.stringify = (...all) => { if (!/renderJsonSchema/.test(new Error().stack)) return stringify(...all); throw ${bug}; };`,
    rejected: `const stringify = JSON.stringify; JSON.stringify = (...all) => { if (!/renderJsonSchema/.test(new Error().stack)) return stringify(...all); Promise.reject(${bug}); return '{}'; };`,
    'rejected with text': `const stringify = JSON.stringify; JSON.stringify = (...all) => { if (!/renderJsonSchema/.test(new Error().stack)) return stringify(...all); Promise.reject(${JSON.stringify(email)}); return '{}'; };`,
    'thrown later': `const stringify = JSON.stringify; JSON.stringify = (...all) => { if (!/renderJsonSchema/.test(new Error().stack)) return stringify(...all); queueMicrotask(() => { throw ${bug}; }); return '{}'; };`,
  };
  for (const [way, before] of Object.entries(ways)) {
    const { code, stdout, stderr } = await runSource(['config', 'schema'], { before });
    assert.equal(code, 1, `${way}: ${stderr}`);
    assert.match(stderr, /an error in the program/, way);
    if (way !== 'rejected with text') assert.match(stderr, /TypeError\n\s+at [\s\S]*caused by Error/, way);
    assert.deepEqual(canaries.foundIn(stdout + stderr), [], way);
  }
});
