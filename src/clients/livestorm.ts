import type { Call, FieldValue, LivestormEvent, Registrant, Session } from '../domain.ts';

export type RegistrationAnswer =
  | { readonly result: 'registered'; readonly personId: string; readonly role: Registrant['role'] }
  | { readonly result: 'already_registered' }
  | { readonly result: 'unknown_field'; readonly fieldId: string | null };

export class LivestormClient {
  /** Sessions changed or created since; all when neither is given. Breakout rooms included as the API gives them. */
  listSessions(_query: { updatedSinceMs?: number; status?: string }, _call: Call): Promise<Session[]> {
    throw new Error('not built yet');
  }
  /** null when Livestorm does not know the session. */
  session(_id: string, _call: Call): Promise<Session | null> {
    throw new Error('not built yet');
  }
  event(_id: string, _call: Call): Promise<LivestormEvent | null> {
    throw new Error('not built yet');
  }
  /** Everybody in a session's people list; `complete` false when paging drifted twice. */
  listRegistrants(
    _sessionId: string,
    _call: Call,
  ): Promise<{ registrants: Registrant[]; complete: boolean }> {
    throw new Error('not built yet');
  }
  findRegistrant(_sessionId: string, _email: string, _call: Call): Promise<Registrant | null> {
    throw new Error('not built yet');
  }
  register(
    _sessionId: string,
    _fields: Readonly<Record<string, FieldValue>>,
    _call: Call,
  ): Promise<RegistrationAnswer> {
    throw new Error('not built yet');
  }
  ping(_call: Call): Promise<void> {
    throw new Error('not built yet');
  }
}
