import type { AssetKind } from '../../src/sandbox/pardot/rows.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { History } from './history.ts';

export interface Asset {
  readonly kind: AssetKind;
  readonly id: number;
  /** The campaign that routes its submissions. */
  campaignId: number;
  /** The form in a landing page. */
  readonly formId?: number;
}

export interface Person {
  readonly email: string;
  readonly firstName: string;
}

/** A campaign of its own that the configuration ties to an event (`links.existing`). */
export interface LinkByHand {
  readonly eventId: string;
  readonly campaignId: number;
  /** null: a list is to be made. */
  readonly listId: number | null;
}

/** Everything that people can do in the three vendors, each written into the history as it happens. */
export class Stage {
  readonly sandbox: Sandbox;
  readonly history: History;
  readonly #clock: VirtualClock;
  readonly assets: Asset[] = [];
  byHand: LinkByHand | undefined;

  constructor(sandbox: Sandbox, clock: VirtualClock, history: History) {
    this.sandbox = sandbox;
    this.#clock = clock;
    this.history = history;
  }

  get now(): number {
    return this.#clock.now();
  }

  note(text: string): void {
    this.history.note(this.now, text);
  }

  event(title: string, published: boolean): string {
    const fields = [
      { id: 'email', required: true },
      { id: 'first_name' },
      { id: 'last_name' },
      { id: 'company', custom: true },
    ];
    const { id } = this.sandbox.livestorm.world.createEvent({ title, published, fields });
    return id;
  }

  /** An event whose session is to use a campaign that there is already, and perhaps a list. */
  linkByHand(title: string, hasList: boolean): LinkByHand {
    const { world } = this.sandbox.pardot;
    const eventId = this.event(title, true);
    const campaignId = world.createCampaign({ name: 'Made by hand' });
    const listId = hasList ? world.createList({ name: 'Made by hand', campaignId }) : null;
    this.byHand = { eventId, campaignId, listId };
    this.note(`the event ${eventId.slice(0, 8)} is tied to campaign ${campaignId} and list ${listId}`);
    return this.byHand;
  }

  session(eventId: string, startsAtMs: number, breakoutOf?: string): string {
    const { id, status } = this.sandbox.livestorm.world.createSession(eventId, {
      startsAtMs,
      ...(breakoutOf ? { breakoutOf } : {}),
    });
    const { now } = this;
    const statuses = [{ atMs: now, status }];
    const isBreakout = breakoutOf !== undefined;
    const past = { sessionId: id, eventId, createdAtMs: now, isBreakout, statuses, movedAtMs: undefined };
    this.history.sessions.set(id, past);
    this.note(`session ${id.slice(0, 8)} (${status}) for ${new Date(startsAtMs).toISOString().slice(5, 16)}`);
    return id;
  }

  publish(eventId: string): void {
    this.sandbox.livestorm.world.publishEvent(eventId);
    for (const past of this.history.sessions.values()) {
      if (past.eventId === eventId) this.lookAt(past.sessionId);
    }
    this.note('event published');
  }

  /** Statuses also change by the clock; this notices. */
  lookAt(sessionId: string): void {
    const past = this.history.sessions.get(sessionId);
    if (!past || past.statuses.at(-1)?.status === 'gone') return;
    const { status } = this.sandbox.livestorm.world.session(sessionId);
    if (past.statuses.at(-1)?.status !== status) this.history.status(sessionId, this.now, status);
  }

  lookAround(): void {
    for (const sessionId of this.history.sessions.keys()) this.lookAt(sessionId);
  }

  start(sessionId: string): void {
    this.sandbox.livestorm.world.startSession(sessionId);
    this.#moved(sessionId, 'started');
  }

  end(sessionId: string): void {
    this.sandbox.livestorm.world.endSession(sessionId);
    this.#moved(sessionId, 'ended');
  }

  cancel(sessionId: string): void {
    this.sandbox.livestorm.world.cancelSession(sessionId);
    this.#moved(sessionId, 'canceled');
  }

  reschedule(sessionId: string, startsAtMs: number): void {
    this.sandbox.livestorm.world.reschedule(sessionId, startsAtMs);
    const past = this.history.sessions.get(sessionId);
    if (past) past.movedAtMs = this.now;
    this.#moved(sessionId, `moved to ${new Date(startsAtMs).toISOString().slice(5, 16)}`);
  }

  remove(sessionId: string): void {
    this.sandbox.livestorm.world.deleteSession(sessionId);
    const left = new Set(this.sandbox.livestorm.world.sessions().map(({ id }) => id));
    for (const { sessionId: id, statuses } of this.history.sessions.values()) {
      if (!left.has(id) && statuses.at(-1)?.status !== 'gone') this.history.status(id, this.now, 'gone');
    }
    this.note(`session ${sessionId.slice(0, 8)} deleted`);
  }

