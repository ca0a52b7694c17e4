import type { Admin } from './admin.ts';
import { writeAdmin } from './admin-script.ts';
import { writeAudience } from './audience-script.ts';
import { writeChanges } from './change-script.ts';
import type { Dice } from './dice.ts';
import { writeOutages } from './outage-script.ts';
import { CAST } from './people.ts';
import { type Action, at, HOUR, MINUTE, type Plan, type Show } from './plan.ts';
import { type Course, writeSession } from './session-script.ts';
import type { Settings } from './settings.ts';
import type { Asset, Stage } from './stage.ts';

/** The second session after the first. */
const LATER = 6 * HOUR;

export interface ScriptParts {
  readonly stage: Stage;
  readonly admin: Admin;
  readonly dice: Dice;
  readonly settings: Settings;
  readonly add: (action: Action) => void;
}

/** What was there before the daemon's first start, and between which times everything of the script happens. */
export interface Script {
  readonly startMs: number;
  /** The end of the last session. */
  readonly endMs: number;
}

/** Sets the stage for the daemon's first start, an hour from now, and adds everything that happens afterwards. */
export function writeScript(parts: ScriptParts): Script {
  const { stage, dice, settings } = parts;
  const startMs = stage.now + HOUR;
  const cast = dice.shuffle(CAST).slice(0, dice.between(...settings.cast));
  const plan: Plan = { ...parts, cast, startMs };
  const unlinked = writeBefore(plan);
  const first = writeShow(plan, 'Spring webinar', startMs + dice.between(1, 10) * MINUTE, firstCourse(plan));
  const shows = [first];
  if (settings.sessions > 1) {
    const createdAtMs = startMs + dice.between(5, 60) * MINUTE;
    shows.push(writeShow(plan, 'Autumn webinar', createdAtMs, laterCourse(plan), LATER));
  }
  writeChanges(plan, shows, unlinked);
  writeOutages(plan);
  const endMs = Math.max(...shows.map(({ overMs }) => overMs));
  writeAdmin(plan, first, endMs);
  return { startMs, endMs };
}

function writeShow(plan: Plan, title: string, createdAtMs: number, course: Course, delayMs = 0): Show {
  const show = writeSession(plan, { title, createdAtMs, course, delayMs });
  writeAudience(plan, show, { hasCrowd: delayMs === 0 && plan.settings.crowd > 0 });
  return show;
}

function firstCourse({ dice, settings }: Plan): Course {
  if (settings.features.has('moves')) return dice.pick(['moved', 'late']);
  if (settings.crowd > 0) return 'held';
  return dice.pick(['held', 'held', 'held', 'held', 'moved', 'canceled', 'missed', 'late', 'deleted']);
}

function laterCourse({ dice }: Plan): Course {
  return dice.pick(['held', 'held', 'held', 'canceled', 'missed']);
}

/** What is older than the daemon; answers with a campaign that belongs to no session. */
function writeBefore(plan: Plan): number {
  const { stage, dice, settings, startMs } = plan;
  const { world } = stage.sandbox.pardot;
  const unlinked = world.createCampaign({ name: 'Older than everything' });
  makeProspects(plan, unlinked);
  const eventId = stage.event('Before the beginning', true);
  const sessionId = stage.session(eventId, startMs + 3 * HOUR);
  stage.register(sessionId, { email: 'early@example.org', firstName: 'Early' });
  const form = world.createForm({ name: 'Unlinked', campaignId: unlinked });
  stage.assets.push({ kind: 'form', id: form, campaignId: unlinked });
  if (settings.hasExistingLink) {
    const link = stage.linkByHand('Spring webinar', dice.chance(0.5));
    const { campaignId } = link;
    const own: Asset = { kind: 'form', id: world.createForm({ name: 'Own', campaignId }), campaignId };
    // Before there is a session that it could lead to.
    at(plan, startMs + MINUTE / 2, () => stage.submit(own, dice.pick(plan.cast)));
  }
  return unlinked;
}

function makeProspects({ stage, dice, cast, startMs }: Plan, campaignId: number): void {
  const { ampsea } = stage.sandbox.pardot.switches;
  for (const { email, firstName, prospects, inRecycleBin } of cast) {
    for (let count = 0; count < Math.min(prospects, ampsea ? 2 : 1); count++) {
      const values = { email: count === 0 ? email : email.toLowerCase(), firstName, campaignId };
      const lastActivityAtMs = dice.chance(0.8) ? startMs - dice.between(2, 200) * HOUR : undefined;
      const id = stage.prospect(values, lastActivityAtMs);
      if (inRecycleBin) stage.intervene('deleted', id);
    }
  }
}
