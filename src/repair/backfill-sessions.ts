import type { LivestormClient } from '../clients/livestorm.ts';
import type { Call, LivestormEvent, Session } from '../domain.ts';
import { deservesLink, type LinkRules } from '../reconcile/plan-links.ts';
import { closedBecause } from '../reconcile/plan-registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { NotPossibleError } from './not-possible.ts';

export interface SessionReaderParts {
  readonly store: Store;
  readonly livestorm: LivestormClient;
  readonly call: Call;
  readonly linkRules: LinkRules;
}

/** A session that is to be taken in, with what Livestorm tells of it now. */
export interface Admission {
  readonly session: Session;
  readonly event: LivestormEvent;
}

/** The session as Livestorm has it at this moment; undefined when it knows none. */
export async function readSessionNow(
  { store, livestorm, call }: SessionReaderParts,
  id: string,
  nowMs: number,
): Promise<KnownSession | undefined> {
  const known = store.sessions.get(id);
  const session = await livestorm.session(id, call);
  if (!session) return known && { ...known, goneAtMs: nowMs };
  const event = await livestorm.event(session.eventId, call);
  const seen = { firstSeenAtMs: known?.firstSeenAtMs ?? nowMs, seenAtMs: nowMs, goneAtMs: null };
  return { ...session, ...seen, event: event && { ...event, seenAtMs: nowMs } };
}

/** Throws `NotPossibleError` when the session takes nobody; one that has ended does with `ended`. */
export function requireOpen(session: KnownSession, ended: boolean): void {
  const closed = closedBecause(session);
  if (closed === null || (closed === 'session_ended' && session.status === 'past' && ended)) return;
  const hint =
    closed === 'session_ended' && session.status === 'past'
      ? 'with --ended it is tried all the same; Livestorm may refuse every one of them'
      : undefined;
  throw new NotPossibleError(`session ${session.id}: ${WHY[closed] ?? closed}`, { hint });
}

const WHY: Readonly<Record<string, string>> = {
  session_ended: 'it has ended',
  session_canceled: 'it is canceled',
  session_gone: 'Livestorm does not know it any more',
  session_not_published: 'it or its event is not published',
};

/**
 * What has to be taken in for the session to get a campaign and a list; null when it is linked already. Throws
 * `NotPossibleError` when it cannot be linked.
 */
export function admissionOf(parts: SessionReaderParts, session: KnownSession): Admission | null {
  const { store, linkRules } = parts;
  if (store.links.get(session.id)) return null;
  const { event } = session;
  if (linkRules.existing.some((link) => link.session === session.id || link.event === session.eventId)) {
    throw new NotPossibleError(`session ${session.id} is not tied to its campaign yet`, {
      hint: 'links.existing names one: start or reload the connector with it, then look at status',
    });
  }
  const isAdmitted = (): boolean => true;
  if (!event || !deservesLink(session, { ...linkRules, isAdmitted })) {
    throw new NotPossibleError(`session ${session.id} cannot be linked`, {
      hint: 'its event is excluded by links.events, or it is a breakout room',
    });
  }
  if (deservesLink(session, linkRules)) {
    throw new NotPossibleError(`session ${session.id} is being linked`, {
      hint: 'it will get its campaign without a backfill; see status',
    });
  }
  return { session, event };
}