  #moved(sessionId: string, what: string): void {
    this.lookAt(sessionId);
    this.note(`session ${sessionId.slice(0, 8)} ${what}`);
  }

  prospect(values: Record<string, unknown> & { email: string }, lastActivityAtMs?: number): number {
    const { world } = this.sandbox.pardot;
    const id = world.createProspect(values, lastActivityAtMs === undefined ? {} : { lastActivityAtMs });
    this.history.sourceCampaigns.set(id, world.prospect(id)?.campaignId ?? null);
    this.history.initialActivity.set(id, lastActivityAtMs ?? 0);
    this.note(`prospect ${id} ${values.email}`);
    return id;
  }

  /** Fills in an asset, as long as it takes the values. */
  submit(asset: Asset, { email, firstName }: Person): void {
    const { world } = this.sandbox.pardot;
    const values = { email, firstName, lastName: 'Person' };
    const result =
      asset.kind === 'form'
        ? world.submitForm(asset.id, values)
        : asset.kind === 'form_handler'
          ? world.submitFormHandler(asset.id, values)
          : world.submitLandingPage(asset.id, values);
    if (!result.accepted || result.activityId === null) throw new Error(`${email} was not taken`);
    const { prospectId, activityId, isNewProspect } = result;
    if (isNewProspect) {
      this.history.sourceCampaigns.set(prospectId, world.prospect(prospectId)?.campaignId ?? null);
    }
    const { kind, id: assetId, campaignId } = asset;
    const submission = { atMs: this.now, kind, assetId, campaignId, repointed: undefined };
    this.history.submissions.push({ ...submission, prospectId, email, firstName, activityId });
    this.note(`${email} submits ${kind} ${assetId} (campaign ${campaignId}) as prospect ${prospectId}`);
  }

  repoint(asset: Asset, campaignId: number): void {
    this.sandbox.pardot.world.repoint(asset.kind, asset.id, campaignId);
    for (const submission of this.history.submissions) {
      if (submission.assetId !== asset.id || submission.kind !== asset.kind) continue;
      submission.repointed ??= { atMs: this.now, campaignId };
    }
    this.note(`${asset.kind} ${asset.id} now carries campaign ${campaignId}`);
    asset.campaignId = campaignId;
  }

  register(sessionId: string, { email, firstName }: Person): void {
    this.sandbox.livestorm.world.registerOnPage(sessionId, { email, firstName, lastName: 'Person' });
    this.history.pageRegistrations.push({ atMs: this.now, sessionId, email });
    this.note(`${email} registers in ${sessionId.slice(0, 8)} on its page`);
  }

  unregister(sessionId: string, email: string): void {
    const past = this.history.sessions.get(sessionId);
    this.sandbox.livestorm.world.unregister(sessionId, email);
    this.history.unregistrations.push({ atMs: this.now, eventId: past?.eventId ?? '', email });
    this.note(`${email} is taken out of the event of ${sessionId.slice(0, 8)}`);
  }

  intervene(what: 'deleted' | 'purged' | 'merged' | 'readdressed', prospectId: number, other?: number): void {
    const { world } = this.sandbox.pardot;
    const before = world.prospect(prospectId)?.email ?? '';
    const emails = [before];
    if (what === 'deleted') world.deleteProspect(prospectId);
    if (what === 'purged') world.purgeProspect(prospectId);
    if (what === 'merged' && other !== undefined) {
      emails.push(world.prospect(other)?.email ?? '');
      world.mergeProspects(other, prospectId);
    }
    if (what === 'readdressed') {
      const email = `moved-${prospectId}@example.org`;
      emails.push(email);
      world.editProspect(prospectId, { email });
    }
    this.history.interventions.push({ atMs: this.now, prospectId, what, emails });
    this.note(`prospect ${prospectId} (${before}) ${what}`);
  }

  /** The Pardot campaign of a session; undefined while it is not mirrored. */
  campaignOf(sessionId: string): number | undefined {
    const { salesforce, pardot } = this.sandbox;
    const made = salesforce.world.campaigns().find(({ externalId }) => externalId === sessionId);
    if (made) return pardot.world.campaignOfSalesforce(made.id)?.id;
    return this.linkOf(sessionId)?.campaignId;
  }

  /** What the configuration ties the session to. */
  linkOf(sessionId: string): LinkByHand | undefined {
    const past = this.history.sessions.get(sessionId);
    return past && !past.isBreakout && past.eventId === this.byHand?.eventId ? this.byHand : undefined;
  }
}
