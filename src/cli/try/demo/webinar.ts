import { DAY, HOUR, isoSeconds, MINUTE } from '../../../clock.ts';
import { emailKey, type Outcome } from '../../../domain.ts';
import { createWebinar, minutesUntil, nextMinute, pause, type Stage, skipTo, type Webinar } from './stage.ts';

/** Somebody of the demo, and what must have become of them at its end. */
export interface Person {
  readonly email: string;
  readonly source: string;
  /** null for people who register in Livestorm itself. */
  readonly expectedOutcome: Outcome | null;
  /** Whether they end up in the session, from either side. */
  readonly isRegistrant: boolean;
  /** Whether the prospect existed before, with a campaign of its own. */
  readonly isKnown?: boolean;
  /** Seconds in the session; null for somebody who does not come. */
  readonly stays: number | null;
  readonly watchesReplay?: boolean;
}

export interface Played {
  /** The one filled from Pardot, the one filled from Livestorm. */
  readonly webinars: readonly [Webinar, Webinar];
  /** Who belongs to which, in the same order. */
  readonly people: readonly [readonly Person[], readonly Person[]];
  /** Campaign that known prospects came from. */
  readonly oldCampaignId: number;
  /** What did not happen. */
  readonly missing: readonly string[];
}

const FROM_PARDOT: readonly Person[] = [
  {
    email: 'ada@example.org',
    source: 'form',
    expectedOutcome: 'registered',
    isRegistrant: true,
    stays: 2700,
    watchesReplay: true,
  },
  {
    email: 'Grace@Example.org',
    source: 'form handler',
    expectedOutcome: 'registered',
    isRegistrant: true,
    isKnown: true,
    stays: 1500,
  },
  {
    email: 'lin@example.net',
    source: 'landing page',
    expectedOutcome: 'registered',
    isRegistrant: true,
    stays: null,
  },
  {
    email: 'early@example.net',
    source: 'Livestorm page, then form',
    expectedOutcome: 'already_registered',
    isRegistrant: true,
    stays: 600,
  },
  {
    email: 'host@workspace.example',
    source: 'form',
    expectedOutcome: 'team_member',
    isRegistrant: false,
    stays: null,
  },
  {
    email: 'stray@example.net',
    source: 'form without a session',
    expectedOutcome: 'campaign_unlinked',
    isRegistrant: false,
    stays: null,
  },
];

const FROM_LIVESTORM: readonly Person[] = [
  {
    email: 'joan@example.org',
    source: 'Livestorm page',
    expectedOutcome: null,
    isRegistrant: true,
    stays: 1800,
  },
  {
    email: 'mary@example.org',
    source: 'Livestorm page',
    expectedOutcome: null,
    isRegistrant: true,
    isKnown: true,
    stays: null,
  },
];

/** Both test protocols of the vendor's article, played from the first session to the replay. */
export async function playWebinars(stage: Stage): Promise<Played> {
  const missing: string[] = [];
  const webinars = await createSessions(stage, missing);
  const oldCampaignId = createKnownProspects(stage);
  await registerOnLivestorm(stage, webinars[1], missing);
  await submitForms(stage, webinars[0], oldCampaignId, missing);
  await holdWebinars(stage, webinars);
  await watchReplay(stage, webinars[0], missing);
  return { webinars, people: [FROM_PARDOT, FROM_LIVESTORM], oldCampaignId, missing };
}

async function createSessions(stage: Stage, missing: string[]): Promise<[Webinar, Webinar]> {
  const { tell, store } = stage;
  const webinars: [Webinar, Webinar] = [
    createWebinar(stage, 'Pardot Test Event'),
    createWebinar(stage, 'Livestorm Test Event'),
  ];
  tell('two events are published in Livestorm, each with a session tomorrow');
  await nextMinute(stage);
  tell('the connector has made a Salesforce campaign for each; Connected Campaigns now mirrors them');
  const isListed = () => webinars.every(({ sessionId }) => store.links.get(sessionId)?.listId != null);
  if (await minutesUntil(stage, 45, isListed)) tell('the mirrors are there, and a list for each session');
  else missing.push('campaigns or lists were not made within 45 minutes');
  return webinars;
}

/** Prospects from before, with a source campaign that must stay. */
function createKnownProspects({ sandbox }: Stage): number {
  const { world } = sandbox.pardot;
  const campaignId = world.createCampaign({ name: 'Newsletter 2024' });
  for (const { email, isKnown } of [...FROM_PARDOT, ...FROM_LIVESTORM]) {
    if (isKnown) world.createProspect({ email, campaignId });
  }
  return campaignId;
}

