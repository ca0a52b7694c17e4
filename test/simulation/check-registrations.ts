import { closedAs, type Expectations, type Linked } from './expectations.ts';
import type { PastSubmission } from './history.ts';
import { keyOf } from './people.ts';

const SECOND = 1000;

/** Who is in which session: exactly those who asked for it, once, mailed once, everybody else with a true reason. */
export function* checkRegistrations(expected: Expectations): Generator<string> {
  for (const linked of expected.linked) {
    const submissions = expected.submissionsTo(linked);
    yield* checkPresent(expected, linked, submissions);
    const keys = new Set(submissions.flatMap((each) => expected.keysOf(each)));
    for (const key of keys) {
      yield* checkDemand(
        expected,
        linked,
        key,
        submissions.filter((each) => expected.keysOf(each).includes(key)),
      );
    }
  }
}

/** Nobody is there who did not ask, nobody twice, nobody was mailed twice. */
function* checkPresent(
  expected: Expectations,
  linked: Linked,
  submissions: readonly PastSubmission[],
): Generator<string> {
  const { sessionId } = linked.past;
  const seen = new Set<string>();
  for (const person of linked.people) {
    const key = keyOf(person.email);
    if (seen.has(key)) yield `${key} is registered twice in ${sessionId}`;
    seen.add(key);
    if (person.registeredBy !== 'page') {
      const asked = submissions.filter(
        (each) =>
          each.atMs <= person.registeredAtMs &&
          expected.keysOf(each).includes(key) &&
          // An existing campaign has a past of its own; Pardot tells whole seconds.
          !(linked.isByHand && each.atMs < linked.past.createdAtMs - SECOND),
      );
      if (asked.length === 0) yield `${key} is registered in ${sessionId} but never asked for it`;
      else if (expected.neverBecause(key))
        yield `${key} must not be registered: ${expected.neverBecause(key)}`;
      yield* checkNames(person, asked);
    }
    yield* checkMails(expected, linked, person, submissions);
    yield* checkNotBack(expected, linked, key, person.registeredAtMs, submissions);
  }
}

function* checkNames(person: Linked['people'][number], asked: readonly PastSubmission[]): Generator<string> {
  const names = new Set(asked.map(({ firstName }) => firstName));
  const given = person.fields.first_name;
  if (asked.length > 0 && typeof given === 'string' && !names.has(given)) {
    yield `${person.email} is registered as ${given}, not as ${[...names].join(' or ')}`;
  }
}

function pageRegistrations(
  expected: Expectations,
  { past }: Linked,
  key: string,
): readonly { atMs: number }[] {
  return expected.sim.history.pageRegistrations.filter(
    (each) => each.sessionId === past.sessionId && keyOf(each.email) === key,
  );
}

function* checkMails(
  expected: Expectations,
  linked: Linked,
  person: Linked['people'][number],
  submissions: readonly PastSubmission[],
): Generator<string> {
  const { history, sandbox } = expected.sim;
  const key = keyOf(person.email);
  const onPage = pageRegistrations(expected, linked, key).length;
  const asked = submissions.filter((each) => expected.keysOf(each).includes(key));
  const unregistrations = history.unregistrations.filter(
    (each) => each.eventId === linked.past.eventId && keyOf(each.email) === key,
  );
  const left = unregistrations.length;
  // Whoever was taken out before the answer came is not there, as if it had never been sent.
  const inBetween = unregistrations.filter(({ atMs }) =>
    asked.some((each) => each.atMs <= atMs && atMs <= expected.visibleBy(each.atMs)),
  ).length;
  const byForm = asked.length + inBetween;
  // Where repeated registrations are taken, each on the page mails once more, and one by form beside them.
  const isTakenAgain = sandbox.livestorm.switches.duplicate === 201;
  const usual = 1 + Math.min(left, onPage + left);
  const most = isTakenAgain ? Math.max(1, onPage + Math.min(byForm, 1 + left)) : usual;
  // Of whom nothing is known any more it is not known either that they are registered already.
  const anew = expected.forgottenAtMs(key) === undefined ? 0 : 1;
  const sent = person.confirmationsSent;
  if (sent > most + anew)
    yield `${key} was mailed ${sent} times for ${linked.past.sessionId}, ${most + anew} at most`;
  if (sent < 1) yield `${key} was never mailed for ${linked.past.sessionId}`;
}

