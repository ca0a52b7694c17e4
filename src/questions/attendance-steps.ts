import { MINUTE } from '../clock.ts';
import { plural } from '../plural.ts';
import type { DatedRegistrant, WrittenToProspect } from '../store/person-history.ts';
import type { Step } from './step.ts';

interface Readings {
  readonly passes: number;
  readonly lastPassAtMs: number | null;
}

/** What the readings after the end say, and the replay. */
export function attendanceSteps(registrant: DatedRegistrant, { passes, lastPassAtMs }: Readings): Step[] {
  const { attended, durationSeconds, messages, questions, seenAtMs, replayKind } = registrant;
  const step = (atMs: number | null, text: string): Step => ({
    ...{ atMs, what: 'attendance', text, decision: null, next: null, ids: {} },
  });
  const steps = [];
  if (attended) {
    const minutes = Math.round((durationSeconds * 1000) / MINUTE);
    steps.push(
      step(
        seenAtMs,
        `attended ${minutes} min, ${plural(messages, 'message')}, ${plural(questions, 'question')}`,
      ),
    );
  } else if (passes > 0)
    steps.push(
      step(
        lastPassAtMs,
        `did not attend, ${passes === 1 ? 'says' : 'say'} ${plural(passes, 'reading')} after the end`,
      ),
    );
  if (replayKind !== null) {
    const what = replayKind === 'on_demand' ? 'watched it on demand' : 'watched the replay';
    steps.push(step(registrant.replayWatchedAtMs ?? seenAtMs, what));
  }
  return steps;
}

/** What stands in the prospect's fields because of this session. */
export function fieldSteps(written: readonly WrittenToProspect[]): Step[] {
  return written.map(({ prospectId, writtenAtMs, written: fields }) => ({
    atMs: writtenAtMs,
    what: 'attendance',
    text: `fields of prospect ${prospectId}: ${Object.entries(fields)
      .map(([field, value]) => `${field} = ${value ?? 'empty'}`)
      .join(', ')}`,
    decision: null,
    next: null,
    ids: { prospect: prospectId },
  }));
}
