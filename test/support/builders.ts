import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import type {
  EventField,
  LivestormEvent,
  Prospect,
  Registrant,
  Session,
  Submission,
  WorkClass,
} from '../../src/domain.ts';
import { RefusedError } from '../../src/errors.ts';
import type { Run } from '../../src/job.ts';
import { createLogger, type Logger } from '../../src/logger.ts';
import type { ProspectPart } from '../../src/store/attendance.ts';
import type { RegistrantReading } from '../../src/store/registrants.ts';
import type { KnownSession } from '../../src/store/sessions.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { KnownSubmission } from '../../src/store/submissions.ts';

/** A Monday morning; every builder's instants lie around it. */
export const START = Date.parse('2026-03-02T08:00:00Z');

/** An upcoming session that starts two hours after `START`. */
export function aSession(over: Partial<Session> = {}): Session {
  return {
    id: 'session-1',
    eventId: 'event-1',
    status: 'upcoming',
    name: null,
    estimatedStartedAtMs: START + 2 * HOUR,
    startedAtMs: null,
    endedAtMs: null,
    canceledAtMs: null,
    createdAtMs: START,
    updatedAtMs: START,
    registrantsCount: 0,
    isBreakoutRoom: false,
    ...over,
  };
}

/** What changes about a session that took place and ended at the given time. */
export function past(endedAtMs: number): Partial<Session> {
  return { status: 'past', startedAtMs: endedAtMs - HOUR, endedAtMs, updatedAtMs: endedAtMs };
}

export function aField(over: Partial<EventField> = {}): EventField {
  return { id: 'company', required: false, type: 'text', multipleAnswers: false, ...over };
}

export function anEvent(over: Partial<LivestormEvent> = {}): LivestormEvent {
  return {
    id: 'event-1',
    title: 'Spring webinar',
    published: true,
    schedulingStatus: 'upcoming',
    estimatedDurationMs: HOUR,
    fields: [aField()],
    ...over,
  };
}

export function aKnownSession(over: Partial<KnownSession> = {}): KnownSession {
  return {
    ...aSession(),
    firstSeenAtMs: START,
    seenAtMs: START,
    goneAtMs: null,
    event: { ...anEvent(), seenAtMs: START },
    ...over,
  };
}

export function aProspect(over: Partial<Prospect> = {}): Prospect {
  return { id: 501, email: 'ana@example.com', isDeleted: false, fields: {}, ...over };
}

/** A submission of form 11 on campaign 70. */
export function aSubmission(over: Partial<Submission> = {}): Submission {
  return {
    activityId: 1001,
    createdAtMs: START,
    campaignId: 70,
    formId: 11,
    formHandlerId: null,
    landingPageId: null,
    assetCampaignId: 70,
    assetName: 'Webinar form',
    assetUrl: 'https://go.example.com/webinar',
    prospect: aProspect(),
    ...over,
  };
}

export function aKnownSubmission(over: Partial<KnownSubmission> = {}): KnownSubmission {
  const { prospect, ...submission } = aSubmission();
  return {
    ...submission,
    firstSeenAtMs: START,
    innerCampaignId: null,
    prospectId: prospect?.id ?? null,
    prospectDeleted: false,
    email: prospect?.email ?? null,
    fields: {},
    sessionId: null,
    outcome: null,
    ...over,
  };
}

export const ABSENT = { attended: false, durationSeconds: 0, rate: null, messages: 0, questions: 0 };
export const ATTENDED = { attended: true, durationSeconds: 1800, rate: 50, messages: 2, questions: 1 };

export function aRegistrant(over: Partial<Registrant> = {}): Registrant {
  return {
    personId: 'person-1',
    email: 'ana@example.com',
    firstName: 'Ana',
    lastName: null,
    role: 'participant',
    isGuestSpeaker: false,
    isAnonymous: false,
    registeredAtMs: START,
    fields: {},
    attendance: ABSENT,
    replay: null,
    ...over,
  };
}

/** What a store is told after one reading of somebody who attended. */
export function aReading(over: Partial<RegistrantReading> = {}): RegistrantReading {
  return {
    personId: 'person-1',
    email: 'ana@example.com',
    role: 'participant',
    isGuestSpeaker: false,
    isAnonymous: false,
    registeredAtMs: START,
    fields: {},
    attended: true,
    durationSeconds: 60,
    attendanceRate: 12.5,
    messages: 0,
    questions: 0,
    contradictions: 0,
    replayKind: null,
    replayWatchedAtMs: null,
    ...over,
  };
}

/** The part of a prospect who attended a session that has been read. */
export function aPart(over: Partial<ProspectPart> = {}): ProspectPart {
  return {
    prospectId: 501,
    sessionId: 'session-1',
    emailKey: 'ana@example.com',
    sessionAtMs: START,
    eventTitle: 'Spring webinar',
    attended: true,
    durationSeconds: 1800,
    attendanceRate: 50,
    messages: 2,
    questions: 1,
    attendanceRead: true,
    replayKind: null,
    replayWatchedAtMs: null,
    ...over,
  };
}

export function aRun(over: Partial<Run> = {}): Run {
  return {
    forced: false,
    stopping: () => false,
    call: (work: WorkClass) => ({ work, signal: new AbortController().signal }),
    ...over,
  };
}

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'livestorm-pardot-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store on a real file, closed and deleted after the test. */
export function temporaryStore(t: TestContext): { store: Store; stateDir: string } {
  const stateDir = temporaryFolder(t);
  const store = openStore(stateDir);
  t.after(() => store[Symbol.dispose]());
  return { store, stateDir };
}

/** Stores the session with its event and ties it to a campaign (70 unless told otherwise). */
export function link(store: Store, session: Session, pardotCampaignId: number | null = 70): void {
  store.sessions.observeEvent(anEvent({ id: session.eventId }), START);
  store.sessions.observe(session, START);
  store.links.create(session.id, `Link of ${session.id}`, START);
  store.links.campaignMade(session.id, '701000000000001AAA', START);
  if (pardotCampaignId !== null) store.links.mirrored(session.id, pardotCampaignId, START);
}

/** The real logger, its lines kept. */
export function recordingLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return {
    log: createLogger(destination, { level: 'debug', secrets: [], now: () => START, personKey: 'key' }),
    lines,
  };
}

/** Members of a client that a test needs, in the place of the whole client. */
export function fake<Client>(members: Partial<Client>): Client {
  return members as Client;
}

export function notFound(operation: string): RefusedError {
  return new RefusedError('not found', { vendor: 'livestorm', operation, status: 404 });
}
