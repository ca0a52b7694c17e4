import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './checker.ts';
import { CELLS, FAULT_KINDS_OF_ALL } from './fault-kinds.ts';
import { keyOf } from './people.ts';
import { runSeed } from './seed.ts';
import { Simulation } from './simulation.ts';
import { Tally } from './tally.ts';

const SEEDS = 6;

test('so many worlds end as their history demands, whatever goes wrong on the way', async () => {
  const tally = new Tally();
  for (let seed = 1; seed <= SEEDS; seed++) tally.add(await runSeed(seed));
  assert.deepEqual(
    tally.failures.map(({ seed, violations }) => ({ seed, violations })),
    [],
  );
  assert.ok(tally.faults > SEEDS, 'faults were played');
});

test('a seed is the same run every time', async () => {
  const [first, second] = [await runSeed(3), await runSeed(3)];
  assert.deepEqual(first, second);
  assert.notEqual(first.fingerprint, (await runSeed(4)).fingerprint);
});

test('the table has at least twenty kinds for every endpoint', () => {
  const counts = [...Map.groupBy(CELLS, ({ endpoint }) => endpoint.label)].map(([, cells]) => cells.length);
  assert.ok(Math.min(...counts) >= 20);
  assert.ok(new Set(FAULT_KINDS_OF_ALL.map(({ name }) => name)).size === FAULT_KINDS_OF_ALL.length);
});

/** A quiet world in which a form registered somebody in a session that was held, and the checker finds nothing. */
async function aWorld(): Promise<{ sim: Simulation; victim: Victim }> {
  for (let seed = 1; seed < 60; seed++) {
    const sim = new Simulation(seed, { troubles: false });
    await sim.play();
    const victim = victimOf(sim);
    if (victim && check(sim, []).length === 0) return { sim, victim };
    await sim[Symbol.asyncDispose]();
  }
  throw new Error('no world is fit');
}

interface Victim {
  readonly sessionId: string;
  readonly personId: string;
  readonly email: string;
  readonly prospectId: number;
}

function victimOf({ sandbox, history, service: { births } }: Simulation): Victim | undefined {
  if (history.interventions.some(({ atMs }) => atMs > (births[0] ?? 0))) return undefined;
  const { livestorm } = sandbox;
  const held = livestorm.world.sessions().filter(({ status }) => status === 'past');
  for (const { id: sessionId } of held) {
    for (const { personId, email, registeredBy } of livestorm.world.people(sessionId)) {
      const asked = history.submissions.filter((each) => keyOf(each.email) === keyOf(email));
      const [first] = asked;
      const isOfPage = history.pageRegistrations.some((each) => keyOf(each.email) === keyOf(email));
      if (isOfPage || registeredBy === 'workspace' || !first) continue;
      const isAlone = asked.every(({ prospectId }) => prospectId === first.prospectId);
      if (isAlone) return { sessionId, personId, email, prospectId: first.prospectId };
    }
  }
  return undefined;
}

/** A call to Pardot's API that the daemon never made. */
function callPardot({ sandbox }: Simulation, method: string, path: string, body: object): void {
  const { clientId, clientSecret } = sandbox.credentials.salesforce;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const send = (
    vendor: 'salesforce' | 'pardot',
    label: string,
    headers: Record<string, string>,
    text: string,
  ): string => {
    const [verb = '', to = ''] = label.split(' ');
    const url = new URL(to, 'http://sandbox');
    const exchange = { method: verb, path: url.pathname, query: url.searchParams, headers, inFlight: 1 };
    const played = sandbox.answer(vendor, { ...exchange, body: Buffer.from(text) });
    assert.ok(played.kind === 'reply' && played.reply.status < 300, JSON.stringify(played));
    return played.reply.body;
  };
  const grant = send('salesforce', 'POST /services/oauth2/token', {}, String(new URLSearchParams(form)));
  const headers = {
    authorization: `Bearer ${JSON.parse(grant).access_token}`,
    'pardot-business-unit-id': sandbox.pardot.businessUnitId,
    'content-type': 'application/json',
  };
  send('pardot', `${method} ${path}`, headers, JSON.stringify(body));
}

