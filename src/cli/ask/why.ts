import { systemClock } from '../../clock.ts';
import { loadStateDir } from '../../config/load.ts';
import { type PersonAnswer, readPerson } from '../../questions/person.ts';
import { openStoreReadOnly } from '../../store/store.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { askVendors } from './why-ask.ts';
import { renderWhy } from './why-view.ts';

export interface WhyOptions {
  readonly config: string;
  readonly email: string;
  /** Only this session. */
  readonly session: string | undefined;
  /** Ask Livestorm and Account Engagement, too. */
  readonly ask: boolean;
  readonly json: boolean;
}

/**
 * `why`: everything that is known of one person, in order, and what happens next. Reads the state beside the running
 * daemon; calls no vendor unless told to. Returns 0, or 3 when nothing is known of the address.
 */
export async function whyCommand(options: WhyOptions, terminal: Terminal): Promise<number> {
  const clock = terminal.clock ?? systemClock;
  const view = readWhy(options, await loadStateDir(options.config, terminal.env), clock.now());
  const vendors = options.ask ? await askVendors(options, view, terminal) : null;
  const whole = { ...view, vendors };
  terminal.write(options.json ? `${JSON.stringify(whole, null, 2)}\n` : renderWhy(whole));
  return view.unknown === null ? EXIT.ok : EXIT.partial;
}

function readWhy(options: WhyOptions, stateDir: string, nowMs: number): PersonAnswer {
  using store = openStoreReadOnly(stateDir);
  return readPerson(store, options, nowMs);
}
