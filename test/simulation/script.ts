import type { Dice } from './dice.ts';
import { CAST, type Character, otherCase } from './people.ts';
import type { Settings } from './settings.ts';
import type { Asset, Stage } from './stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The second session after the first. */
const LATER = 6 * HOUR;

export interface Action {
  readonly atMs: number;
  /** Done in the middle of the daemon's next pass instead of before it. */
  readonly midRound: boolean;
  /** May answer with when to try again. */
  readonly run: () => number | undefined;
}

/** How a session goes. `late`: missed at first, then moved and held. */
type Course = 'held' | 'moved' | 'canceled' | 'missed' | 'late' | 'deleted';

interface Plan {
  readonly stage: Stage;
  readonly dice: Dice;
  readonly settings: Settings;
  readonly cast: readonly Character[];
  readonly actions: Action[];
  readonly startMs: number;
}

/** The stage before the daemon's first start, and everything that happens afterwards, in order of time. */
export function writeScript(
  stage: Stage,
  dice: Dice,
  settings: Settings,
): { actions: Action[]; before: () => void; startMs: number; endMs: number } {
  const startMs = stage.now + HOUR;
  const cast = dice.shuffle(CAST).slice(0, dice.between(5, 8));
  const plan: Plan = { stage, dice, settings, cast, actions: [], startMs };
  let unlinked = 0;
  const before = () => {
    unlinked = stage.sandbox.pardot.world.createCampaign({ name: 'Older than everything' });
    makeProspects(plan, unlinked);
    const eventId = stage.event('Before the beginning', true);
    const sessionId = stage.session(eventId, startMs + 3 * HOUR);
    stage.register(sessionId, { email: 'early@example.org', firstName: 'Early' });
    const form = stage.sandbox.pardot.world.createForm({ name: 'Unlinked', campaignId: unlinked });
    stage.assets.push({ kind: 'form', id: form, campaignId: unlinked });
  };
  const first = writeSession(
    plan,
    'Spring webinar',
    startMs + dice.between(1, 10) * MINUTE,
    firstCourse(plan),
  );
  const hasSecond = settings.features.has('jobs') || dice.chance(0.55);
  const second = hasSecond
    ? writeSession(plan, 'Autumn webinar', startMs + dice.between(5, 60) * MINUTE, laterCourse(plan), LATER)
    : undefined;
  writeChanges(plan, [first, ...(second ? [second] : [])], () => unlinked);
  writeOutages(plan);
  const endMs = Math.max(first.overMs, second?.overMs ?? 0);
  return { actions: plan.actions, before, startMs, endMs };
}

function firstCourse({ dice, settings }: Plan): Course {
  if (settings.features.has('moves')) return dice.pick(['moved', 'late']);
  return dice.pick(['held', 'held', 'held', 'held', 'moved', 'canceled', 'missed', 'late', 'deleted']);
}