/** Each of these is what a bug of the daemon would leave behind. */
const TAMPERINGS: readonly {
  readonly name: string;
  readonly with: (sim: Simulation, victim: Victim) => void;
  readonly reported: RegExp;
}[] = [
  {
    name: 'somebody was mailed twice',
    with: ({ sandbox }, { sessionId, personId }) =>
      sandbox.livestorm.world.state.sessions.get(sessionId)?.confirmations.set(personId, 3),
    reported: /was mailed 3 times/,
  },
  {
    name: 'somebody is in a session that they never asked for',
    with: ({ sandbox }, { sessionId, personId }) => {
      const { sessions } = sandbox.livestorm.world.state;
      const registration = sessions.get(sessionId)?.registrations.get(personId);
      const other = [...sessions.values()].find(({ registrations }) => !registrations.has(personId));
      if (registration) other?.registrations.set(personId, registration);
    },
    reported: /never asked for it/,
  },
  {
    name: 'the source campaign was changed',
    with: ({ sandbox }, { prospectId }) => {
      const source = sandbox.pardot.world.prospect(prospectId)?.campaignId;
      const other = sandbox.pardot.world.campaigns().find(({ id }) => id !== source);
      sandbox.pardot.world.editProspect(prospectId, { campaignId: other?.id });
    },
    reported: /had source campaign/,
  },
  {
    name: 'attendance is not what Livestorm says',
    with: ({ sandbox }, { prospectId }) =>
      sandbox.pardot.world.editProspect(prospectId, { Webinar_Duration__c: 77_777 }),
    reported: /has Duration 77777/,
  },
  {
    name: 'an activity was told twice',
    with: (sim, { email, sessionId }) =>
      callPardot(sim, 'POST', '/api/v5/external-activities', {
        extension: 'Livestorm',
        type: 'Registered',
        email,
        value: sessionId,
      }),
    reported: /Registered of .* was told 2 times/,
  },
  {
    name: 'a second prospect was made',
    with: (sim, { email }) => {
      Object.assign(sim.sandbox.pardot.switches, { ampsea: true });
      callPardot(sim, 'POST', '/api/v5/objects/prospects?fields=id', { email });
    },
    reported: /a prospect was made for .* although there was/,
  },
  {
    name: 'a stranger is on the list',
    with: (sim, { sessionId }) => {
      const { pardot } = sim.sandbox;
      const list = pardot.world.lists().find(({ description }) => description?.includes(sessionId));
      const prospectId = pardot.world.createProspect({ email: 'stranger@example.org' });
      sim.history.sourceCampaigns.set(prospectId, pardot.world.prospect(prospectId)?.campaignId ?? null);
      callPardot(sim, 'POST', '/api/v5/objects/list-memberships?fields=id', { listId: list?.id, prospectId });
    },
    reported: /stranger@example.org is on the list/,
  },
  {
    name: 'what somebody filled in came back as an echo',
    with: (sim, { prospectId }) =>
      callPardot(sim, 'PATCH', `/api/v5/objects/prospects/${prospectId}?fields=id`, { company: 'Echo' }),
    reported: /got its company written back/,
  },
  {
    name: 'somebody who asked is missing',
    with: ({ sandbox }, { sessionId, personId }) =>
      sandbox.livestorm.world.state.sessions.get(sessionId)?.registrations.delete(personId),
    reported: /and is not registered|nobody of that address is there/,
  },
  {
    name: 'a second campaign was made for the session',
    with: ({ sandbox }, { sessionId }) => {
      Object.assign(sandbox.salesforce.switches, { externalIdUnique: false });
      sandbox.salesforce.world.createCampaign({ name: 'Twice', externalId: sessionId });
    },
    reported: /has 2 campaigns/,
  },
  {
    name: 'a prospect came back from the recycle bin',
    with: ({ history, clock }, { prospectId, email }) =>
      history.interventions.push({ atMs: clock.now(), prospectId, what: 'deleted', emails: [email] }),
    reported: /came back from the recycle bin/,
  },
  {
    name: 'a vendor was called inside its Retry-After',
    with: ({ history, arrivals }) => {
      const [first] = arrivals;
      if (first)
        history.pauses.push({
          vendor: 'livestorm',
          fromMs: first.startedAtMs - 5_000,
          untilMs: first.startedAtMs + 900_000,
        });
    },
    reported: /before its Retry-After was over/,
  },
  {
    name: 'somebody came on a list although that was paused',
    with: ({ history, clock }) =>
      history.pausedFlows.push({ flow: 'registrants', fromMs: 0, untilMs: clock.now() }),
    reported: /although registrants was paused/,
  },
  {
    name: 'attendance was written although that was paused',
    with: ({ history, clock }) =>
      history.pausedFlows.push({ flow: 'attendance', fromMs: 0, untilMs: clock.now() }),
    reported: /got Webinar_Attended__c although attendance was paused/,
  },
  {
    name: 'more calls were made than the configuration allows',
    with: ({ budgets }) => {
      const [period] = budgets.periods;
      if (period) period.calls = period.limit + 1;
    },
    reported: /times in a period/,
  },
  {
    name: 'more people than are ordinary came through a form and were not held',
    with: ({ history, settings }, { email }) => {
      Object.assign(settings.choices[0] ?? {}, { burst: 1 });
      const first = history.submissions.findIndex((each) => keyOf(each.email) === keyOf(email));
      const isOther = (each: (typeof history.submissions)[number]): boolean =>
        keyOf(each.email) !== keyOf(email);
      const others = history.submissions.filter(isOther);
      const [own] = history.submissions.slice(first);
      if (!own) return;
      // As if everybody had come in that moment, and once.
      const once = new Map(
        [...others, own].map((each) => [keyOf(each.email), { ...own, email: each.email }]),
      );
      history.submissions.splice(0, history.submissions.length, ...once.values());
    },
    reported: /people of the burst/,
  },
  {
    name: 'a campaign was made beside the one that the configuration names',
    with: ({ history, stage }, { sessionId }) => {
      const { eventId = '' } = history.sessions.get(sessionId) ?? {};
      stage.byHand = { eventId, campaignId: stage.campaignOf(sessionId) ?? 0, listId: null };
    },
    reported: /and got another campaign/,
  },
  {
    name: 'people were registered although that was off',
    with: ({ history, births }) => {
      const [first] = history.choices;
      if (first)
        history.choices.push({
          atMs: births[0] ?? 0,
          choices: { ...first.choices, formRegistrations: false },
        });
    },
    reported: /although form registrations were off/,
  },
  {
    name: 'somebody who was forgotten was written to',
    with: ({ history }, { email }) => {
      const key = keyOf(email);
      const asked = history.submissions.filter((each) => keyOf(each.email) === key);
      history.forgotten.push({ key, atMs: Math.max(...asked.map(({ atMs }) => atMs)) + 1 });
    },
    reported: /who was forgotten, was written to/,
  },
];

test('the checker reports everything that a bug would leave behind', async (t) => {
  const { sim, victim } = await aWorld();
  for (const { name, with: tamper, reported } of TAMPERINGS) {
    await t.test(name, () => {
      assert.ok(!check(sim, []).some((violation) => reported.test(violation)));
      tamper(sim, victim);
      assert.ok(
        check(sim, []).some((violation) => reported.test(violation)),
        check(sim, []).join('\n'),
      );
    });
  }
  await sim[Symbol.asyncDispose]();
});
