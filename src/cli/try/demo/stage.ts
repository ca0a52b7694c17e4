import { DAY, HOUR, MINUTE, SECOND } from '../../../clock.ts';
import type { Daemon } from '../../../daemon.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { Store } from '../../../store/store.ts';
import type { WarpClock } from './warp-clock.ts';

/** What the scenes of the demo play on. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly clock: WarpClock;
  readonly daemon: Daemon;
  /** Says what happens, with the hour it is in the demo. */
  readonly tell: (text: string) => void;
}

/** Skips to the next full minute, when the timers of the connector would fire, and lets it do its round. */
export async function nextMinute({ clock, daemon }: Stage): Promise<void> {
  clock.skip(MINUTE - (clock.now() % MINUTE));
  const { failures } = await daemon.runOnce();
  if (failures[0]) throw failures[0].error;
}

/** Minute after minute until it is so; false when it has not become so in `minutes`. */
export async function minutesUntil(stage: Stage, minutes: number, isSo: () => boolean): Promise<boolean> {
  for (let minute = 0; minute < minutes; minute++) {
    if (isSo()) return true;
    await nextMinute(stage);
  }
  return isSo();
}

/** Skips to an instant and lets the connector do its rounds there. */
export async function skipTo(stage: Stage, atMs: number): Promise<void> {
  stage.clock.skip(Math.max(0, atMs - stage.clock.now()));
  await nextMinute(stage);
}

export interface Webinar {
  readonly eventId: string;
  readonly sessionId: string;
  readonly startsAtMs: number;
}

/** A published event with one session tomorrow at 14:00 UTC. */
export function createWebinar({ sandbox, clock }: Stage, title: string): Webinar {
  const { world } = sandbox.livestorm;
  const startsAtMs = Math.floor(clock.now() / DAY) * DAY + DAY + 14 * HOUR;
  const event = world.createEvent({
    title,
    fields: [
      { id: 'email', required: true },
      { id: 'first_name' },
      { id: 'last_name' },
      { id: 'company', custom: true },
    ],
  });
  const session = world.createSession(event.id, { startsAtMs });
  return { eventId: event.id, sessionId: session.id, startsAtMs };
}

/** Time passes before somebody else does something. */
export function pause({ clock }: Stage, seconds: number): void {
  clock.skip(seconds * SECOND);
}
