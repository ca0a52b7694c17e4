import type { Asset } from '../domain.ts';
import { closedBecause } from '../reconcile/plan-registrations.ts';
import type { FormTraffic } from '../store/form-traffic.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import type { FormRoute, LinkTarget } from './link-facts.ts';

/** Fewer submissions say nothing about what a form asks for. */
const FEWEST = 3;
const NEWEST = 20;

/** Sessions with a link, as they are known. */
export function linkTargets(store: Store): LinkTarget[] {
  return store.links.all().flatMap((link) => {
    const session = store.sessions.get(link.sessionId);
    return session ? [{ session, link }] : [];
  });
}

/** Forms as the state last saw them, for when Account Engagement is not asked. */
export function assetsSeen(traffic: readonly FormTraffic[]): Asset[] {
  return traffic.map(({ form, last }) => {
    const [kind, id] = form.split(':') as [Asset['kind'], string];
    const campaignId = last.assetCampaignId ?? last.campaignId;
    return { kind, id: Number(id), name: last.assetName ?? form, campaignId, formId: null };
  });
}

/** Where every form leads, and what came through it. */
export function formRoutes(
  store: Store,
  parts: {
    readonly assets: readonly Asset[];
    readonly targets: readonly LinkTarget[];
    readonly campaignNames: ReadonlyMap<number, string>;
    readonly mappedFields: readonly string[];
  },
): FormRoute[] {
  const { assets, targets, campaignNames, mappedFields } = parts;
  const traffic = new Map(store.formTraffic().map((each) => [each.form, each]));
  const targetOf = (campaignId: number | null): LinkTarget | undefined =>
    campaignId === null ? undefined : targets.find(({ link }) => link.pardotCampaignId === campaignId);
  return assets.map((asset) => {
    const form = `${asset.kind}:${asset.id}`;
    const within = assets.find(({ kind, id }) => kind === 'form' && id === asset.formId);
    const target = targetOf(asset.campaignId) ?? targetOf(within?.campaignId ?? null) ?? null;
    const seen = traffic.get(form);
    return {
      form,
      name: asset.name,
      campaignId: asset.campaignId,
      campaignName: asset.campaignId === null ? null : (campaignNames.get(asset.campaignId) ?? null),
      inner: within ? { form: `form:${within.id}`, campaignId: within.campaignId } : null,
      submissions: seen?.submissions ?? 0,
      lastAtMs: seen?.last.createdAtMs ?? null,
      sinceClosed: target ? submissionsSinceClosed(store, form, target.session) : 0,
      ledSomewhere: (seen?.sessionIds.length ?? 0) > 0,
      neverFilled: neverFilled(store, form, mappedFields),
      target,
    };
  });
}

function submissionsSinceClosed(store: Store, form: string, session: KnownSession): number {
  if (closedBecause(session) === null) return 0;
  const { endedAtMs, canceledAtMs, goneAtMs, estimatedStartedAtMs } = session;
  const closedAtMs = goneAtMs ?? canceledAtMs ?? endedAtMs ?? estimatedStartedAtMs;
  return closedAtMs === null ? 0 : store.submissionsSince(form, closedAtMs);
}

function neverFilled(store: Store, form: string, fields: readonly string[]): ReadonlySet<string> | null {
  const newest = store.latestSubmissions(form, NEWEST);
  if (newest.length < FEWEST) return null;
  return new Set(
    fields.filter((field) => newest.every((submission) => (submission.fields[field]?.length ?? 0) === 0)),
  );
}
