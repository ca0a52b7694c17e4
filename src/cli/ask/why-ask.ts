import { isoSeconds } from '../../clock.ts';
import { loadConfig } from '../../config/load.ts';
import type { PersonAnswer } from '../../questions/person.ts';
import type { Store } from '../../store/store.ts';
import type { Terminal } from '../terminal.ts';
import { withVendors } from '../vendors.ts';
import type { VendorsSay } from './why-vendors.ts';

/** Each costs a call of the month's quota. */
const MOST_SESSIONS = 5;

/**
 * Asks Account Engagement who has the address, and Livestorm whether it is registered: in the sessions of the person,
 * else in those that are open. At most 6 calls.
 */
export async function askVendors(
  { config: file, email, session }: { config: string; email: string; session: string | undefined },
  { sessions }: PersonAnswer,
  terminal: Terminal,
): Promise<VendorsSay> {
  const config = await loadConfig(file, terminal.env);
  return await withVendors(config, terminal, async ({ store, livestorm, pardotPeople, call }) => {
    const matches = await pardotPeople.prospectsByEmail(email.trim(), [], call);
    const known = sessions.map(({ session_id }) => session_id);
    const ids = session !== undefined ? [session] : known.length > 0 ? known : openSessions(store);
    const people: VendorsSay['livestorm'][number][] = [];
    for (const id of ids.slice(-MOST_SESSIONS)) {
      const found = await livestorm.findRegistrant(id, email, call);
      people.push({
        session_id: id,
        name: store.links.get(id)?.name ?? 'not linked',
        registered_at: found && isoSeconds(found.registeredAtMs),
        role: found?.role ?? null,
      });
    }
    return {
      prospects: matches.map(({ id, isDeleted, lastActivityAtMs }) => ({
        id,
        deleted: isDeleted,
        last_activity_at: lastActivityAtMs === null ? null : isoSeconds(lastActivityAtMs),
      })),
      livestorm: people,
    };
  });
}

function openSessions(store: Store): string[] {
  return store.links
    .all()
    .map(({ sessionId }) => store.sessions.get(sessionId))
    .flatMap((session) =>
      session && session.goneAtMs === null && ['upcoming', 'live', 'on_demand'].includes(session.status)
        ? session.id
        : [],
    );
}
