import type { PersonView, SessionView } from '../../src/sandbox/livestorm/views.ts';
import type { Choices } from './choices.ts';
import type { PastSubmission, SessionPast } from './history.ts';
import { CAST, keyOf } from './people.ts';
import type { Simulation } from './simulation.ts';

const OPEN: readonly string[] = ['upcoming', 'live'];
const MINUTE = 60_000;

/** A session that the daemon ought to have linked, with everything the checks ask about it. */
export interface Linked {
  readonly past: SessionPast;
  /** undefined once it was deleted. */
  readonly view: SessionView | undefined;
  /** The Pardot campaign; undefined when there is none yet. */
  readonly campaignId: number | undefined;
  readonly listId: number | undefined;
  /** Tied to a campaign that there was before. */
  readonly isByHand: boolean;
  /** Everybody in it at the end who counts as a registrant. */
  readonly people: readonly PersonView[];
}

/** Registered after the session's end, by the whole seconds that Livestorm tells. */
export function cameTooLate({ registeredAtMs }: PersonView, { endedAtMs }: SessionView): boolean {
  return Math.floor(registeredAtMs / 1000) > Math.floor((endedAtMs ?? 0) / 1000);
}

/** Outcomes that say that the session takes nobody: what it must have been for that, and what is said if it never was. */
const CLOSED: Readonly<Record<string, { readonly statuses: readonly string[]; readonly otherwise: string }>> =
  {
    session_ended: { statuses: ['past', 'past_not_started'], otherwise: 'it never ended' },
    session_canceled: { statuses: ['canceled'], otherwise: 'it was never canceled' },
    session_gone: { statuses: ['gone'], otherwise: 'it was never deleted' },
    session_not_published: { statuses: ['draft'], otherwise: 'it was published all the time' },
  };

/** Why `outcome` is not borne out by what the session ever was; undefined when it is. null: there is none yet. */
export function closedAs(
  outcome: string | null,
  ever: (statuses: readonly string[]) => boolean,
): string | undefined {
  const closed = CLOSED[outcome ?? ''];
  if (!closed) return 'that is no end';
  return ever(closed.statuses) ? undefined : closed.otherwise;
}

/** What the world's history demands, worked out from the history and the vendors alone. */
export class Expectations {
  readonly sim: Simulation;
  readonly linked: readonly Linked[];
  /** Keys of people whose prospects somebody deleted, merged or changed on the way, or who were forgotten. */
  readonly touched = new Set<string>();

