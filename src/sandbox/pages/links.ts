import type { PardotWorld } from '../pardot/world.ts';
import type { SalesforceCampaign } from '../salesforce/world.ts';
import type { World } from './world.ts';

type Mirror = ReturnType<PardotWorld['campaigns']>[number];
type List = ReturnType<PardotWorld['lists']>[number];

/** What some connector has made for a session so far. */
export interface SessionLink {
  readonly campaign: SalesforceCampaign | undefined;
  /** The campaign as Pardot shows it. */
  readonly mirror: Mirror | undefined;
  readonly lists: readonly List[];
}

/** Found by ids only: external id → campaign → mirror → lists. */
export function linkOf(world: World, sessionId: string): SessionLink {
  const campaign = world.salesforce
    .campaigns()
    .find((each) => each.externalId?.toLowerCase() === sessionId.toLowerCase() && !each.isDeleted);
  const mirror =
    campaign && world.pardot.campaigns().find((each) => each.salesforceId === campaign.id && !each.isDeleted);
  const lists = mirror
    ? world.pardot.lists().filter((list) => list.campaignId === mirror.id && !list.isDeleted)
    : [];
  return { campaign, mirror, lists };
}
