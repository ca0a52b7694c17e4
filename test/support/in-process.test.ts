import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent, type Dispatcher, fetch } from 'undici';
import { sendHttp } from '../../src/clients/http.ts';
import { HOUR } from '../../src/clock.ts';
import { RetryableError } from '../../src/errors.ts';
import { FAULT_KINDS, type FaultKind } from '../../src/sandbox/kernel/faults.ts';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { InProcessDispatcher } from './in-process.ts';
import { VirtualClock } from './virtual-clock.ts';
import { START, World } from './world.ts';

const KEYS = newKeyPair();
const SHORT_MS = 100;

interface Way {
  readonly sandbox: Sandbox;
  readonly dispatcher: Dispatcher;
  readonly clock: VirtualClock;
}

interface Seen {
  readonly kind: FaultKind;
  readonly outcome: unknown;
  /** People of the session afterwards. */
  readonly registered: number;
}

/** Registers somebody through `sendHttp` with one fault armed, and tells all that a client can learn from it. */
async function send(way: Way, kind: FaultKind): Promise<Seen> {
  const { sandbox, dispatcher, clock } = way;
  sandbox.faults.clear();
  sandbox.faults.arm({ vendor: 'livestorm', kind, times: 1, reply: { status: 418, body: 'tea' } });
  const sessionId = aSession(sandbox);
  const outcome = await sendHttp(
    { vendor: 'livestorm', clock, dispatcher, timeoutMs: 1_000_000, maxBytes: 1_000_000 },
    { method: 'POST', operation: 'POST /sessions/{id}/people', ...registration(sandbox, sessionId) },
    new AbortController().signal,
  ).then(
    ({ status, body }) => ({ status, length: body.length, html: body.startsWith('<html>') }),
    (error: unknown) => {
      assert.ok(error instanceof RetryableError, String(error));
      const { applied, status, code, cause } = error;
      return { applied, status, code, cause: (cause as Error).name };
    },
  );
  return { kind, outcome, registered: registeredByApi(sandbox, sessionId) };
}

function aSession(sandbox: Sandbox): string {
  const { id } = sandbox.livestorm.world.createEvent({ title: 'Webinar' });
  return sandbox.livestorm.world.createSession(id, { startsAtMs: START + HOUR }).id;
}

function registeredByApi(sandbox: Sandbox, sessionId: string): number {
  return sandbox.livestorm.world.people(sessionId).filter(({ registeredBy }) => registeredBy === 'api')
    .length;
}

function registration(
  sandbox: Sandbox,
  sessionId: string,
): { url: URL; headers: Record<string, string>; body: string } {
  const fields = { email: 'ada@example.org', first_name: 'Ada', last_name: 'Lovelace' };
  return {
    url: new URL(`${sandbox.urls.livestorm}/sessions/${sessionId}/people`),
    headers: { authorization: sandbox.credentials.livestorm.apiToken, 'content-type': 'application/json' },
    body: JSON.stringify({
      data: {
        type: 'people',
        attributes: { fields: Object.entries(fields).map(([id, value]) => ({ id, value })) },
      },
    }),
  };
}

test('every fault looks to a client as it does on a real socket', async () => {
  const clock = new VirtualClock(START, { virtualDeadlines: true });
  await using listening = await Sandbox.start({ clock, keys: KEYS });
  const agent = new Agent({ headersTimeout: SHORT_MS, bodyTimeout: SHORT_MS });
  const created = Sandbox.create({ clock, keys: KEYS });
  const inProcess = new InProcessDispatcher(created, clock, { timeoutMs: SHORT_MS });
  let applied = 0;
  for (const kind of FAULT_KINDS) {
    await clock.advance(10_000);
    const seen = await send({ sandbox: created, dispatcher: inProcess, clock }, kind);
    assert.deepEqual(seen, await send({ sandbox: listening, dispatcher: agent, clock }, kind));
    applied += seen.registered;
  }
  assert.equal(applied, 6, 'those that let the request be applied');
  await agent.destroy();
});

test('fetch goes the same way', async () => {
  const clock = new VirtualClock(START);
  const sandbox = Sandbox.create({ clock, keys: KEYS });
  const answer = await fetch(`${sandbox.urls.salesforce}/services/data/`, {
    dispatcher: new InProcessDispatcher(sandbox, clock),
  });
  assert.equal(answer.status, 200);
  assert.ok(Array.isArray(await answer.json()));
});

test('what is asked of an unknown address is refused', async () => {
  const clock = new VirtualClock(START);
  const dispatcher = new InProcessDispatcher(Sandbox.create({ clock, keys: KEYS }), clock);
  await assert.rejects(fetch('http://127.0.0.1:1/', { dispatcher }), { name: 'TypeError' });
});

test('the daemon does its main job without sockets, and both moments of every request are told', async () => {
  const moments: string[] = [];
  await using world = await World.start({
    inProcess: { onRequest: (moment, { method, path }) => void moments.push(`${moment} ${method} ${path}`) },
  });
  const webinar = await world.linkedWebinar();
  world.sandbox.pardot.world.submitForm(webinar.formId, { email: 'ada@example.org' });
  await world.until('registered', () => world.outcomeOf(webinar.sessionId, 'ada@example.org') !== null);
  assert.deepEqual(world.registered(webinar.sessionId), [{ email: 'ada@example.org', confirmations: 1 }]);
  const path = `POST /v1/sessions/${webinar.sessionId}/people`;
  assert.deepEqual(
    moments.filter((moment) => moment.endsWith(path)),
    [`sent ${path}`, `applied ${path}`],
  );
});

test('a process that ends between the two moments leaves the request applied and unanswered', async () => {
  let dispatcher: InProcessDispatcher | undefined;
  const clock = new VirtualClock(START);
  const sandbox = Sandbox.create({ clock, keys: KEYS });
  const ended = new Promise<void>((resolve) => {
    dispatcher = new InProcessDispatcher(sandbox, clock, {
      onRequest: (moment) => {
        if (moment === 'sent') return;
        dispatcher?.cut();
        resolve();
      },
    });
  });
  assert.ok(dispatcher);
  let isAnswered = false;
  const sessionId = aSession(sandbox);
  const { url, ...request } = registration(sandbox, sessionId);
  void fetch(url, { method: 'POST', ...request, dispatcher }).finally(() => {
    isAnswered = true;
  });
  await ended;
  await clock.advance(60_000);
  assert.equal(registeredByApi(sandbox, sessionId), 1);
  assert.equal(isAnswered, false);
});

test('what is armed as a request is sent hits that request, whatever is on its way at the same time', async () => {
  const clock = new VirtualClock(START);
  const sandbox = Sandbox.create({ clock, keys: KEYS });
  const applied = new Map<string, number | undefined>();
  const dispatcher = new InProcessDispatcher(sandbox, clock, {
    onRequest: (moment, { path, status }) => {
      if (moment === 'applied') applied.set(path, status);
      else if (path.endsWith('/second')) {
        sandbox.faults.arm({ vendor: 'livestorm', kind: 'status', times: 1, reply: { status: 418 } });
      }
    },
  });
  const paths = ['first', 'second', 'third'].map((name) => `/v1/sessions/${name}`);
  const { origin } = new URL(sandbox.urls.livestorm);
  await Promise.all(paths.map((path) => fetch(`${origin}${path}`, { dispatcher })));
  assert.deepEqual(
    paths.map((path) => applied.get(path)),
    [401, 418, 401],
  );
});