  constructor(sim: Simulation) {
    this.sim = sim;
    this.linked = [...sim.history.sessions.values()].map((past) => this.#link(past));
    for (const { emails, atMs } of sim.history.interventions) {
      if (atMs <= this.beginMs) continue;
      for (const email of emails) this.touched.add(keyOf(email));
    }
    for (const { key } of sim.history.forgotten) this.touched.add(key);
  }

  /** The daemon's first start. */
  get beginMs(): number {
    return Date.parse('2026-03-02T08:00:00Z');
  }

  get endMs(): number {
    return this.sim.clock.now();
  }

  /** Whether the session was in one of these statuses throughout, or at any time when `ever`. */
  was(
    past: SessionPast,
    statuses: readonly string[],
    fromMs: number,
    toMs: number,
  ): 'ever' | 'throughout' | 'never' {
    const during = past.statuses.filter(({ atMs }, index) => {
      const untilMs = past.statuses[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
      return atMs <= toMs && untilMs > fromMs;
    });
    const fitting = during.filter(({ status }) => statuses.includes(status));
    if (fitting.length === 0) return 'never';
    return fitting.length === during.length ? 'throughout' : 'ever';
  }

  wasOpen(past: SessionPast, fromMs: number, toMs: number): 'ever' | 'throughout' | 'never' {
    return this.was(past, OPEN, fromMs, toMs);
  }

  /** Open long enough after activation to be given a campaign. `maybe`: closed again soon. */
  deservesLink({ past, isByHand }: Linked): 'yes' | 'maybe' | 'no' {
    if (past.createdAtMs < this.beginMs || past.isBreakout) return 'no';
    const opened = past.statuses.find(({ status }) => OPEN.includes(status));
    if (!opened) return 'no';
    // A session is found with the list of sessions, at the latest every hour.
    const knownByMs = this.sim.history.settledBy(opened.atMs + 60 * 60_000);
    const during = isByHand ? OPEN : [...OPEN, 'past'];
    return this.was(past, during, opened.atMs, knownByMs) === 'throughout' ? 'yes' : 'maybe';
  }

  /** The submissions that may lead into this session, by the campaigns that their assets carried. */
  submissionsTo({ campaignId }: Linked): PastSubmission[] {
    if (campaignId === undefined) return [];
    return this.sim.history.submissions.filter((each) => this.campaignsOf(each).includes(campaignId));
  }

  /** One, or two when it is read live and the asset was pointed elsewhere in time. */
  campaignsOf(submission: PastSubmission): number[] {
    const { campaignId, repointed, atMs } = submission;
    if (!repointed || this.sim.sandbox.pardot.switches.activityCampaign === 'stored') return [campaignId];
    return repointed.atMs <= this.visibleBy(atMs) ? [campaignId, repointed.campaignId] : [campaignId];
  }

  /** By when a submission of that moment must have been read and dealt with. */
  visibleBy(atMs: number): number {
    return this.sim.history.settledBy(atMs + 10 * 60_000);
  }

  /** Addresses that may have been read for a submission: that of its prospect, changed in time or not. */
  keysOf(submission: PastSubmission): string[] {
    const keys = [keyOf(submission.email)];
    for (const { prospectId, what, atMs, emails } of this.sim.history.interventions) {
      if (prospectId !== submission.prospectId || atMs < submission.atMs) continue;
      if (what === 'readdressed' && atMs <= this.visibleBy(submission.atMs)) keys.push(...emails.map(keyOf));
    }
    return [...new Set(keys)];
  }

  /** Whether somebody did something to the submission's prospect before the daemon had to have read it. */
  isDisturbed({ prospectId, atMs }: PastSubmission): boolean {
    return this.sim.history.interventions.some(
      (each) => each.prospectId === prospectId && each.atMs >= atMs && each.atMs <= this.visibleBy(atMs),
    );
  }

  /** Why this address is never registered from a form, `some`: for some of the time; undefined when it is. */
  neverBecause(key: string, how: 'all' | 'some' = 'all'): string | undefined {
    const { never } = CAST.find(({ email }) => keyOf(email) === key) ?? {};
    const isDenied = ({ deniedDomains }: Choices): boolean => deniedDomains.length > 0;
    const holds = how === 'all' ? this.alwaysChose(isDenied) : this.everChose(isDenied);
    return never === 'denied_domain' && !holds ? undefined : never;
  }

  everChose(wanted: (choices: Choices) => boolean): boolean {
    return this.sim.history.choices.some(({ choices }) => wanted(choices));
  }

  alwaysChose(wanted: (choices: Choices) => boolean): boolean {
    return !this.everChose((choices) => !wanted(choices));
  }

  /** Spans of time in which something was chosen. */
  chosenDuring(wanted: (choices: Choices) => boolean): { fromMs: number; untilMs: number }[] {
    return this.sim.history.choices.flatMap(({ atMs: fromMs, choices }, index, all) => {
      const untilMs = all[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
      return wanted(choices) ? [{ fromMs, untilMs }] : [];
    });
  }

  /** When the person was erased last; undefined when never. */
  forgottenAtMs(key: string): number | undefined {
    return this.sim.history.forgotten.findLast((each) => each.key === key)?.atMs;
  }

  /** Whether what the person did then was to be forgotten: vendors tell no parts of a second, or of a minute. */
  mayBeForgotten(key: string, atMs: number): boolean {
    const forgottenAtMs = this.forgottenAtMs(key);
    return forgottenAtMs !== undefined && atMs <= forgottenAtMs + 2 * MINUTE;
  }

  /** By when a session that was created then must be known and linked. */
  linkedBy({ past }: Linked): number {
    return this.sim.history.settledBy(past.createdAtMs + 90 * MINUTE);
  }

  /** Submissions that an existing campaign may have had before it was tied to the session. */
  mayBeBeforeLink(linked: Linked, { atMs }: PastSubmission): boolean {
    return linked.isByHand && atMs <= this.linkedBy(linked);
  }

  unregisteredAfter(key: string, { past }: Linked, atMs: number): number | undefined {
    return this.sim.history.unregistrations.find(
      (each) => each.eventId === past.eventId && keyOf(each.email) === key && each.atMs >= atMs,
    )?.atMs;
  }

  #link(past: SessionPast): Linked {
    const { livestorm, pardot } = this.sim.sandbox;
    const isGone = past.statuses.at(-1)?.status === 'gone';
    const own = pardot.world.lists().filter(({ description }) => description?.includes(past.sessionId));
    const isRegistrant = (person: PersonView): boolean =>
      person.role === 'participant' && !person.isGuestSpeaker && !person.isAnonymous;
    const byHand = this.sim.stage.linkOf(past.sessionId);
    return {
      past,
      isByHand: byHand !== undefined,
      view: isGone ? undefined : livestorm.world.session(past.sessionId),
      campaignId: this.sim.stage.campaignOf(past.sessionId),
      listId: own[0]?.id ?? byHand?.listId ?? undefined,
      people: isGone ? [] : livestorm.world.people(past.sessionId).filter(isRegistrant),
    };
  }
}
