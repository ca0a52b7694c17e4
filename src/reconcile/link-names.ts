import type { PardotClient } from '../clients/pardot.ts';
import type { SalesforceClient } from '../clients/salesforce.ts';
import { SECOND } from '../clock.ts';
import type { ApplyParts, EffectHandler } from './apply.ts';
import type { RenamePayload } from './plan-links.ts';

interface RenameParts extends ApplyParts {
  readonly salesforce: SalesforceClient;
  readonly pardot: PardotClient;
}

/** Renames campaign and list, each only while it still has the name we gave it: an admin's own name stays. */
export function renameHandler({ store, salesforce, pardot }: RenameParts): EffectHandler<RenamePayload> {
  return {
    kind: 'link_rename',
    work: 'discovery',
    parallel: 1,
    settleMs: 30 * SECOND,
    precheck: ({ sessionId, payload }) =>
      store.links.get(sessionId ?? '')?.name === payload.from ? null : { state: 'skipped' },
    send: async ({ sessionId, payload }, call) => {
      const link = store.links.get(sessionId ?? '');
      const { from, to } = payload;
      if (link?.salesforceCampaignId)
        await salesforce.renameCampaign(link.salesforceCampaignId, from, to, call);
      if (link?.listId) await pardot.renameList(link.listId, from, to, call);
      return { state: 'done', record: () => store.links.renamed(sessionId ?? '', to) };
    },
    // Deleted by somebody: there is nothing left to rename.
    refused: async ({ sessionId, payload }, error) =>
      error.status === 404
        ? { state: 'done', record: () => store.links.renamed(sessionId ?? '', payload.to) }
        : null,
  };
}
