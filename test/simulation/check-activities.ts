import type { PersonView } from '../../src/sandbox/livestorm/views.ts';
import type { ExternalActivityView, ProspectView } from '../../src/sandbox/pardot/prospect-view.ts';
import { cameTooLate, type Expectations, type Linked } from './expectations.ts';
import { keyOf } from './people.ts';
import { DAY, MINUTE } from './plan.ts';

const SECOND = 1000;

/** External activities: each thing once, only true ones, none missing. */
export function* checkActivities(expected: Expectations): Generator<string> {
  const prospects = expected.sim.sandbox.pardot.world.prospects();
  const all = Map.groupBy(
    prospects.flatMap((prospect) => prospect.externalActivities.map((activity) => ({ prospect, activity }))),
    ({ prospect }) => keyOf(prospect.email ?? ''),
  );
  for (const linked of expected.linked) {
    const told = new Set<string>();
    for (const person of linked.people) {
      const key = keyOf(person.email);
      told.add(key);
      const own = (all.get(key) ?? []).map(({ activity }) => activity);
      yield* checkPerson(expected, linked, person, own, prospects);
    }
    yield* checkStrangers(expected, linked, all, told);
  }
}

const OF_ATTENDANCE = [
  'Attended',
  'NotAttended',
  'AttendanceDuration',
  'MessagesSent',
  'QuestionsAsked',
] as const;

/** How often each type was told of this session: by its value, or where that is a figure by its time. */
function told(
  own: readonly ExternalActivityView[],
  { past, view }: Linked,
  type: string,
): ExternalActivityView[] {
  const endSecond = Math.floor((view?.endedAtMs ?? -1) / SECOND);
  return own.filter(
    (activity) =>
      activity.type === type &&
      (activity.value === past.sessionId ||
        (/^\d+$/.test(activity.value) && Math.floor(activity.activityDateMs / SECOND) === endSecond)),
  );
}

function* checkPerson(
  expected: Expectations,
  linked: Linked,
  person: PersonView,
  own: readonly ExternalActivityView[],
  prospects: readonly ProspectView[],
): Generator<string> {
  const key = keyOf(person.email);
  const name = `of ${key} in ${linked.past.sessionId}`;
  const types = ['Registered', ...OF_ATTENDANCE, 'WatchedReplay', 'WatchedOnDemand'];
  const counts = Object.fromEntries(types.map((type) => [type, told(own, linked, type).length]));
  // What was told of somebody who was forgotten is not known any more.
  if (expected.forgottenAtMs(key) !== undefined) return;
  for (const type of types)
    if ((counts[type] ?? 0) > 1) yield `${type} ${name} was told ${counts[type]} times`;
  if (expected.touched.has(key) || expected.deservesLink(linked) !== 'yes') return;
  const isListed = prospects.some(
    ({ email, lists, isDeleted }) =>
      !isDeleted && keyOf(email ?? '') === key && lists.some(({ listId }) => listId === linked.listId),
  );
  if (!isListed) return;
  const wasRegistered = isTold(expected, person.registeredAtMs);
  if (wasRegistered !== 'maybe' && counts.Registered !== (wasRegistered === 'yes' ? 1 : 0))
    yield `Registered ${name} was told ${counts.Registered} times`;
  yield* checkAttendance(expected, linked, person, own, name);
  const { replayWatchedAtMs } = person;
  const watched = replayWatchedAtMs === null ? 0 : 1;
  const views = (counts.WatchedReplay ?? 0) + (counts.WatchedOnDemand ?? 0);
  const isWatchTold = watched === 0 || isTold(expected, replayWatchedAtMs ?? 0) === 'yes';
  if (linked.view?.status === 'past' && isWatchTold && views !== watched)
    yield `${views} views ${name} were told, not ${watched}`;
}

/** Whether what happened then is told: only when activities were on by then, and for certain when they stayed so. */
function isTold(expected: Expectations, atMs: number): 'yes' | 'no' | 'maybe' {
  const on = expected.chosenDuring(({ externalActivities }) => externalActivities);
  // A daemon whose clock is wrong does not know for certain what was before.
  const slackMs = expected.sim.settings.jumps > 0 ? Number.POSITIVE_INFINITY : 2 * MINUTE;
  const [first] = expected.sim.history.choices;
  const isFirst = (fromMs: number): boolean => fromMs === first?.atMs;
  const last = on.find(({ untilMs }) => untilMs > expected.endMs);
  if (last && (isFirst(last.fromMs) || atMs >= last.fromMs + slackMs)) return 'yes';
  return on.some(({ fromMs }) => isFirst(fromMs) || atMs >= fromMs - slackMs) ? 'maybe' : 'no';
}

/** Figures are told when two readings agree, within a week of the end. */
function isStable({ sim: { history } }: Expectations, endedAtMs: number): boolean {
  return history.settledBy(endedAtMs + DAY) < endedAtMs + 6 * DAY;
}

function* checkAttendance(
  expected: Expectations,
  linked: Linked,
  person: PersonView,
  own: readonly ExternalActivityView[],
  name: string,
): Generator<string> {
  const { view } = linked;
  const endedAtMs = view?.endedAtMs ?? null;
  if (view?.status !== 'past' || endedAtMs === null || cameTooLate(person, view)) {
    for (const type of OF_ATTENDANCE)
      if (told(own, linked, type).length > 0) yield `${type} ${name} was told without a reason`;
    return;
  }
  const { attendance } = person;
  // A clock that leaps takes two readings for far enough apart, and what was told stays.
  const { jumps, livestorm } = expected.sim.settings;
  const isToldLate = jumps === 0 || livestorm.attendanceCorrectionMs === null;
  const isDemanded = isTold(expected, endedAtMs) === 'yes' && isStable(expected, endedAtMs);
  const wanted: Record<(typeof OF_ATTENDANCE)[number], string | undefined> = {
    Attended: attendance ? linked.past.sessionId : undefined,
    NotAttended: attendance ? undefined : linked.past.sessionId,
    AttendanceDuration: attendance ? String(attendance.durationSeconds) : undefined,
    MessagesSent: attendance?.messages ? String(attendance.messages) : undefined,
    QuestionsAsked: attendance?.questions ? String(attendance.questions) : undefined,
  };
  for (const type of OF_ATTENDANCE) {
    const values = told(own, linked, type).map(({ value }) => value);
    const value = wanted[type];
    if (value === undefined && values.length > 0 && isToldLate)
      yield `${type} ${name} was told and is not true`;
    const isMissing = values.length === 0;
    if (value !== undefined && values[0] !== value && (isMissing ? isDemanded : isToldLate))
      yield `${type} ${name} was told as ${values[0]}, not ${value}`;
  }
}

/** Nothing of a session is told to people who never were in it. */
function* checkStrangers(
  expected: Expectations,
  linked: Linked,
  all: ReadonlyMap<string, readonly { prospect: ProspectView; activity: ExternalActivityView }[]>,
  insiders: ReadonlySet<string>,
): Generator<string> {
  const { history } = expected.sim;
  const { sessionId, eventId } = linked.past;
  for (const [key, entries] of all) {
    if (insiders.has(key) || expected.touched.has(key)) continue;
    const activities = entries.filter(({ activity }) => activity.value === sessionId);
    const wasIn = history.unregistrations.some(
      (each) => each.eventId === eventId && keyOf(each.email) === key,
    );
    if (linked.view && activities.length > 0 && !wasIn)
      yield `${key} is told activities of ${sessionId} and is not in it`;
    if (activities.length > (wasIn ? 8 : 1) && linked.view) yield `${key} is told too much of ${sessionId}`;
  }
}
