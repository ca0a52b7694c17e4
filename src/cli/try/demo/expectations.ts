import { emailKey } from '../../../domain.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { Stage } from './stage.ts';
import { outcomeOf, type Person, type Played } from './webinar.ts';

type ProspectView = ReturnType<Sandbox['pardot']['world']['prospectsByEmail']>[number];

/** The prospect with this address as the sandbox has it. */
export function prospectOf({ sandbox }: Stage, email: string): ProspectView | undefined {
  return sandbox.pardot.world.prospectsByEmail(email)[0];
}

/** Everything that should have happened in the vendors and did not; empty when the demo went as it must. */
export function findMissing(stage: Stage, played: Played): string[] {
  const { webinars, people } = played;
  const problems = webinars.flatMap(({ sessionId }, index) => [
    ...missingLink(stage, sessionId),
    ...(people[index] ?? []).flatMap((person) => missingOf(stage, played, sessionId, person)),
    ...strangers(stage, sessionId, people[index] ?? []),
  ]);
  return [...played.missing, ...problems];
}

function missingLink({ store }: Stage, sessionId: string): string[] {
  return store.links.get(sessionId)?.listId ? [] : [`session ${sessionId} has no list`];
}

function strangers({ sandbox }: Stage, sessionId: string, people: readonly Person[]): string[] {
  return sandbox.livestorm.world
    .people(sessionId)
    .filter(
      ({ email, registeredBy }) => registeredBy === 'api' && !people.some((person) => isSame(person, email)),
    )
    .map(({ email }) => `${email} was registered in the wrong session`);
}

function isSame(person: Person, email: string): boolean {
  return emailKey(person.email) === emailKey(email);
}

function missingOf(stage: Stage, played: Played, sessionId: string, person: Person): string[] {
  const problems: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    if (String(found ?? 'nothing') !== String(wanted ?? 'nothing')) {
      problems.push(`${person.email}: ${what} is ${found ?? 'nothing'}, not ${wanted ?? 'nothing'}`);
    }
  };
  if (person.expectedOutcome) expect('outcome', outcomeOf(stage, person.email), person.expectedOutcome);
  const there = stage.sandbox.livestorm.world.people(sessionId).filter(({ email }) => isSame(person, email));
  if (person.isRegistrant) {
    expect('number of registrations', there.length, 1);
    expect('number of confirmation mails', there[0]?.confirmationsSent, 1);
  }
  const prospect = prospectOf(stage, person.email);
  const link = stage.store.links.get(sessionId);
  if (person.isRegistrant) {
    expect(
      'source campaign',
      prospect?.campaignId,
      person.isKnown ? played.oldCampaignId : link?.pardotCampaignId,
    );
  }
  expect('list', prospect?.lists[0]?.listId, person.isRegistrant ? link?.listId : undefined);
  expectAttendance(person, prospect, expect);
  expectActivities(person, prospect, expect);
  return problems;
}

type Expect = (what: string, found: unknown, wanted: unknown) => void;

function expectAttendance(person: Person, prospect: ProspectView | undefined, expect: Expect): void {
  const written = prospect?.customFields ?? {};
  const { isRegistrant, stays } = person;
  expect('Webinar_Attended__c', written.Webinar_Attended__c, isRegistrant ? stays !== null : undefined);
  expect('Webinar_Duration__c', written.Webinar_Duration__c, isRegistrant ? (stays ?? 0) : undefined);
  expect(
    'Webinar_Replay_Watched__c',
    written.Webinar_Replay_Watched__c,
    person.watchesReplay ? 'replay' : undefined,
  );
}

function expectActivities(person: Person, prospect: ProspectView | undefined, expect: Expect): void {
  const found = (prospect?.externalActivities ?? []).map(({ type }) => type).sort();
  const attended = ['Attended', 'AttendanceDuration', 'MessagesSent', 'QuestionsAsked'];
  const wanted = [
    ...(person.isRegistrant ? ['Registered', ...(person.stays === null ? ['NotAttended'] : attended)] : []),
    ...(person.watchesReplay ? ['WatchedReplay'] : []),
  ];
  expect('external activities', found.join(' ') || undefined, wanted.sort().join(' ') || undefined);
}
