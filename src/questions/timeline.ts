import { OUTCOMES, type Outcome } from '../domain.ts';
import type { Effect } from '../store/effects.ts';
import type { SessionLink } from '../store/links.ts';
import type { DatedRegistrant, PersonHistory } from '../store/person-history.ts';
import type { Registration } from '../store/registrations.ts';
import type { SessionProspect } from '../store/session-prospects.ts';
import type { KnownSession } from '../store/sessions.ts';
import { answerFor } from './answer.ts';
import { attendanceSteps, fieldSteps } from './attendance-steps.ts';
import { effectState } from './effect-state.ts';
import type { Step } from './step.ts';
import { decisionStep, submissionStep } from './submission-steps.ts';

/** What the story of a session is told from, besides the person's own history. */
export interface SessionFacts {
  readonly session: KnownSession | undefined;
  readonly link: SessionLink | undefined;
  /** Complete readings of the people after the end, and when the last one was. */
  readonly passes: number;
  readonly lastPassAtMs: number | null;
}

export interface SessionStory {
  readonly sessionId: string;
  /** In one sentence: is the person registered there, and if not why. */
  readonly answer: string;
  readonly outcome: Outcome | null;
  /** Whether the person is in the session as far as the state knows. */
  readonly isRegistered: boolean;
  readonly steps: readonly Step[];
}

/** Sessions in which the person plays a part, in the order in which they began to. */
export function sessionsOf(history: PersonHistory): string[] {
  const { submissions, registrations, registrants, prospects } = history;
  const ids = [...submissions, ...registrations, ...registrants, ...prospects].map(
    ({ sessionId }) => sessionId,
  );
  return [...new Set(ids)].filter((id) => id !== null);
}

/** Everything that happened to one person around one session, in the order of time. */
export function tellSession(history: PersonHistory, sessionId: string, facts: SessionFacts): SessionStory {
  const isHere = (row: { readonly sessionId: string | null }): boolean => row.sessionId === sessionId;
  const registration = history.registrations.find(isHere);
  const registrant = history.registrants.find(isHere);
  const prospect = history.prospects.find(isHere);
  const effects = history.effects.filter(isHere);
  const submissions = history.submissions.filter(isHere);
  // The last one counts: a backfill may follow a registration that came too late.
  const sending = effects.findLast(isRegistration);
  const steps = [
    ...submissions.flatMap((submission) => [submissionStep(submission), ...decisionStep(submission)]),
    ...(registration ? [registrationStep(registration, sending && effectState(sending).next)] : []),
    ...(registrant ? peopleListSteps(registrant, registration) : []),
    ...(prospect ? [prospectStep(prospect)] : []),
    ...effects
      .filter((effect) => !isRegistration(effect))
      .map((effect): Step => {
        const { atMs, text, next } = effectState(effect);
        return { atMs, what: 'write', text, decision: effect.reason, next, ids: { effect: effect.id } };
      }),
    ...(registrant ? attendanceSteps(registrant, facts) : []),
    ...fieldSteps(history.written.filter(isHere)),
  ];
  const next = sending ? effectState(sending).next : null;
  return {
    sessionId,
    ...answerFor({ registration, registrant, session: facts.session, next }),
    steps: steps.toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity)),
  };
}

function isRegistration({ kind }: Effect): boolean {
  return kind === 'livestorm_registration' || kind === 'livestorm_backfill';
}

/** Submissions that led to no session. */
export function tellStray(history: PersonHistory): Step[] {
  return history.submissions
    .filter(({ sessionId }) => sessionId === null)
    .flatMap((submission) => [submissionStep(submission), ...decisionStep(submission)]);
}

function registrationStep(registration: Registration, next: string | null | undefined): Step {
  const { outcome, outcomeAtMs, decidedAtMs, detail, personId, activityId } = registration;
  const more = detail ? ` (${detail})` : '';
  return {
    atMs: outcomeAtMs ?? decidedAtMs,
    what: 'registration',
    text: `${outcome ? OUTCOMES[outcome] : 'on its way to Livestorm'}${more}`,
    decision: outcome,
    next: next ?? null,
    ids: { activity: activityId, ...(personId ? { livestorm_person: personId } : {}) },
  };
}

function peopleListSteps(registrant: DatedRegistrant, registration: Registration | undefined): Step[] {
  const { role, isGuestSpeaker, personId, goneAtMs, registeredAtMs, email } = registrant;
  const as = role === 'team_member' ? ' as a team member' : isGuestSpeaker ? ' as a guest speaker' : '';
  const how = registration || as !== '' ? '' : ', registered directly in Livestorm';
  const ids: Step['ids'] = personId === '' ? {} : { livestorm_person: personId };
  const step = (atMs: number, text: string): Step => ({
    ...{ atMs, what: 'people list', text, decision: null, next: null, ids },
  });
  return [
    step(registeredAtMs, `in Livestorm's people list${as}${how}, as ${email}`),
    ...(goneAtMs === null ? [] : [step(goneAtMs, "no longer in Livestorm's people list")]),
  ];
}

function prospectStep({ prospectId, origin, knownAtMs, email }: SessionProspect): Step {
  const how = {
    submission: 'the one who submitted',
    found: 'found by address, the one with the newest activity',
    created: 'made for this person',
  }[origin];
  return {
    atMs: knownAtMs,
    what: 'prospect',
    text: `prospect ${prospectId}, ${how} (${email})`,
    decision: null,
    next: null,
    ids: { prospect: prospectId },
  };
}

/** What concerns the person as a whole. */
export function notesOn(history: PersonHistory): string[] {
  const { submissions, registrants, prospects, emailKey } = history;
  const ids = [...new Set([...submissions, ...prospects].flatMap(({ prospectId }) => prospectId ?? []))];
  const spellings = new Set([...submissions, ...registrants].flatMap(({ email }) => email?.trim() ?? []));
  const others = [...spellings].filter((spelling) => spelling !== emailKey);
  const deleted = new Set(
    submissions.flatMap(({ prospectDeleted, prospectId }) => (prospectDeleted ? prospectId : [])),
  );
  const notes = [];
  if (others.length > 0) notes.push(`also written ${others.join(', ')}; letter case makes no difference`);
  if (ids.length > 1)
    notes.push(
      `${ids.length} prospects have this address: ${ids.join(', ')}; each session keeps the one named there`,
    );
  if (registrants.some(({ role }) => role === 'team_member'))
    notes.push('a Livestorm team member: never registered, never counted as an attendee');
  for (const id of deleted) notes.push(`prospect ${id} was deleted or merged when its submission was seen`);
  return notes;
}
