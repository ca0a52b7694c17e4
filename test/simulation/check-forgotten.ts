import type { Expectations } from './expectations.ts';
import { keyOf } from './people.ts';
import { MINUTE } from './plan.ts';

/** What was on its way when somebody was erased may still arrive. */
const ON_ITS_WAY_MS = 2 * MINUTE;

/** Nothing is written of somebody who was forgotten, in no session that they did not ask for anew, nor kept of them. */
export function* checkForgotten(expected: Expectations): Generator<string> {
  for (const { key, atMs } of expected.sim.history.forgotten) {
    const anew = askedAnew(expected, key, atMs);
    yield* checkProspects(expected, key, atMs + ON_ITS_WAY_MS, anew);
    yield* checkSessions(expected, key, atMs + ON_ITS_WAY_MS, anew);
    if (anew.size > 0) continue;
    const kept = Object.keys(expected.sim.service.life?.store.keeping.otherRows(key, []) ?? {});
    if (kept.length > 0) yield `${key} was forgotten and is still in ${kept.join(', ')}`;
  }
}

/** Ids of the sessions that the person asked for since. */
function askedAnew(expected: Expectations, key: string, atMs: number): ReadonlySet<string> {
  const { history } = expected.sim;
  const byForm = expected.linked.filter((linked) =>
    expected.submissionsTo(linked).some((each) => each.atMs >= atMs && expected.keysOf(each).includes(key)),
  );
  const onPage = history.pageRegistrations.filter((each) => each.atMs >= atMs && keyOf(each.email) === key);
  return new Set([...byForm.map(({ past }) => past.sessionId), ...onPage.map(({ sessionId }) => sessionId)]);
}

function* checkProspects(
  expected: Expectations,
  key: string,
  sinceMs: number,
  anew: ReadonlySet<string>,
): Generator<string> {
  const own = expected.sim.sandbox.pardot.world.prospects().filter(({ email }) => keyOf(email ?? '') === key);
  for (const { id, apiWrites, externalActivities } of own) {
    const written = apiWrites.find(({ atMs }) => atMs > sinceMs);
    if (written && anew.size === 0) yield `prospect ${id} of ${key}, who was forgotten, was written to`;
    for (const { type, value, createdAtMs } of externalActivities) {
      const isOld = /^\d+$/.test(value) ? anew.size === 0 : !anew.has(value);
      if (createdAtMs > sinceMs && isOld) yield `${type} was told of ${key}, who was forgotten`;
    }
  }
}

function* checkSessions(
  { linked, sim }: Expectations,
  key: string,
  sinceMs: number,
  anew: ReadonlySet<string>,
): Generator<string> {
  for (const { past, people } of linked) {
    const person = people.find(({ email }) => keyOf(email) === key);
    if (!person || anew.has(past.sessionId)) continue;
    const isOurs = person.registeredBy !== 'page' && person.registeredBy !== 'workspace';
    if (isOurs && person.registeredAtMs > sinceMs)
      yield `${key} was forgotten and then registered in ${past.sessionId}`;
    const kept = sim.service.life?.store.registrants.get(past.sessionId, key);
    if (kept) yield `${key} was forgotten and is read again in ${past.sessionId}`;
  }
}
