import { DAY, HOUR, MINUTE } from '../../../src/clock.ts';
import type { Config } from '../../../src/config/config.ts';
import { Random } from '../../../src/sandbox/kernel/clock.ts';
import type { Figure } from '../figures.ts';
import { callsSince, Stage } from '../stage.ts';

const PEOPLE = 500;
/** From the announcement to the start. */
const LEAD = 6 * HOUR;
const POLLING = /visitor-activities$/;

interface Cost {
  /** All of Livestorm's calls from the announcement to the reading of attendance a day after the end. */
  readonly livestorm: number;
  /** Of these, what nobody's registration causes: a connector without a session would have made them, too. */
  readonly idle: number;
  /** Account Engagement's calls that carry attendance, without the reading of forms. */
  readonly pardot: number;
}

/** One session with people who submit a form: `spreadMs` is the time they take. */
async function session(change: (config: Config) => Config, spreadMs: number): Promise<Cost> {
  const switches = { livestorm: { attendanceCorrectionMs: null } };
  await using stage = await Stage.open({ config: change, switches });
  const { livestorm, pardot } = stage.sandbox;
  await stage.minutes(DAY / MINUTE);
  const idleDay = stage.calls();
  await stage.minutes(DAY / MINUTE);
  const idlePerDay = callsSince(stage, idleDay, 'livestorm');

  const before = stage.calls();
  const announcedAtMs = stage.clock.now();
  const startsAtMs = announcedAtMs + LEAD;
  const { sessionId, formId } = await stage.linkedWebinar(startsAtMs);
  const random = new Random(3);
  const fromMs = stage.clock.now() + 10 * MINUTE;
  const times = Array.from(
    { length: PEOPLE },
    () => fromMs + random.next() * Math.min(spreadMs, startsAtMs - 10 * MINUTE - fromMs),
  ).sort((a, b) => a - b);
  const emails = times.map((_, index) => `person${index}@example.org`);
  let next = 0;
  while (stage.clock.now() < startsAtMs) {
    for (; (times[next] ?? Number.POSITIVE_INFINITY) <= stage.clock.now(); next++) {
      pardot.world.submitForm(formId, { email: emails[next] ?? '', firstName: 'Person' });
    }
    await stage.minutes(1);
  }
  livestorm.world.startSession(sessionId);
  for (const email of emails.slice(0, PEOPLE / 2)) {
    livestorm.world.join(sessionId, email, { durationSeconds: 1800 });
  }
  await stage.minutes(HOUR / MINUTE);
  livestorm.world.endSession(sessionId);
  const ended = stage.calls();
  await stage.minutes((DAY + 10 * MINUTE) / MINUTE);
  const right = emails.filter((email, index) => {
    const { Webinar_Attended__c: attended } = pardot.world.prospectsByEmail(email)[0]?.customFields ?? {};
    return attended === String(index < PEOPLE / 2);
  });
  if (right.length !== PEOPLE) throw new Error(`attendance of ${right.length} of ${PEOPLE} is right`);
  const days = (stage.clock.now() - announcedAtMs) / DAY;
  return {
    livestorm: callsSince(stage, before, 'livestorm'),
    idle: idlePerDay * days,
    pardot: callsSince(stage, ended, 'pardot', POLLING),
  };
}

/** Calls per registrant and per attendee, singly and in bulk, for one session of 500 people. */
export async function calls(): Promise<Figure[]> {
  const single = await session(
    (config) => withBulk(config, { pardotImportFrom: 0, livestormJobs: false }),
    5 * HOUR,
  );
  const bulk = await session(
    (config) => withBulk(config, { pardotImportFrom: 200, livestormJobs: true }),
    MINUTE,
  );
  const whole = 'announced 6 h ahead, to a day after the end; limit 10,000 calls in 30 days';
  return [
    {
      name: 'Livestorm calls, single',
      value: (single.livestorm - single.idle) / PEOPLE,
      unit: '/registrant',
      goal: { id: 'Q1', most: 1.2 },
      beside: `beyond idle; ${whole}`,
    },
    {
      name: 'Livestorm calls, single, idle included',
      value: single.livestorm / PEOPLE,
      unit: '/registrant',
      goal: { id: 'Q1', most: 1.2 },
    },
    {
      name: 'Livestorm calls, bulk',
      value: (bulk.livestorm - bulk.idle) / PEOPLE,
      unit: '/registrant',
      goal: { id: 'Q1', most: 0.25 },
      beside: `beyond idle; everybody within a minute`,
    },
    {
      name: 'Livestorm calls, bulk, idle included',
      value: bulk.livestorm / PEOPLE,
      unit: '/registrant',
      goal: { id: 'Q1', most: 0.25 },
    },
    {
      name: 'Account Engagement calls for attendance, single',
      value: single.pardot / PEOPLE,
      unit: '/attendee',
      goal: { id: 'Q3', most: 1.1 },
      beside: 'limit 25,000 calls a day or more',
    },
    {
      name: 'Account Engagement calls for attendance, by import',
      value: bulk.pardot / PEOPLE,
      unit: '/attendee',
      goal: { id: 'Q3', most: 0.05 },
    },
  ];
}

function withBulk(config: Config, bulk: Config['bulk']): Config {
  return { ...config, bulk, flows: { ...config.flows, externalActivities: false } };
}