/** Who was taken out comes back only by asking again. */
function* checkNotBack(
  expected: Expectations,
  linked: Linked,
  key: string,
  registeredAtMs: number,
  submissions: readonly PastSubmission[],
): Generator<string> {
  const { history } = expected.sim;
  const leftAtMs = history.unregistrations
    .filter((each) => each.eventId === linked.past.eventId && keyOf(each.email) === key)
    .map(({ atMs }) => atMs)
    .findLast((atMs) => atMs <= registeredAtMs);
  if (leftAtMs === undefined) return;
  const asked = [
    ...pageRegistrations(expected, linked, key).map(({ atMs }) => atMs),
    // One that was on its way when somebody was taken out may still arrive.
    ...submissions
      .filter((each) => expected.keysOf(each).includes(key))
      .map(({ atMs }) => (expected.visibleBy(atMs) >= leftAtMs ? leftAtMs : atMs)),
  ];
  if (!asked.some((atMs) => atMs >= leftAtMs && atMs <= registeredAtMs)) {
    yield `${key} was taken out of ${linked.past.sessionId} and is back without asking`;
  }
}

/** Somebody asked by form to be in the session. */
function* checkDemand(
  expected: Expectations,
  linked: Linked,
  key: string,
  submissions: readonly PastSubmission[],
): Generator<string> {
  const { past } = linked;
  const { sim } = expected;
  const isIn = linked.people.some((person) => keyOf(person.email) === key);
  const row = sim.service.life?.store.registrations.get(past.sessionId, key);
  const isWanted = submissions.some(
    (each) =>
      mustBeIn(expected, linked, key, each) &&
      expected.unregisteredAfter(key, linked, each.atMs) === undefined,
  );
  const outcome = row?.outcome ?? null;
  // Nobody can look into a session that is deleted: there the word of the daemon is all there is.
  const isThere = linked.view ? isIn : outcome === 'registered' || outcome === 'already_registered';
  if (isWanted && !isThere) {
    yield `${key} asked for ${past.sessionId} and is not registered (${outcome ?? 'no outcome'})`;
  }
  if (!row) return;
  const problem = whyNot(expected, linked, key, outcome, isIn, submissions);
  if (problem) yield `${key} in ${past.sessionId} ended as ${outcome}: ${problem}`;
}

/** No reason could excuse that this submission does not lead to a registration. */
function mustBeIn(expected: Expectations, linked: Linked, key: string, submission: PastSubmission): boolean {
  const { past } = linked;
  if (expected.neverBecause(key, 'some') || expected.deservesLink(linked) !== 'yes') return false;
  if (expected.campaignsOf(submission).length > 1 || expected.keysOf(submission).length > 1) return false;
  if (expected.isDisturbed(submission)) return false;
  const { atMs } = submission;
  if (expected.mayBeBeforeLink(linked, submission) || expected.mayBeForgotten(key, atMs)) return false;
  if (mayBeDiscarded(expected, submission)) return false;
  const readyMs = Math.max(atMs, expected.linkedBy(linked));
  if (expected.wasOpen(past, atMs, expected.visibleBy(readyMs)) === 'throughout') return true;
  // Refused at a closed session that is open again for long: taken up after all.
  const last = past.statuses.at(-1);
  return last?.status === 'upcoming' && expected.endMs > expected.visibleBy(last.atMs);
}

/** Whoever is held when the admin discards is not registered, however often they submit. */
function mayBeDiscarded({ sim: { history } }: Expectations, { atMs }: PastSubmission): boolean {
  return history.holdsEnded.some(
    (each) => each.ending === 'discarded' && history.settledBy(atMs) >= each.atMs,
  );
}

/** What speaks against this outcome; undefined when the history bears it out. */
function whyNot(
  expected: Expectations,
  linked: Linked,
  key: string,
  outcome: string | null,
  isIn: boolean,
  submissions: readonly PastSubmission[],
): string | undefined {
  const { past, view } = linked;
  const firstMs = Math.min(...submissions.map(({ atMs }) => atMs));
  const ever = (statuses: readonly string[]): boolean =>
    expected.was(past, statuses, firstMs, expected.endMs) !== 'never';
  const bears = (is: boolean, why: string): string | undefined => (is ? undefined : why);
  switch (outcome) {
    case 'registered':
    case 'already_registered':
    case 'field_unknown': {
      const left = expected.unregisteredAfter(key, linked, 0) !== undefined;
      return bears(isIn || left || view === undefined, 'nobody of that address is there');
    }
    case 'team_member':
    case 'invalid_email':
    case 'denied_domain':
      return bears(expected.neverBecause(key, 'some') === outcome, 'that is not so');
    case 'discarded':
      return bears(
        submissions.some((each) => mayBeDiscarded(expected, each)),
        'nobody was discarded',
      );
    default:
      return closedAs(outcome, ever);
  }
}
