import { keyOf } from './people.ts';
import { at, between, DAY, HOUR, MINUTE, type Plan, type Show } from './plan.ts';

/** What the admin does: pauses, another configuration, people who are held or to be forgotten. */
export function writeAdmin(plan: Plan, show: Show, endMs: number): void {
  writePause(plan, endMs);
  writeSwitch(plan, show);
  writeHolds(plan, endMs);
  writeForgetting(plan, endMs);
}

function writePause(plan: Plan, endMs: number): void {
  const { admin, dice, settings, startMs } = plan;
  const { paused } = settings;
  if (paused === undefined) return;
  const lateMs = paused === 'attendance' || paused === 'replays' ? 20 * HOUR : HOUR;
  const fromMs = between(dice, startMs + 30 * MINUTE, endMs + lateMs);
  const untilMs = fromMs + dice.between(40, 300) * MINUTE;
  at(plan, fromMs, () => admin.pause(paused, untilMs));
  at(plan, untilMs, () => admin.resume(paused));
}

function writeSwitch(plan: Plan, show: Show): void {
  const { admin, dice, settings, startMs } = plan;
  const [, next] = settings.choices;
  if (next) at(plan, between(dice, startMs + 30 * MINUTE, show.overMs), () => admin.choose(next));
}

/** Somebody looks every two hours while much happens. */
function writeHolds(plan: Plan, endMs: number): void {
  const { admin, dice, settings, startMs } = plan;
  if (settings.choices.every(({ burst }) => burst === 0)) return;
  for (let atMs = startMs + 2 * HOUR; atMs < endMs; atMs += 2 * HOUR) {
    const ending = dice.chance(0.8) ? 'released' : 'discarded';
    at(plan, atMs, () => admin.endHolds(ending));
  }
  for (const later of [HOUR, 25 * HOUR, 2 * DAY]) at(plan, endMs + later, () => admin.endHolds('released'));
}

function writeForgetting(plan: Plan, endMs: number): void {
  const { admin, cast, dice, settings, startMs } = plan;
  const [person] = dice.shuffle(cast.filter(({ never }) => never === undefined));
  if (!settings.forgets || !person) return;
  const key = keyOf(person.email);
  const isBeside = dice.chance(0.5);
  at(plan, between(dice, startMs + 2 * HOUR, endMs + 3 * HOUR), () =>
    isBeside ? admin.forgetBeside(key) : admin.forgetWhileDown(key),
  );
}
