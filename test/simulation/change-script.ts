import type { Dice } from './dice.ts';
import { at, between, DAY, MINUTE, type Plan, type Show } from './plan.ts';
import type { Stage } from './stage.ts';

/** Forms that get another campaign, prospects that people change. `unlinked`: a campaign of no session. */
export function writeChanges(plan: Plan, shows: readonly Show[], unlinked: number): void {
  const { stage, dice, startMs } = plan;
  const [first, second] = shows;
  if (first && dice.chance(0.35)) {
    at(plan, between(dice, startMs + 60 * MINUTE, first.startsAtMs), () => {
      const inner = new Set(stage.assets.map(({ formId }) => formId));
      const own = stage.assets.filter(
        ({ kind, id, campaignId }) =>
          kind !== 'landing_page' && campaignId !== unlinked && !(kind === 'form' && inner.has(id)),
      );
      const target = second?.id ? stage.campaignOf(second.id) : undefined;
      if (own.length > 0) stage.repoint(dice.pick(own), target ?? unlinked);
    });
  }
  const count = dice.pick([0, 0, 1, 2]);
  for (let each = 0; each < count; each++) {
    at(plan, between(dice, startMs + 20 * MINUTE, first?.overMs ?? startMs + DAY), () =>
      interveneAtRandom(plan),
    );
  }
}

/** A prospect on some list is deleted for good. */
export function purgeSomebody(stage: Stage, dice: Dice): void {
  const listed = stage.sandbox.pardot.world
    .prospects()
    .filter(({ isDeleted, lists }) => !isDeleted && lists.length > 0);
  if (listed.length > 0) stage.intervene('purged', dice.pick(listed).id);
}

function interveneAtRandom({ stage, dice }: Plan): void {
  const live = stage.sandbox.pardot.world.prospects().filter(({ isDeleted }) => !isDeleted);
  if (live.length === 0) return;
  const { id, email } = dice.pick(live);
  const twin = live.find((other) => other.id !== id && other.email?.toLowerCase() === email?.toLowerCase());
  const what = dice.pick(['deleted', 'purged', twin ? 'merged' : 'deleted', 'readdressed'] as const);
  stage.intervene(what, id, twin?.id);
}
