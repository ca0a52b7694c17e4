import type { Expectations } from './expectations.ts';
import type { PastSubmission, PausedFlow } from './history.ts';
import { keyOf } from './people.ts';
import { MINUTE } from './plan.ts';

/** What was on its way when it was paused may still arrive. */
const ON_ITS_WAY_MS = MINUTE;

/** What the admin has decided is obeyed: pauses, flows that are off, budgets, brakes. */
export function* checkDecisions(expected: Expectations): Generator<string> {
  for (const paused of expected.sim.history.pausedFlows) yield* checkPause(expected, paused);
  yield* checkOff(expected);
  yield* checkBudgets(expected);
  yield* checkBrake(expected);
}

const REGISTERING = /^POST \/v1\/sessions\/[^/]+\/people/;
const OF_REGISTRANTS = /^(POST|DELETE) \/api\/v5\/objects\/(prospects|list-memberships)/;
/** The last step of an import is asked for like any reading, a token is no work of any flow. */
const WRITING = /^(POST|PATCH|PUT|DELETE) (?!.*\/oauth2\/)/;

/** Requests that a pause of the flow keeps back; of attendance and replays those are told by what they wrote. */
const KEPT_BACK: Readonly<Record<PausedFlow['flow'], RegExp | undefined>> = {
  all: WRITING,
  form_registrations: REGISTERING,
  registrants: OF_REGISTRANTS,
  attendance: undefined,
  replays: undefined,
};
const FIELDS: Readonly<Partial<Record<PausedFlow['flow'], string>>> = {
  attendance: 'Webinar_Attended__c',
  replays: 'Webinar_Replay_Watched__c',
};

function* checkPause({ sim }: Expectations, { flow, fromMs, untilMs }: PausedFlow): Generator<string> {
  if (untilMs === Number.POSITIVE_INFINITY) yield `${flow} was never resumed`;
  const isDuring = (ms: number): boolean => ms > fromMs + ON_ITS_WAY_MS && ms < untilMs;
  const sent = sim.arrivals.find(
    ({ label, startedAtMs }) => KEPT_BACK[flow]?.test(label) && isDuring(startedAtMs),
  );
  if (sent) yield `${sent.label} although ${flow} was paused`;
  const field = FIELDS[flow] ?? '';
  for (const { id, apiWrites } of sim.sandbox.pardot.world.prospects()) {
    if (apiWrites.some(({ atMs, values }) => field in values && isDuring(atMs)))
      yield `prospect ${id} got ${field} although ${flow} was paused`;
  }
}

/** Nobody is registered, nothing is told, while the configuration says so. */
function* checkOff(expected: Expectations): Generator<string> {
  const { arrivals } = expected.sim;
  const off: readonly (readonly [string, RegExp, { fromMs: number; untilMs: number }[]])[] = [
    ['form registrations', REGISTERING, expected.chosenDuring((choices) => !choices.formRegistrations)],
    [
      'external activities',
      /^POST \/api\/v5\/external-activities/,
      expected.chosenDuring((choices) => !choices.externalActivities),
    ],
  ];
  for (const [name, pattern, spans] of off) {
    for (const { fromMs, untilMs } of spans) {
      const sent = arrivals.find(
        ({ label, startedAtMs }) => pattern.test(label) && startedAtMs > fromMs && startedAtMs < untilMs,
      );
      if (sent) yield `${sent.label} although ${name} were off`;
    }
  }
}

/** A clock that is set moves the periods. */
function* checkBudgets({ sim }: Expectations): Generator<string> {
  if (sim.settings.jumps > 0) return;
  for (const { vendor, calls, limit } of sim.budgets.periods) {
    if (calls > limit) yield `${vendor} was called ${calls} times in a period, ${limit} are allowed`;
  }
}

/** Of people who come through one form in the same moment no more than are ordinary are registered unasked. */
function* checkBrake(expected: Expectations): Generator<string> {
  const { history, settings } = expected.sim;
  const limit = Math.max(...settings.choices.map(({ burst }) => burst));
  if (limit === 0) return;
  const bursts = Map.groupBy(history.submissions, ({ kind, assetId, atMs }) => `${kind} ${assetId} ${atMs}`);
  for (const [name, people] of bursts) {
    const [first] = people;
    const released = history.holdsEnded.find(({ atMs }) => first && atMs >= first.atMs);
    const untilMs = released?.atMs ?? expected.endMs;
    const through = people.filter((each) => isRegisteredBefore(expected, each, untilMs));
    const keys = new Set(through.map(({ email }) => keyOf(email)));
    if (keys.size > limit)
      yield `${keys.size} people of the burst at ${name} were registered, ${limit} at most`;
  }
}

/** Registered by us after this submission and before anybody was released, with no other reason. */
function isRegisteredBefore(expected: Expectations, submission: PastSubmission, untilMs: number): boolean {
  const { history } = expected.sim;
  const key = keyOf(submission.email);
  const others = history.submissions.filter((each) => each !== submission && keyOf(each.email) === key);
  if (others.length > 0) return false;
  return expected.linked.some(({ people }) =>
    people.some(
      ({ email, registeredBy, registeredAtMs }) =>
        keyOf(email) === key &&
        registeredBy !== 'page' &&
        registeredAtMs >= submission.atMs &&
        registeredAtMs < untilMs,
    ),
  );
}
