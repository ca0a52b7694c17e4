import { isoSeconds } from '../clock.ts';
import { emailKey, OUTCOMES, type Outcome } from '../domain.ts';
import type { SessionLink } from '../store/links.ts';
import type { Pause } from '../store/pauses.ts';
import type { PersonHistory } from '../store/person-history.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { type Neighbour, nearestAddresses } from './nearest-addresses.ts';
import { checksForUnseen } from './never-seen.ts';
import type { Step } from './step.ts';
import { notesOn, type SessionStory, sessionsOf, tellSession, tellStray } from './timeline.ts';

/** Everything that is known of one address. Instants are ISO 8601 UTC or null. */
export interface PersonAnswer {
  /** As it is looked for: in lower case. */
  readonly email: string;
  readonly notes: readonly string[];
  readonly sessions: readonly {
    readonly session_id: string;
    readonly name: string;
    readonly status: string;
    readonly starts_at: string | null;
    readonly pardot_campaign_id: number | null;
    readonly salesforce_campaign_id: string | null;
    readonly list_id: number | null;
    readonly registered: boolean;
    readonly outcome: Outcome | null;
    readonly answer: string;
    readonly steps: readonly StepView[];
  }[];
  /** What became of submissions that led to no session. */
  readonly without_session: readonly StepView[];
  /** Sessions left out because of `--session`. */
  readonly other_sessions: readonly string[];
  /** null when the address is known. */
  readonly unknown: {
    readonly since: string | null;
    readonly nearest: readonly Neighbour[];
    readonly checks: readonly string[];
  } | null;
}

export interface StepView {
  readonly at: string | null;
  readonly what: Step['what'];
  readonly text: string;
  readonly decision: Outcome | null;
  readonly decision_text: string | null;
  readonly next: string | null;
  readonly ids: Step['ids'];
}

function stepJson({ atMs, what, text, decision, next, ids }: Step): StepView {
  return {
    at: iso(atMs),
    what,
    text,
    decision,
    decision_text: decision === null ? null : OUTCOMES[decision],
    next,
    ids,
  };
}

function sessionJson(
  story: SessionStory,
  session: KnownSession | undefined,
  link: SessionLink | undefined,
): PersonAnswer['sessions'][number] {
  return {
    session_id: story.sessionId,
    name: link?.name ?? session?.event?.title ?? session?.name ?? 'not linked',
    status: session?.goneAtMs ? 'gone' : (session?.status ?? 'unknown'),
    starts_at: iso(session?.estimatedStartedAtMs ?? null),
    pardot_campaign_id: link?.pardotCampaignId ?? null,
    salesforce_campaign_id: link?.salesforceCampaignId ?? null,
    list_id: link?.listId ?? null,
    registered: story.isRegistered,
    outcome: story.outcome,
    answer: story.answer,
    steps: story.steps.map(stepJson),
  };
}

/** Reads what is known of an address, in all sessions or in one. Calls nobody. */
export function readPerson(
  store: Store,
  { email, session }: { readonly email: string; readonly session?: string | undefined },
  nowMs: number,
): PersonAnswer {
  const key = emailKey(email);
  const history = store.history(key);
  const all = sessionsOf(history);
  const wanted = session === undefined ? all : all.filter((id) => id === session);
  const stray = session === undefined ? tellStray(history) : [];
  const isKnown = wanted.length > 0 || stray.length > 0;
  return {
    email: key,
    notes: [...forgottenNote(store, key), ...notesOn(history), ...store.pauses.all().map(pauseNote)],
    sessions: wanted.map((id) => storyOf(store, history, id)),
    without_session: stray.map(stepJson),
    other_sessions: all.filter((id) => !wanted.includes(id)),
    unknown: isKnown ? null : unseen(store, key, nowMs),
  };
}

function storyOf(store: Store, history: PersonHistory, sessionId: string): PersonAnswer['sessions'][number] {
  const session = store.sessions.get(sessionId);
  const link = store.links.get(sessionId);
  const passes = store.attendance.passes(sessionId);
  const lastPassAtMs = passes.at(-1)?.readAtMs ?? null;
  const story = tellSession(history, sessionId, { session, link, passes: passes.length, lastPassAtMs });
  return sessionJson(story, session, link);
}

function unseen(store: Store, key: string, nowMs: number): NonNullable<PersonAnswer['unknown']> {
  const activatedAtMs = store.meta.activatedAtMs();
  const nearest = nearestAddresses(key, store.knownAddresses());
  const reading = store.jobRuns.all().find(({ job }) => job === 'form_submissions');
  return {
    since: activatedAtMs === undefined ? null : new Date(activatedAtMs).toISOString(),
    nearest,
    checks: checksForUnseen({ activatedAtMs, reading, hasNeighbours: nearest.length > 0 }, nowMs),
  };
}

function forgottenNote(store: Store, key: string): string[] {
  const atMs = store.keeping.forgottenAtMs(key);
  return atMs === undefined
    ? []
    : [`erased on request ${isoSeconds(atMs)}: nothing of before is known any more`];
}

function pauseNote({ flow, sinceMs }: Pause): string {
  const what = flow === 'all' ? 'everything is' : `${flow} is`;
  return `${what} paused since ${isoSeconds(sinceMs)}: nothing is sent until livestorm-pardot resume`;
}

function iso(epochMs: number | null): string | null {
  return epochMs === null ? null : isoSeconds(epochMs);
}
