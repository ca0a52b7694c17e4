import type { PersonView, SessionView } from '../../src/sandbox/livestorm/views.ts';
import type { ProspectView } from '../../src/sandbox/pardot/prospect-view.ts';
import { cameTooLate, type Expectations } from './expectations.ts';
import { keyOf } from './people.ts';

interface Part {
  readonly view: SessionView;
  readonly person: PersonView;
}

/** Custom fields of every prospect: those of the newest session that took place, and of the newest replay. */
export function* checkAttendance(expected: Expectations): Generator<string> {
  for (const prospect of expected.sim.sandbox.pardot.world.prospects()) {
    const key = keyOf(prospect.email ?? '');
    if (prospect.isDeleted || expected.touched.has(key)) continue;
    const parts = partsOf(expected, prospect, key);
    yield* compare(prospect, attendanceFields(expected, parts));
    yield* compare(prospect, replayFields(parts));
  }
}

/** The person's part in every session of whose list the prospect is, newest first. */
function partsOf(expected: Expectations, prospect: ProspectView, key: string): Part[] {
  return expected.linked
    .flatMap(({ view, people, listId }) => {
      const person = people.find(({ email }) => keyOf(email) === key);
      const isListed = prospect.lists.some((list) => list.listId === listId);
      return view && person && isListed && view.startedAtMs !== null ? [{ view, person }] : [];
    })
    .toSorted((a, b) => (b.view.startedAtMs ?? 0) - (a.view.startedAtMs ?? 0));
}

type Wanted = Readonly<Record<string, string | null>>;

function attendanceFields(expected: Expectations, parts: readonly Part[]): Wanted {
  const newest = parts.find(({ view, person }) => view.status === 'past' && !cameTooLate(person, view));
  if (!newest) {
    return {
      Attended: null,
      Duration: null,
      Rate: null,
      Messages: null,
      Questions: null,
      Session: null,
      Started_At: null,
    };
  }
  const { view, person } = newest;
  const { attendance } = person;
  return {
    Attended: String(attendance !== null),
    Duration: String(attendance?.durationSeconds ?? 0),
    Rate: attendance && view.durationSeconds ? rate(attendance.durationSeconds, view.durationSeconds) : null,
    Messages: String(attendance?.messages ?? 0),
    Questions: String(attendance?.questions ?? 0),
    Session: expected.sim.sandbox.livestorm.world.event(view.eventId).title,
    Started_At: iso(view.startedAtMs ?? 0),
  };
}

function rate(staySeconds: number, lengthSeconds: number): string {
  return String(Math.min(100, Math.round((staySeconds / lengthSeconds) * 1000) / 10));
}

function replayFields(parts: readonly Part[]): Wanted {
  const newest = parts.find(({ person }) => person.replayWatchedAtMs !== null);
  if (!newest) return { Replay_Watched: null, Replay_At: null };
  return { Replay_Watched: 'replay', Replay_At: iso(newest.person.replayWatchedAtMs ?? 0) };
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function* compare(prospect: ProspectView, wanted: Wanted): Generator<string> {
  for (const [name, value] of Object.entries(wanted)) {
    const stands = prospect.customFields[`Webinar_${name}__c`] ?? null;
    const text = stands === null || stands === '' ? null : String(stands);
    if (text !== value) yield `prospect ${prospect.id} (${prospect.email}) has ${name} ${text}, not ${value}`;
  }
}
