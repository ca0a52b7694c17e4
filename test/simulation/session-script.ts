import { at, HOUR, MINUTE, type Plan, type Show } from './plan.ts';

/** How a session goes. `late`: missed at first, then moved and held. */
export type Course = 'held' | 'moved' | 'canceled' | 'missed' | 'late' | 'deleted';

export interface SessionPlan {
  readonly title: string;
  readonly createdAtMs: number;
  readonly course: Course;
  /** How much later than usual it takes place. */
  readonly delayMs: number;
}

/** One session from its creation to its replay. */
export function writeSession(plan: Plan, { title, createdAtMs, course, delayMs }: SessionPlan): Show {
  const { stage, dice, settings, startMs } = plan;
  const startsAtMs = startMs + delayMs + dice.between(230, 300) * MINUTE;
  const movedMs = course === 'moved' ? dice.pick([-30, 40, 90]) * MINUTE : course === 'late' ? 3 * HOUR : 0;
  const heldAtMs = startsAtMs + movedMs;
  // Longer than a step, which may see its beginning and its end apart then.
  const lengthMs = Math.max(dice.between(20, 70) * MINUTE, settings.grainMs);
  const show: Show = { id: '', createdAtMs, startsAtMs: heldAtMs, overMs: heldAtMs + lengthMs };
  const byHand = delayMs === 0 ? stage.byHand?.eventId : undefined;
  const isDraft = byHand === undefined && dice.chance(0.15);
  at(plan, createdAtMs, () => {
    const eventId = byHand ?? stage.event(title, !isDraft);
    show.id = stage.session(eventId, startsAtMs);
    if (dice.chance(0.15)) stage.session(eventId, startsAtMs, show.id);
    if (isDraft) at(plan, stage.now + dice.between(2, 20) * MINUTE, () => stage.publish(eventId));
  });
  writeCourse(plan, show, course, { startsAtMs, lengthMs });
  return show;
}

function writeCourse(
  plan: Plan,
  show: Show,
  course: Course,
  planned: { startsAtMs: number; lengthMs: number },
): void {
  const { stage, dice } = plan;
  const beforeMs = dice.between(20, 100) * MINUTE;
  const early = show.createdAtMs + dice.between(70, 120) * MINUTE;
  if (course === 'canceled') at(plan, planned.startsAtMs - beforeMs, () => stage.cancel(show.id));
  if (course === 'deleted') at(plan, planned.startsAtMs - beforeMs, () => stage.remove(show.id));
  if (course === 'moved') at(plan, early, () => stage.reschedule(show.id, show.startsAtMs));
  if (course === 'late') {
    at(plan, planned.startsAtMs + 100 * MINUTE, () => stage.reschedule(show.id, show.startsAtMs));
  }
  if (course === 'canceled' || course === 'deleted' || course === 'missed') return;
  at(plan, show.startsAtMs, () => {
    stage.start(show.id);
  });
  at(plan, show.startsAtMs + planned.lengthMs, () => {
    attend(plan, show, planned.lengthMs);
    stage.end(show.id);
  });
  const watchedAtMs = show.overMs + dice.between(1, 20) * HOUR;
  at(plan, watchedAtMs, () => watch(plan, show));
}

function attend({ stage, dice }: Plan, show: Show, lengthMs: number): void {
  const { livestorm } = stage.sandbox;
  for (const { email, registeredBy } of livestorm.world.people(show.id)) {
    if (registeredBy === 'workspace' || dice.chance(0.35)) continue;
    const durationSeconds = Math.floor((lengthMs / 1000) * (0.1 + 0.9 * dice.next()));
    const firstShown = dice.chance(0.2) ? ({ firstShown: 'absent' } as const) : {};
    const counts = { messages: dice.between(0, 2), questions: dice.between(0, 1) };
    livestorm.world.join(show.id, email, { durationSeconds, ...counts, ...firstShown });
    stage.note(`${email} stays ${durationSeconds} s in ${show.id.slice(0, 8)}`);
  }
}

function watch({ stage, dice }: Plan, show: Show): void {
  const { livestorm } = stage.sandbox;
  for (const { email, registeredBy } of livestorm.world.people(show.id)) {
    if (registeredBy === 'workspace' || dice.chance(0.7)) continue;
    livestorm.world.watchReplay(show.id, email);
    stage.note(`${email} watches the replay of ${show.id.slice(0, 8)}`);
  }
}
