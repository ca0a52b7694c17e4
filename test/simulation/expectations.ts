import type { PersonView, SessionView } from '../../src/sandbox/livestorm/views.ts';
import type { PastSubmission, SessionPast } from './history.ts';
import { CAST, keyOf } from './people.ts';
import type { Simulation } from './simulation.ts';

const OPEN: readonly string[] = ['upcoming', 'live'];

/** A session that the daemon ought to have linked, with everything the checks ask about it. */
export interface Linked {
  readonly past: SessionPast;
  /** undefined once it was deleted. */
  readonly view: SessionView | undefined;
  /** The Pardot campaign; undefined when there is none yet. */
  readonly campaignId: number | undefined;
  readonly listId: number | undefined;
  /** Everybody in it at the end who counts as a registrant. */
  readonly people: readonly PersonView[];
}

/** Registered after the session's end, by the whole seconds that Livestorm tells. */
export function cameTooLate({ registeredAtMs }: PersonView, { endedAtMs }: SessionView): boolean {
  return Math.floor(registeredAtMs / 1000) > Math.floor((endedAtMs ?? 0) / 1000);
}

/** What the world's history demands, worked out from the history and the vendors alone. */
export class Expectations {
  readonly sim: Simulation;
  readonly linked: readonly Linked[];
  /** Keys of people whose prospects somebody deleted, merged or changed on the way. */
  readonly touched = new Set<string>();

  constructor(sim: Simulation) {
    this.sim = sim;
    this.linked = [...sim.history.sessions.values()].map((past) => this.#link(past));
    for (const { emails, atMs } of sim.history.interventions) {
      if (atMs <= this.beginMs) continue;
      for (const email of emails) this.touched.add(keyOf(email));
    }
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
  deservesLink({ past }: Linked): 'yes' | 'maybe' | 'no' {
    if (past.createdAtMs < this.beginMs || past.isBreakout) return 'no';
    const opened = past.statuses.find(({ status }) => OPEN.includes(status));
    if (!opened) return 'no';
    // A session is found with the list of sessions, at the latest every hour.
    const knownByMs = this.sim.history.settledBy(opened.atMs + 60 * 60_000);
    return this.was(past, [...OPEN, 'past'], opened.atMs, knownByMs) === 'throughout' ? 'yes' : 'maybe';
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

  /** Why this address is never registered from a form; undefined when it is. */
  neverBecause(key: string): string | undefined {
    const { never } = CAST.find(({ email }) => keyOf(email) === key) ?? {};
    if (never === 'denied_domain' && this.sim.settings.deniedDomains.length === 0) return undefined;
    return never;
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
    return {
      past,
      view: isGone ? undefined : livestorm.world.session(past.sessionId),
      campaignId: this.sim.stage.campaignOf(past.sessionId),
      listId: own[0]?.id,
      people: isGone ? [] : livestorm.world.people(past.sessionId).filter(isRegistrant),
    };
  }
}
