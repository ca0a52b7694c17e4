import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { at, between, DAY, HOUR, MINUTE, type Plan } from './plan.ts';

interface Outage {
  readonly name: string;
  readonly begin: () => void;
  readonly end: () => void;
  /** So long the daemon may leave the vendor alone once it is over. */
  readonly pauseMs?: number;
}

/** Vendors that are down, full or do not know us, for a while. */
export function writeOutages(plan: Plan): void {
  const { stage, dice, startMs } = plan;
  const count = dice.pick([0, 0, 0, 1, 1, 2]);
  for (const { name, begin, end, pauseMs = 0 } of dice.shuffle(outagesOf(stage.sandbox)).slice(0, count)) {
    const fromMs = between(dice, startMs + 10 * MINUTE, startMs + 6 * HOUR);
    const untilMs = fromMs + dice.between(5, 40) * MINUTE;
    at(plan, fromMs, () => {
      begin();
      stage.history.trouble(stage.now, name, untilMs - stage.now + pauseMs);
    });
    at(plan, untilMs, () => {
      end();
      stage.history.trouble(stage.now, `over: ${name}`, pauseMs);
    });
  }
}

function outagesOf({ livestorm, pardot, salesforce }: Sandbox): readonly Outage[] {
  return [
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
}