function laterCourse({ dice }: Plan): Course {
  return dice.pick(['held', 'held', 'held', 'canceled', 'missed']);
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

/** What other parts of the script need to know of a session. */
export interface Show {
  id: string;
  readonly createdAtMs: number;
  readonly startsAtMs: number;
  readonly overMs: number;
}

/** One session from its creation to its replay, with its assets and the people who come. */
function writeSession(plan: Plan, title: string, createdAtMs: number, course: Course, delayMs = 0): Show {
  const { stage, dice, startMs } = plan;
  const startsAtMs = startMs + delayMs + dice.between(230, 300) * MINUTE;
  const movedMs = course === 'moved' ? dice.pick([-30, 40, 90]) * MINUTE : course === 'late' ? 3 * HOUR : 0;
  const heldAtMs = startsAtMs + movedMs;
  const lengthMs = dice.between(20, 70) * MINUTE;
  const show: Show = { id: '', createdAtMs, startsAtMs: heldAtMs, overMs: heldAtMs + lengthMs };
  const isDraft = dice.chance(0.15);
  at(plan, createdAtMs, () => {
    const eventId = stage.event(title, !isDraft);
    show.id = stage.session(eventId, startsAtMs);
    if (dice.chance(0.15)) stage.session(eventId, startsAtMs, show.id);
    if (isDraft) at(plan, stage.now + dice.between(2, 20) * MINUTE, () => stage.publish(eventId));
  });
  writeCourse(plan, show, course, { startsAtMs, lengthMs });
  writeAudience(plan, show);
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

/** Forms as soon as Pardot has the campaign, then submissions and registrations on Livestorm's page. */
function writeAudience(plan: Plan, show: Show): void {
  const { stage, dice, settings, cast } = plan;
  const count = dice.between(3, 6);
  at(plan, show.createdAtMs + dice.between(5, 15) * MINUTE, () => {
    const campaignId = show.id === '' ? undefined : stage.campaignOf(show.id);
    if (campaignId === undefined) return stage.now < show.startsAtMs ? stage.now + 4 * MINUTE : undefined;
    const assets = makeAssets(plan, campaignId);
    const [form] = assets;
    if (!form) return undefined;
    if (settings.features.has('jobs') || settings.features.has('imports')) {
      // Enough at once for a job or an import, which single submissions seldom make.
      const atMs = between(dice, stage.now + MINUTE, show.startsAtMs - HOUR);
      at(plan, atMs, () => {
        for (const person of cast) stage.submit(dice.pick(assets), person);
      });
    }
    for (let each = 0; each < count; each++) {
      const person = dice.pick(cast);
      const spelt = dice.chance(0.25) ? { ...person, email: otherCase(person.email) } : person;
      const atMs = between(dice, stage.now + MINUTE, show.overMs + 10 * MINUTE);
      at(plan, atMs, () => stage.submit(dice.pick(assets), spelt));
    }
    // Too late, as only Livestorm can tell by then.
    at(plan, show.overMs - MINUTE, () => stage.submit(form, dice.pick(cast)));
    for (const page of assets.filter(({ kind }) => kind === 'landing_page')) {
      for (let each = 0; each < 3; each++) {
        at(plan, between(dice, stage.now + MINUTE, show.startsAtMs), () =>
          stage.submit(page, dice.pick(cast)),
        );
      }
    }
  });
  const onPage = settings.features.has('removals') ? 3 : dice.between(0, 3);
  for (let each = 0; each < onPage; each++) {
    const person = dice.pick(cast.filter(({ formsOnly }) => !formsOnly));
    const atMs = between(dice, show.createdAtMs + 5 * MINUTE, show.overMs - 5 * MINUTE);
    at(plan, atMs, () => {
      if (isOpen(stage, show.id)) stage.register(show.id, person);
    });
    if (dice.chance(settings.features.has('removals') ? 0.8 : 0.15)) {
      at(plan, between(dice, atMs + MINUTE, show.startsAtMs), () =>
        unregister(plan, show, person, dice.chance(0.3)),
      );
    }
  }
}

function makeAssets({ stage, dice, settings }: Plan, campaignId: number): Asset[] {
  const { pardot } = stage.sandbox;
  const assets: Asset[] = [];
  const add = (kind: Asset['kind'], id: number): void => {
    assets.push({ kind, id, campaignId });
  };
  const name = `Assets of ${campaignId}`;
  const form = pardot.world.createForm({ name, campaignId });
  add('form', form);
  if (dice.chance(0.5)) add('form_handler', pardot.world.createFormHandler({ name, campaignId }));
  if (settings.features.has('landing_pages')) {
    const [unlinked] = stage.assets;
    const inner = dice.chance(0.2) && unlinked ? unlinked.id : form;
    // Whichever of the two campaigns is recorded, only one is linked.
    const outer = inner === form ? (unlinked?.campaignId ?? campaignId) : campaignId;
    const recorded = pardot.switches.landingPageCampaign;
    if (inner === form || recorded === 'landing_page') {
      const id = pardot.world.createLandingPage({ name, campaignId: outer, formId: inner });
      assets.push({ kind: 'landing_page', id, campaignId, formId: inner });
    }
  }
  stage.assets.push(...assets);
  return assets;
}

function unregister(plan: Plan, show: Show, { email, firstName }: Character, comesBack: boolean): void {
  const { stage, dice } = plan;
  if (!isOpen(stage, show.id)) return;
  const { livestorm } = stage.sandbox;
  const isIn = livestorm.world
    .people(show.id)
    .some((person) => person.email.toLowerCase() === email.toLowerCase());
  if (!isIn) return;
  stage.unregister(show.id, email);
  if (!comesBack) return;
  at(plan, stage.now + dice.between(15, 40) * MINUTE, () => {
    if (isOpen(stage, show.id)) stage.register(show.id, { email, firstName });
  });
}

function isOpen({ sandbox, history }: Stage, sessionId: string): boolean {
  const past = history.sessions.get(sessionId);
  if (!past || past.statuses.at(-1)?.status === 'gone') return false;
  return ['upcoming', 'live'].includes(sandbox.livestorm.world.session(sessionId).status);
}

/** Forms that get another campaign, prospects that people change. */
function writeChanges(plan: Plan, shows: readonly Show[], unlinked: () => number): void {
  const { stage, dice, startMs } = plan;
  const [first, second] = shows;
  if (first && dice.chance(0.35)) {
    at(plan, between(dice, startMs + 60 * MINUTE, first.startsAtMs), () => {
      const inner = new Set(stage.assets.map(({ formId }) => formId));
      const own = stage.assets.filter(
        ({ kind, id, campaignId }) =>
          kind !== 'landing_page' && campaignId !== unlinked() && !(kind === 'form' && inner.has(id)),
      );
      const target = second?.id ? stage.campaignOf(second.id) : undefined;
      if (own.length > 0) stage.repoint(dice.pick(own), target ?? unlinked());
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

/** Vendors that are down, full or do not know us, for a while. */
function writeOutages(plan: Plan): void {
  const { stage, dice, startMs } = plan;
  const { livestorm, pardot, salesforce } = stage.sandbox;
  const outages: readonly { name: string; begin: () => void; end: () => void; pauseMs?: number }[] = [
    {
      name: 'Salesforce ends all sessions',
      begin: () => salesforce.world.revokeSessions(),
      end: () => {},
    },
    {
      name: 'Salesforce refuses every token',
      begin: () => Object.assign(salesforce.switches, { persistentlyUnauthorized: true }),
      end: () => Object.assign(salesforce.switches, { persistentlyUnauthorized: false }),
      pauseMs: 10 * MINUTE,
    },
    {
      name: 'the contact allowance is used up',
      begin: () => Object.assign(livestorm.switches, { contactAllowance: 0 }),
      end: () => Object.assign(livestorm.switches, { contactAllowance: null }),
      pauseMs: HOUR,
    },
    {
      name: 'the connector between Salesforce and Pardot is paused',
      begin: () => Object.assign(pardot.switches, { connectorPaused: true }),
      end: () => Object.assign(pardot.switches, { connectorPaused: false }),
      pauseMs: 15 * MINUTE,
    },
    {
      name: 'others take all places of Pardot',
      begin: () => Object.assign(pardot.switches, { othersInFlight: 5 }),
      end: () => Object.assign(pardot.switches, { othersInFlight: 0 }),
      pauseMs: 20 * MINUTE,
    },
    {
      name: 'others use up the calls of Pardot',
      begin: () => Object.assign(pardot.switches, { usedByOthers: 25_000 }),
      end: () => Object.assign(pardot.switches, { usedByOthers: 0 }),
      // A day's calls come back with the next day.
      pauseMs: DAY,
    },
  ];
  const count = dice.pick([0, 0, 0, 1, 1, 2]);
  for (const { name, begin, end, pauseMs = 0 } of dice.shuffle(outages).slice(0, count)) {
    const fromMs = between(dice, startMs + 10 * MINUTE, startMs + 6 * HOUR);
    const untilMs = fromMs + dice.between(5, 40) * MINUTE;
    at(plan, fromMs, () => {
      begin();
      for (let ms = fromMs; ms < untilMs; ms += 20 * MINUTE) stage.history.trouble(ms, name);
      stage.history.trouble(untilMs, `over: ${name}`, pauseMs);
    });
    at(plan, untilMs, () => {
      end();
    });
  }
}

/** `run` may answer with a time at which to try again; whatever else it answers means nothing. */
function at(plan: Plan, atMs: number, run: () => unknown): void {
  const { actions, dice } = plan;
  const again = (answer: unknown): number | undefined => (typeof answer === 'number' ? answer : undefined);
  const action: Action = { atMs, midRound: dice.chance(0.2), run: () => again(run()) };
  const later = actions.findIndex((other) => other.atMs > atMs);
  actions.splice(later === -1 ? actions.length : later, 0, action);
}

function between(dice: Dice, fromMs: number, toMs: number): number {
  return fromMs + Math.floor(Math.max(0, toMs - fromMs) * dice.next());
}
