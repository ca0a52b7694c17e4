/**
 * Two lives of the daemon on one state file, to be recorded: after each commit a line on standard output acknowledges
 * it. `short`: a session is created. `full`: the canonical scenario. Then the second life. `NORMAL` lowers `synchronous`,
 * which nothing in the product can.
 *
 *   recorded-life.ts FOLDER short|full FULL|NORMAL
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { DAY } from '../../../src/clock.ts';
import type { Database } from '../../../src/store/database.ts';
import { watchCommits } from '../commits.ts';
import { play } from '../scenario.ts';
import { Stage } from '../stage.ts';
import { digestOf } from './content.ts';

const [folder = '', scenario, synchronous = 'FULL'] = process.argv.slice(2);

function acknowledge(): void {
  using stack = new DisposableStack();
  const reader = new Sqlite(join(folder, 'state', 'state.db'), { readonly: true });
  stack.defer(() => reader.close());
  writeSync(1, `acknowledged ${digestOf(reader)}\n`);
}

function onOpen(db: Database): void {
  db.pragma(`synchronous = ${synchronous}`);
  acknowledge();
  watchCommits(db, { after: acknowledge });
}

using stage = await Stage.open({ dir: folder, onOpen });
if (scenario === 'full') await play(stage);
else {
  const event = stage.sandbox.livestorm.world.createEvent({ title: 'Spring webinar' });
  stage.sandbox.livestorm.world.createSession(event.id, { startsAtMs: stage.clock.now() + DAY });
  await stage.minutes();
}
stage.restart();
await stage.minutes();
