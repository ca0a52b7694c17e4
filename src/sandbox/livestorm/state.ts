import type { Random, SandboxClock } from '../kernel/clock.ts';
import { Contacts } from './contacts.ts';
import type { EventRecord, Job, SessionRecord } from './model.ts';
import type { LivestormSwitches } from './switches.ts';

/** One workspace: what the world's actions and the API's routes both work on. */
export interface State {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly switches: LivestormSwitches;
  readonly organizationId: string;
  readonly events: Map<string, EventRecord>;
  readonly sessions: Map<string, SessionRecord>;
  readonly contacts: Contacts;
  readonly jobs: Map<string, Job>;
  /** Registrations through API and page so far: what the contact allowance counts. */
  contactsUsed: number;
}

export function emptyState(parts: Pick<State, 'clock' | 'random' | 'switches'>): State {
  return {
    ...parts,
    organizationId: parts.random.uuid(),
    events: new Map(),
    sessions: new Map(),
    contacts: new Contacts(parts.random, parts.switches, parts.clock.now()),
    jobs: new Map(),
    contactsUsed: 0,
  };
}

export function sessionsOf(state: State, eventId: string): SessionRecord[] {
  return [...state.sessions.values()].filter((session) => session.eventId === eventId);
}

/** The event of a session; sessions never outlive their event. */
export function eventOf(state: State, session: SessionRecord): EventRecord {
  const event = state.events.get(session.eventId);
  if (!event) throw new Error(`session ${session.id} has no event`);
  return event;
}

/** With its breakout rooms, registrations and statistics. */
export function dropSession(state: State, sessionId: string): void {
  for (const session of state.sessions.values()) {
    if (session.id === sessionId || session.breakoutOf === sessionId) state.sessions.delete(session.id);
  }
}
