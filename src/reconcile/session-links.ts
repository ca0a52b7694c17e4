import type { PardotClient } from '../clients/pardot.ts';
import type { EnsuredCampaign, SalesforceClient } from '../clients/salesforce.ts';
import { SECOND } from '../clock.ts';
import type { Call, PardotList } from '../domain.ts';
import { RefusedError, RetryableError } from '../errors.ts';
import type { Counts, Run } from '../job.ts';
import type { Effect } from '../store/effects.ts';
import { type ApplyParts, applyDue, type EffectHandler, type Ending } from './apply.ts';
import { renameHandler } from './link-names.ts';
import { distinctName } from './names.ts';
import {
  type CampaignPayload,
  deservesLink,
  type LinkRules,
  type ListPayload,
  planLinkEffects,
  planLinks,
  planRename,
} from './plan-links.ts';

export interface SessionLinksParts extends ApplyParts {
  readonly salesforce: SalesforceClient;
  readonly pardot: PardotClient;
  readonly rules: LinkRules;
}

/** Gives every new session its campaign and its list. */
export function sessionLinksReconciler(parts: SessionLinksParts): (run: Run) => Promise<Counts> {
  const campaigns = campaignHandler(parts);
  const lists = listHandler(parts);
  const renames = renameHandler(parts);
  return async (run) => {
    const planned = plan(parts);
    const made = await applyDue(parts, campaigns, run);
    const listed = await applyDue(parts, lists, run);
    const renamed = await applyDue(parts, renames, run);
    return { planned, campaigns: made.done ?? 0, lists: listed.done ?? 0, renamed: renamed.done ?? 0 };
  };
}

function plan({ store, clock, rules }: SessionLinksParts): number {
  const nowMs = clock.now();
  return store.transaction(() => {
    let planned = 0;
    for (const { sessionId, name, existing } of planLinks(store.sessions.all(), store.links.all(), rules)) {
      if (existing) {
        const { pardotCampaign: campaignId, list: listId } = existing;
        store.links.adopt(sessionId, name, { campaignId, listId }, nowMs);
      } else store.links.create(sessionId, name, nowMs);
    }
    for (const link of store.links.all()) {
      const session = store.sessions.get(link.sessionId);
      if (!session || !(link.origin === 'existing' || deservesLink(session, rules))) continue;
      const rename = planRename(link, session);
      if (rename) planned += Number(store.effects.want(rename, nowMs, { rearm: true }));
      for (const effect of planLinkEffects(link, session)) {
        planned += Number(store.effects.want(effect, nowMs, { rearm: true }));
      }
    }
    return planned;
  });
}

/** The external id makes it idempotent; what may have been made is looked for, also when the session was canceled since. */
function campaignHandler({
  store,
  clock,
  salesforce,
  rules,
}: SessionLinksParts): EffectHandler<CampaignPayload> {
  const made = (sessionId: string, { id, created }: EnsuredCampaign): Ending => {
    // One that was there already has its mirror since any time after the session was created.
    const madeAtMs = created ? undefined : store.sessions.get(sessionId)?.createdAtMs;
    return {
      state: 'done',
      record: () => store.links.campaignMade(sessionId, id, madeAtMs ?? clock.now()),
    };
  };
  return {
    kind: 'salesforce_campaign',
    work: 'discovery',
    parallel: 1,
    settleMs: 30 * SECOND,
    readBack: async ({ naturalKey: sessionId }, call) => {
      const found = await salesforce.findCampaign(sessionId, call);
      return found ? made(sessionId, found) : null;
    },
    precheck: (effect) => {
      const session = store.sessions.get(effect.naturalKey);
      return session && !deservesLink(session, rules) ? { state: 'skipped' } : null;
    },
    send: async ({ naturalKey: sessionId, payload }, call) => {
      const campaign = { externalId: sessionId, description: describe(sessionId), ...payload };
      return made(sessionId, await salesforce.ensureCampaign(campaign, call));
    },
  };
}

/**
 * Pardot has no key for lists: ours carry the session id in the description. They are looked up before they are made,
 * and the oldest is taken when there are several.
 */
function listHandler({ store, clock, pardot }: SessionLinksParts): EffectHandler<ListPayload> {
  const listed = (sessionId: string, listId: number): Ending => ({
    state: 'done',
    record: () => store.links.listed(sessionId, listId, clock.now()),
  });
  const find = async (effect: Effect<ListPayload>, call: Call): Promise<Ending | null> => {
    const { name } = effect.payload;
    const named = await pardot.listsNamed(name, call);
    const own = named.filter((list) => isOwn(list, effect.naturalKey));
    if (own.length === 0 && named.length > 0) {
      own.push(
        ...(await pardot.listsNamed(distinctName(name, effect.naturalKey), call)).filter((list) =>
          isOwn(list, effect.naturalKey),
        ),
      );
    }
    return own.length === 0 ? null : listed(effect.naturalKey, Math.min(...own.map((list) => list.id)));
  };
  return {
    kind: 'pardot_list',
    work: 'discovery',
    parallel: 1,
    settleMs: 150 * SECOND,
    readBack: find,
    send: async (effect, call) => {
      const existing = await find(effect, call);
      if (existing) return existing;
      const { campaignId, name } = effect.payload;
      const create = (listName: string) =>
        pardot.createList(
          { name: listName, title: name, description: describe(effect.naturalKey), campaignId },
          call,
        );
      const { id } = await create(name).catch((error: unknown) => {
        if (error instanceof RefusedError && error.code === NAME_TAKEN) {
          return create(distinctName(name, effect.naturalKey));
        }
        throw error;
      });
      if (id !== null) return listed(effect.naturalKey, id);
      throw new RetryableError('the list was made, but its id was not told', {
        vendor: 'pardot',
        operation: 'POST /lists',
        applied: 'done',
      });
    },
  };
}

/** Pardot's code for a list name in use (pardot.md §3.2). */
const NAME_TAKEN = 245;

function isOwn(list: PardotList, sessionId: string): boolean {
  return list.description?.includes(sessionId) ?? false;
}

/** The session of a list or campaign that was made here; null of any other. */
export function sessionDescribedBy(description: string | null): string | null {
  return /^Livestorm session (\S+)\. Made by livestorm-pardot/.exec(description ?? '')?.[1] ?? null;
}

/** Says where it comes from, and carries the session id by which a list is recognised. */
function describe(sessionId: string): string {
  return `Livestorm session ${sessionId}. Made by livestorm-pardot; renaming is safe.`;
}
