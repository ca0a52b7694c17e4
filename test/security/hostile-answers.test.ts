import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import type { Reply } from '../../src/sandbox/kernel/exchange.ts';
import { mutated } from './answer-mutations.ts';
import { CLIENT_CALLS, type ClientCall } from './client-calls.ts';
import { ClientStage } from './client-stage.ts';

const SPOILT_PER_CALL = 40;
const MOST_REQUESTS = 60;
const LATEST_INSTANT_MS = 8.64e15;
const surprises: unknown[] = [];
const note = (error: unknown) => surprises.push(error);
let cases = 0;
let refused = 0;

before(() => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
});
after(() => {
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
  assert.deepEqual(surprises, []);
});

/** What is wrong with a value that a client made of an answer; empty when it can be used. */
function faultsIn(root: unknown): string[] {
  const faults: string[] = [];
  const visit = (value: unknown, path: string): void => {
    const name = path.slice(path.lastIndexOf('.') + 1);
    if (typeof value === 'function' || typeof value === 'symbol') faults.push(`${path} is a ${typeof value}`);
    if (typeof value === 'number' && !Number.isFinite(value)) faults.push(`${path} is ${value}`);
    if (typeof value === 'number' && /AtMs$/.test(name) && Math.abs(value) > LATEST_INSTANT_MS) {
      faults.push(`${path} is no instant: ${value}`);
    }
    if (typeof value === 'number' && /(?:^i|I)d$/.test(name) && !(Number.isSafeInteger(value) && value > 0)) {
      faults.push(`${path} is no id: ${value}`);
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) visit(member, `${path}.${key}`);
  };
  visit(root, '');
  return faults;
}

/** Ends in an error that says how one recovers, or in a value without faults; in bounded time either way. */
async function endsWell(what: string, ask: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), 10_000);
  });
  try {
    assert.deepEqual(faultsIn(await Promise.race([ask(), hangs])), [], what);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.ok(error instanceof AppError, `${what}: ${(error as Error | undefined)?.stack}`);
    assert.ok(error.message.length < 1_500, `${what}: a message of ${error.message.length} characters`);
    assert.doesNotMatch(error.message, /[\p{Cc}\p{Cf}\p{Cs}]/u, what);
    assert.ok(error.hint === undefined || typeof error.hint === 'string', what);
    refused++;
  } finally {
    clearTimeout(timer);
  }
}

async function checkCall(stage: ClientStage, name: string, ask: ClientCall): Promise<void> {
  const replies = await stage.record(ask);
  assert.ok(replies.length > 0);
  await stage.replay(ask, (index) => replies[Math.min(index, replies.length - 1)] as Reply);
  for (let seed = 1; seed <= SPOILT_PER_CALL; seed++) {
    const random = new Random(seed * 7919 + name.length);
    const spoiltIndex = random.between(0, replies.length - 1);
    const { reply, how } = mutated(replies[spoiltIndex] as Reply, random);
    const answer = (index: number): Reply => {
      if (index >= MOST_REQUESTS) throw new Error('asks without end');
      return index === spoiltIndex ? reply : (replies[Math.min(index, replies.length - 1)] as Reply);
    };
    await endsWell(`${name}, seed ${seed} (${how}): ${reply.status} ${reply.body.slice(0, 300)}`, () =>
      stage.replay(ask, answer),
    );
    cases++;
  }
}

test('an answer that is spoilt in any way ends in an error of a known class, or in a value that can be used', async (t) => {
  const stage = await ClientStage.set();
  for (const [name, ask] of Object.entries(CLIENT_CALLS)) {
    await t.test(name, () => checkCall(stage, name, ask));
  }
  for (const kind of ['jwt', 'client_credentials', 'refresh_token'] as const) {
    await t.test(`token by ${kind}`, () => checkCall(stage, kind, stage.tokenRequest(kind)));
  }
  t.diagnostic(`${cases} spoilt answers, ${refused} of them refused`);
  assert.ok(cases >= 2_000);
  assert.ok(refused > cases / 3, 'the spoiling spoils');
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test('a list that leads in circles ends, whatever its pages say', async (t) => {
  const stage = await ClientStage.set();
  const json = (value: unknown): Reply => ({ status: 200, headers: {}, body: JSON.stringify(value) });
  const endless: Record<string, (index: number) => unknown> = {
    'livestorm listRegistrants': (index) => ({ data: [], meta: { record_count: 5, next_page: index + 1 } }),
    'livestorm listSessions since': (index) => ({
      ...sameRows,
      meta: { record_count: 999, next_page: index + 1 },
    }),
    'pardot lists': () => ({ values: [], nextPageToken: 'next' }),
    'pardot listCampaigns': () => ({ values: [{ id: 1 }], nextPageToken: 'next' }),
    'pardot externalActivitiesBetween': (index) => ({
      values: [],
      nextPageToken: index % 2 === 0 ? 'a' : 'b',
    }),
    'pardot import membersOf': () => ({ values: [{ id: 5, listId: 1 }], nextPageToken: 'next' }),
  };
  const [first] = await stage.record(CLIENT_CALLS['livestorm listSessions since'] as ClientCall);
  const sameRows = JSON.parse(first?.body ?? '{}') as object;
  for (const [name, answer] of Object.entries(endless)) {
    await t.test(name, async () => {
      let asked = 0;
      await endsWell(name, () =>
        stage.replay(CLIENT_CALLS[name] as ClientCall, (index) => {
          asked++;
          if (index >= MOST_REQUESTS) throw new Error('asks without end');
          return json(answer(index));
        }),
      );
      assert.ok(asked > 0 && asked <= 6, `${asked} requests`);
    });
  }
});
