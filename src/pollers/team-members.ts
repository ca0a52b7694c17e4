import type { Run } from '../job.ts';
import { eachLinkedSession, firstReading, type PeopleReaderParts } from './people-reading.ts';
import { wasEverybodyRead } from './registrants.ts';

/**
 * Reads once who of the team is in each linked session: team members who submit a form are not
 * registered. One call a session, none where everybody has been read already.
 */
export async function readNewTeams(parts: PeopleReaderParts, run: Run): Promise<void> {
  const { livestorm, store, clock } = parts;
  await eachLinkedSession(parts, run, async (session) => {
    const { id } = session;
    const stream = `team_members/${id}`;
    if (store.checkpoints.read(stream) !== undefined || wasEverybodyRead(parts, session)) return;
    const team = await livestorm.listTeam(id, run.call('discovery'));
    const nowMs = clock.now();
    store.transaction(() => {
      for (const member of team) store.registrants.observe(id, firstReading(member), nowMs);
      store.checkpoints.advance(stream, { members: team.length }, nowMs);
    });
  });
}
