import { type Character, crowdOf, otherCase } from './people.ts';
import { at, between, HOUR, MINUTE, type Plan, type Show } from './plan.ts';
import type { Asset, Stage } from './stage.ts';

/** Forms as soon as Pardot has the campaign, then submissions and registrations on Livestorm's page. */
export function writeAudience(plan: Plan, show: Show, { hasCrowd }: { readonly hasCrowd: boolean }): void {
  const { stage, dice } = plan;
  at(plan, show.createdAtMs + dice.between(5, 15) * MINUTE, () => {
    const campaignId = show.id === '' ? undefined : stage.campaignOf(show.id);
    if (campaignId === undefined) return stage.now < show.startsAtMs ? stage.now + 4 * MINUTE : undefined;
    const assets = makeAssets(plan, campaignId);
    writeBurst(plan, show, assets, hasCrowd);
    writeSubmissions(plan, show, assets);
    return undefined;
  });
  writePage(plan, show);
}

/** Enough people at once for a job, an import, a second page or a brake, which single submissions seldom make. */
function writeBurst(plan: Plan, show: Show, assets: readonly Asset[], hasCrowd: boolean): void {
  const { stage, dice, settings, cast } = plan;
  const { features, choices } = settings;
  const isBurst = choices.some(({ burst }) => burst > 0);
  if (!hasCrowd && !isBurst && !features.has('jobs') && !features.has('imports')) return;
  const crowd = hasCrowd ? crowdOf(settings.crowd) : [];
  at(plan, between(dice, stage.now + MINUTE, show.startsAtMs - HOUR), () => {
    const [form] = assets;
    for (const person of [...cast, ...crowd]) {
      stage.submit(isBurst && form ? form : dice.pick(assets), person);
    }
  });
}

function writeSubmissions(plan: Plan, show: Show, assets: readonly Asset[]): void {
  const { stage, dice, settings, cast } = plan;
  const count = dice.between(...settings.submissions);
  for (let each = 0; each < count; each++) {
    const person = dice.pick(cast);
    const spelt = dice.chance(0.25) ? { ...person, email: otherCase(person.email) } : person;
    const atMs = between(dice, stage.now + MINUTE, show.overMs + 10 * MINUTE);
    at(plan, atMs, () => stage.submit(dice.pick(assets), spelt));
  }
  // Too late, as only Livestorm can tell by then.
  at(plan, show.overMs - MINUTE, () => stage.submit(dice.pick(assets), dice.pick(cast)));
  for (const page of assets.filter(({ kind }) => kind === 'landing_page')) {
    for (let each = 0; each < 3; each++) {
      const atMs = between(dice, stage.now + MINUTE, show.startsAtMs);
      at(plan, atMs, () => stage.submit(page, dice.pick(cast)));
    }
  }
}

function writePage(plan: Plan, show: Show): void {
  const { stage, dice, settings, cast } = plan;
  const isLeaving = settings.features.has('removals');
  const onPage = isLeaving ? 3 : dice.between(0, 3);
  const people = cast.filter(({ formsOnly }) => !formsOnly);
  for (let each = 0; each < onPage && people.length > 0; each++) {
    const person = dice.pick(people);
    const atMs = between(dice, show.createdAtMs + 5 * MINUTE, show.overMs - 5 * MINUTE);
    at(plan, atMs, () => {
      if (isOpen(stage, show.id)) stage.register(show.id, person);
    });
    if (!dice.chance(isLeaving ? 0.8 : 0.15)) continue;
    const leavesAtMs = between(dice, atMs + MINUTE, show.startsAtMs);
    const comesBack = dice.chance(0.3);
    at(plan, leavesAtMs, () => unregister(plan, show, person, comesBack));
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
