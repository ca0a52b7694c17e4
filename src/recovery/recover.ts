import type { LivestormClient } from '../clients/livestorm.ts';
import type { PardotClient } from '../clients/pardot.ts';
import { type Clock, DAY } from '../clock.ts';
import type { Session } from '../domain.ts';
import type { Run } from '../job.ts';
import type { Logger } from '../logger.ts';
import { registrantsPoller } from '../pollers/registrants.ts';
import { sessionDescribedBy } from '../reconcile/session-links.ts';
import type { Store } from '../store/store.ts';
import { activationOf, type FoundLink, linksAmong } from './vendor-links.ts';

export interface RecoverParts {
  readonly store: Store;
  readonly pardot: PardotClient;
  readonly livestorm: LivestormClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Campaigns that the configuration ties to sessions: they were not made here. */
  readonly existingCampaigns: ReadonlySet<number>;
}

export interface Recovered {
  readonly links: readonly FoundLink[];
  /** Those that the state did not have. */
  readonly added: number;
  /** Sessions that have a list but are no longer known to Livestorm. */
  readonly gone: readonly string[];
}

/**
 * Puts into the state what the vendors show of the past: which session has which campaign and list, since when the
 * connector works, and who is registered. May be repeated, and adds to a state that is there. Only reads the vendors.
 */
export async function recoverFromVendors(parts: RecoverParts, run: Run): Promise<Recovered> {
  const { store, pardot, clock, existingCampaigns } = parts;
  const call = run.call('discovery');
  const lists = (await pardot.lists(call)).filter(({ description }) => sessionDescribedBy(description));
  const campaigns = lists.length === 0 ? [] : await pardot.listCampaigns({}, call);
  const sessions = await sessionsSince(
    parts,
    lists.map(({ createdAtMs }) => createdAtMs),
    run,
  );
  const links = linksAmong(lists, campaigns, sessions);
  const nowMs = clock.now();
  const known = store.links.all().length;
  store.transaction(() => {
    activate(store, links, nowMs);
    for (const link of links) putLink(store, link, existingCampaigns.has(link.campaign.id), nowMs);
    store.keeping.markRecovered(nowMs);
  });
  await registrantsPoller(parts)(run);
  const linked = new Set(links.map(({ session }) => session.id));
  const described = new Set(lists.flatMap(({ description }) => sessionDescribedBy(description) ?? []));
  const gone = [...described].filter((id) => !linked.has(id));
  return { links, added: store.links.all().length - known, gone };
}

/** One list of everything that changed since tells more, for fewer calls, than asking for each session. */
async function sessionsSince(
  { livestorm }: RecoverParts,
  listedAtMs: readonly number[],
  run: Run,
): Promise<Session[]> {
  if (listedAtMs.length === 0) return [];
  const updatedSinceMs = Math.min(...listedAtMs) - DAY;
  return await livestorm.listSessions({ updatedSinceMs }, run.call('discovery'));
}

/** A state that was made after what the vendors show knows nothing of it: its streams begin anew, at the true start. */
function activate(store: Store, links: readonly FoundLink[], nowMs: number): void {
  const found = activationOf(links) ?? nowMs;
  const oldestMs = Math.min(nowMs, ...links.map(({ madeAtMs }) => madeAtMs));
  if (store.meta.activate(found) <= oldestMs) return;
  store.meta.correctActivation(found);
  for (const stream of ['form_submissions', 'sessions']) store.checkpoints.forget(stream);
}

/** Adds what is missing; what the state says stays. */
function putLink(store: Store, link: FoundLink, isExisting: boolean, nowMs: number): void {
  const { session, name, campaign, listId, madeAtMs } = link;
  const { links } = store;
  const owner = links.all().find(({ pardotCampaignId }) => pardotCampaignId === campaign.id);
  if (owner && owner.sessionId !== session.id) return;
  store.sessions.observe(session, nowMs);
  if (isExisting) links.adopt(session.id, name, { campaignId: campaign.id, listId }, madeAtMs);
  else links.create(session.id, name, madeAtMs);
  const known = links.get(session.id);
  if (known?.origin === 'made' && known.salesforceCampaignId === null && campaign.salesforceId !== null)
    links.campaignMade(session.id, campaign.salesforceId, madeAtMs);
  if (known?.pardotCampaignId === null) links.mirrored(session.id, campaign.id, nowMs);
  if (known?.listId === null) links.listed(session.id, listId, nowMs);
}
