import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { START, type Stage } from './stage.ts';

const TITLE = 'Spring webinar';
const STARTS_AT = START + 6 * HOUR;
const ENDS_AT = STARTS_AT + HOUR;
/** By a form, and known to nobody before. */
const ANA = 'ana@example.org';
/** On Livestorm's page, and known to nobody before. */
const BEN = 'ben@example.org';
/** On Livestorm's page; a prospect from before, with a campaign of its own. */
const CLEO = 'cleo@example.org';

/**
 * The canonical scenario: a session, its campaign and list, a form submission and its registration, registrants who
 * become prospects, the end, attendance, a replay view. Throws when a step is not done within the time a person would
 * give it.
 */
export async function play(stage: Stage): Promise<void> {
  const { livestorm, pardot } = stage.sandbox;
  const old = pardot.world.createCampaign({ name: 'old' });
  pardot.world.createProspect({ email: CLEO, campaignId: old });
  await stage.minutes();

  const event = livestorm.world.createEvent({ title: TITLE });
  const { id } = livestorm.world.createSession(event.id, { startsAtMs: STARTS_AT });
  await stage.until('the session is linked', () => stage.life.store.links.get(id)?.listId != null);
  const campaignId = pardot.world.campaigns().find(({ name }) => name.startsWith(TITLE))?.id ?? 0;
  const form = pardot.world.createForm({ name: 'form', campaignId });
  pardot.world.submitForm(form, { email: ANA, firstName: 'Ana' });
  livestorm.world.registerOnPage(id, { email: BEN, firstName: 'Ben' });
  livestorm.world.registerOnPage(id, { email: CLEO });
  const everybody = [ANA, BEN, CLEO];
  await stage.until('everybody is registered, on the list, and told', () =>
    everybody.every((email) => activitiesOf(stage.sandbox, email).includes('Registered')),
  );

  await stage.skipTo(STARTS_AT);
  livestorm.world.startSession(id);
  livestorm.world.join(id, ANA, { durationSeconds: 1800, messages: 3, questions: 1 });
  livestorm.world.join(id, BEN, { durationSeconds: 600 });
  await stage.minutes();
  await stage.skipTo(ENDS_AT);
  livestorm.world.endSession(id);
  for (const wait of [6 * MINUTE, 31 * MINUTE, 3 * HOUR + MINUTE, DAY + MINUTE]) {
    await stage.skipTo(ENDS_AT + wait);
    await stage.minutes();
    await stage.until('attendance is written', () =>
      everybody.every((email) => 'Webinar_Attended__c' in writtenTo(stage.sandbox, email)),
    );
  }
  await stage.until('attendance is told', () =>
    everybody.every((email) => activitiesOf(stage.sandbox, email).some((type) => /Attended$/.test(type))),
  );

  await stage.skipTo(ENDS_AT + DAY + HOUR);
  livestorm.world.watchReplay(id, CLEO);
  await stage.skipTo(ENDS_AT + 2 * DAY + MINUTE);
  await stage.minutes();
  await stage.until(
    'the replay view is told and written',
    () =>
      activitiesOf(stage.sandbox, CLEO).includes('WatchedReplay') &&
      writtenTo(stage.sandbox, CLEO).Webinar_Replay_Watched__c === 'replay',
  );
}

/** Everything at the vendors that a person or a report can see. Ids and instants differ from run to run. */
export function finalState({ livestorm, pardot, salesforce }: Sandbox): unknown {
  return {
    campaigns: salesforce.world.campaigns().map(({ name, isDeleted }) => ({ name, isDeleted })),
    mirrors: pardot.world.campaigns().map(({ name }) => name),
    lists: pardot.world.lists().map(({ name }) => name),
    people: livestorm.world.sessions().map(({ id }) =>
      livestorm.world
        .people(id)
        .map(({ email, firstName, registeredBy, confirmationsSent }) => ({
          email,
          firstName,
          registeredBy,
          confirmationsSent,
        }))
        .sort(byEmail),
    ),
    prospects: pardot.world
      .prospects()
      .map(({ email, isDeleted, campaignName, fields, customFields, lists, externalActivities }) => ({
        email: email ?? '',
        isDeleted,
        campaignName,
        fields,
        customFields,
        lists: lists.map(({ name }) => name),
        activities: externalActivities.map(({ type, value }) => `${type}: ${value}`).sort(),
      }))
      .sort(byEmail),
  };
}

function byEmail(a: { readonly email: string }, b: { readonly email: string }): number {
  return a.email < b.email ? -1 : 1;
}

function activitiesOf({ pardot }: Sandbox, email: string): string[] {
  return pardot.world
    .prospectsByEmail(email)
    .flatMap(({ externalActivities }) => externalActivities.map(({ type }) => type));
}

function writtenTo({ pardot }: Sandbox, email: string): Readonly<Record<string, unknown>> {
  return pardot.world.prospectsByEmail(email)[0]?.customFields ?? {};
}
