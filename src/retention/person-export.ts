import { emailKey, OUTCOMES, type Outcome } from '../domain.ts';
import type { Effect } from '../store/effects.ts';
import type { DatedRegistrant, DatedSubmission } from '../store/person-history.ts';
import type { Registration } from '../store/registrations.ts';
import type { SessionProspect } from '../store/session-prospects.ts';
import type { Store } from '../store/store.ts';
import type { KnownSubmission } from '../store/submissions.ts';

/** Everything that is held about a person, under names that a person understands. Instants are ISO 8601 UTC. */
export interface PersonExport {
  readonly address: string;
  readonly exported_at: string;
  /** Whether anything at all is held. */
  readonly held: boolean;
  /** When the address was last erased on request. */
  readonly forgotten_at: string | null;
  readonly form_submissions: readonly object[];
  readonly registrations: readonly object[];
  readonly participation: readonly object[];
  readonly prospects: readonly object[];
  readonly written_to_prospects: readonly object[];
  /** What was sent to the vendors about the person, or will be. */
  readonly messages_to_vendors: readonly object[];
  /** Rows of tables that have no place above. */
  readonly other: Readonly<Record<string, readonly object[]>>;
}

const TOLD_ABOVE = ['registration', 'registrant', 'session_prospect', 'effect'];

/** Reads the state only. */
export function exportPerson(store: Store, address: string, nowMs: number): PersonExport {
  const key = emailKey(address);
  const history = store.history(key);
  const lists = {
    form_submissions: history.submissions.map((submission) => describeSubmission(store, submission)),
    registrations: history.registrations.map((registration) => describeRegistration(store, registration)),
    participation: history.registrants.map((registrant) => describeParticipation(store, registrant)),
    prospects: history.prospects.map((prospect) => describeProspect(store, prospect)),
    written_to_prospects: history.written.map(({ prospectId, sessionId, written, writtenAtMs }) => ({
      prospect_id: prospectId,
      session: sessionOf(store, sessionId),
      fields: written,
      written_at: iso(writtenAtMs),
    })),
    messages_to_vendors: history.effects.map(describeEffect),
  };
  const other = store.keeping.otherRows(key, TOLD_ABOVE);
  return {
    address: key,
    exported_at: new Date(nowMs).toISOString(),
    held: Object.values(lists).some((list) => list.length > 0) || Object.keys(other).length > 0,
    forgotten_at: iso(store.keeping.forgottenAtMs(key) ?? null),
    ...lists,
    other,
  };
}

function describeSubmission(store: Store, submission: DatedSubmission): object {
  return {
    ...origin(submission),
    prospect_id: submission.prospectId,
    address: submission.email,
    prospect_fields: submission.fields,
    first_read_at: iso(submission.firstSeenAtMs),
    decided_at: iso(submission.decidedAtMs),
    to_register_in: submission.sessionId && sessionOf(store, submission.sessionId),
    not_registered_because: explained(submission.outcome),
  };
}

function describeRegistration(store: Store, registration: Registration): object {
  return {
    session: sessionOf(store, registration.sessionId),
    address: registration.email,
    consent: consentOf(store, registration),
    fields_sent: registration.fields,
    prospect_id: registration.prospectId,
    livestorm_person_id: registration.personId,
    decided_at: iso(registration.decidedAtMs),
    outcome: explained(registration.outcome),
    outcome_at: iso(registration.outcomeAtMs),
    detail: registration.detail,
  };
}

function describeParticipation(store: Store, registrant: DatedRegistrant): object {
  return {
    session: sessionOf(store, registrant.sessionId),
    address: registrant.email,
    livestorm_person_id: registrant.personId,
    role: registrant.role,
    guest_speaker: registrant.isGuestSpeaker,
    registered_at: iso(registrant.registeredAtMs),
    answers: registrant.fields,
    attended: registrant.attended,
    attended_seconds: registrant.durationSeconds,
    attendance_percent: registrant.attendanceRate,
    messages: registrant.messages,
    questions: registrant.questions,
    replay: registrant.replayKind,
    replay_watched_at: iso(registrant.replayWatchedAtMs),
    first_read_at: iso(registrant.firstSeenAtMs),
    last_changed_at: iso(registrant.seenAtMs),
    left_at: iso(registrant.goneAtMs),
  };
}

const KNOWN_BECAUSE = { submission: 'submitted the form', found: 'found by address', created: 'created' };

function describeProspect(store: Store, prospect: SessionProspect): object {
  return {
    prospect_id: prospect.prospectId,
    session: sessionOf(store, prospect.sessionId),
    address: prospect.email,
    known_because: KNOWN_BECAUSE[prospect.origin],
    known_since: iso(prospect.knownAtMs),
  };
}

function describeEffect(effect: Effect): object {
  return {
    what: effect.kind,
    session_id: effect.sessionId,
    prospect_id: effect.prospectId,
    content: effect.payload,
    state: effect.state,
    reason: effect.reason,
    created_at: iso(effect.createdAtMs),
    sent_at: iso(effect.sentAtMs),
    finished_at: iso(effect.finishedAtMs),
    problem: effect.problem?.message ?? null,
  };
}

/** What the registration rests on: when the person asked for it, and where. */
function consentOf(store: Store, { activityId, requestedAtMs }: Registration): object {
  const submission = store.submissions.get(activityId);
  if (submission) return origin(submission);
  return { submitted_at: iso(requestedAtMs), pardot_activity_id: activityId };
}

function origin(submission: KnownSubmission): object {
  return {
    submitted_at: iso(submission.createdAtMs),
    pardot_activity_id: submission.activityId,
    form: formOf(submission),
    pardot_campaign_id: submission.campaignId,
  };
}

function formOf({ formId, formHandlerId, landingPageId, assetName, assetUrl }: KnownSubmission): object {
  const [kind, id] =
    landingPageId !== null
      ? ['landing page', landingPageId]
      : formId !== null
        ? ['form', formId]
        : ['form handler', formHandlerId];
  return { kind, id, name: assetName, address: assetUrl };
}

function sessionOf(store: Store, sessionId: string): object {
  const session = store.sessions.get(sessionId);
  return {
    session_id: sessionId,
    title: session?.event?.title ?? null,
    starts_at: iso(session?.estimatedStartedAtMs ?? null),
  };
}

function explained(outcome: Outcome | null): string | null {
  return outcome && `${outcome}: ${OUTCOMES[outcome]}`;
}

function iso(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