/** Protocol "Register from Livestorm": people use Livestorm's own page. */
async function registerOnLivestorm(stage: Stage, { sessionId }: Webinar, missing: string[]): Promise<void> {
  const { sandbox, store, tell } = stage;
  for (const { email } of FROM_LIVESTORM) {
    sandbox.livestorm.world.registerOnPage(sessionId, { email, firstName: 'Somebody' });
  }
  tell('two people register on the Livestorm page of the second event');
  const isKnown = () =>
    FROM_LIVESTORM.every(({ email }) => store.sessionProspects.get(sessionId, emailKey(email)));
  if (await minutesUntil(stage, 30, isKnown)) tell('both are prospects now, one new, one known before');
  else missing.push('somebody who registered in Livestorm did not become a prospect within 30 minutes');
}

/** Protocol "Register from Pardot": the company's own form, form handler and landing page. */
async function submitForms(
  stage: Stage,
  webinar: Webinar,
  oldCampaignId: number,
  missing: string[],
): Promise<void> {
  const { sandbox, store, tell } = stage;
  const { world } = sandbox.pardot;
  const campaignId = store.links.get(webinar.sessionId)?.pardotCampaignId ?? 0;
  const form = world.createForm({ name: 'Webinar form', campaignId });
  const stray = world.createForm({ name: 'Contact form', campaignId: oldCampaignId });
  const handler = world.createFormHandler({ name: 'Webinar handler', campaignId });
  const landing = world.createLandingPage({ name: 'Webinar landing page', campaignId, formId: form });
  tell('a form, a form handler and a landing page get the campaign of the first event');
  sandbox.livestorm.world.registerOnPage(webinar.sessionId, { email: 'early@example.net' });

  pause(stage, 7);
  world.submitForm(form, { email: 'ada@example.org', firstName: 'Ada', lastName: 'Lovelace' });
  pause(stage, 11);
  world.submitFormHandler(handler, { email: 'Grace@Example.org', lastName: 'Hopper' });
  world.submitLandingPage(landing, { email: 'lin@example.net', firstName: 'Lin' });
  pause(stage, 5);
  world.submitForm(form, { email: 'early@example.net' });
  world.submitForm(form, { email: 'host@workspace.example' });
  world.submitForm(stray, { email: 'stray@example.net' });
  world.submitForm(form, { email: 'ada@example.org', firstName: 'Ada', lastName: 'Lovelace' });
  tell('six people submit them, one of them twice');

  const isDecided = () => FROM_PARDOT.every(({ email }) => outcomeOf(stage, email) !== null);
  if (!(await minutesUntil(stage, 10, isDecided)))
    missing.push('somebody still has no outcome after ten minutes');
  tell('everybody has an outcome');
}

async function holdWebinars(stage: Stage, webinars: Played['webinars']): Promise<void> {
  const { sandbox, clock, tell } = stage;
  const { world } = sandbox.livestorm;
  const { startsAtMs } = webinars[0];
  await skipTo(stage, startsAtMs);
  for (const { sessionId } of webinars) world.startSession(sessionId);
  tell('the webinars start');
  for (const [index, { sessionId }] of webinars.entries()) {
    for (const { email, stays } of index === 0 ? FROM_PARDOT : FROM_LIVESTORM) {
      if (stays !== null) world.join(sessionId, email, { durationSeconds: stays, messages: 2, questions: 1 });
    }
  }
  await skipTo(stage, startsAtMs + 45 * MINUTE);
  for (const { sessionId } of webinars) world.endSession(sessionId);
  const endedAtMs = clock.now();
  tell('they end; attendance is read after 5 and 25 minutes, 3 hours and a day');
  for (const afterMs of [5 * MINUTE, 25 * MINUTE, 3 * HOUR, DAY])
    await skipTo(stage, endedAtMs + afterMs + MINUTE);
}

async function watchReplay(
  stage: Stage,
  { sessionId, startsAtMs }: Webinar,
  missing: string[],
): Promise<void> {
  const { sandbox, store, tell } = stage;
  const viewer = FROM_PARDOT.find((person) => person.watchesReplay)?.email ?? '';
  sandbox.livestorm.world.watchReplay(sessionId, viewer);
  tell('somebody watches the replay');
  await skipTo(stage, startsAtMs + 2 * DAY + 2 * HOUR);
  const isSeen = () => store.registrants.ofSession(sessionId).some((person) => person.replayKind !== null);
  if (!(await minutesUntil(stage, 60, isSeen))) missing.push('the replay view was not found');
  await nextMinute(stage);
  tell(`done; in the demo it is ${isoSeconds(stage.clock.now())}`);
}

/** What became of somebody's submission; null while nothing has. */
export function outcomeOf({ store }: Pick<Stage, 'store'>, email: string): Outcome | null {
  const key = emailKey(email);
  const registration = store.registrations.all().find((candidate) => candidate.emailKey === key);
  if (registration) return registration.outcome;
  return (
    store.submissions.unregistered().find((known) => emailKey(known.email ?? '') === key)?.outcome ?? null
  );
}
