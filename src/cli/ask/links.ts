import { systemClock } from '../../clock.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import type { Asset } from '../../domain.ts';
import { assetsSeen, formRoutes, linkTargets } from '../../questions/form-routes.ts';
import type { LinkTarget } from '../../questions/link-facts.ts';
import { isOpen, lintLinks } from '../../questions/lint-links.ts';
import { openStoreReadOnly, type Store } from '../../store/store.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { type Vendors, withVendors } from '../vendors.ts';
import { type LinksView, linksJson, renderLinks } from './links-view.ts';

export interface LinksOptions {
  readonly config: string;
  /** From the state alone. */
  readonly offline: boolean;
  /** Also forms that belong to no session. */
  readonly all: boolean;
  readonly json: boolean;
}

/**
 * `links`: which form leads to which session, and what is wrong with that. Asks Account Engagement for forms and
 * campaigns, Livestorm for the events of open sessions. Returns 3 when people are being lost, else 0.
 */
export async function linksCommand(options: LinksOptions, terminal: Terminal): Promise<number> {
  const config = await loadConfig(options.config, terminal.env);
  const nowMs = (terminal.clock ?? systemClock).now();
  const view = options.offline
    ? offline(config, nowMs)
    : await withVendors(config, terminal, (vendors) => online(config, vendors, nowMs));
  terminal.write(
    options.json ? `${JSON.stringify(linksJson(view), null, 2)}\n` : renderLinks(view, options.all),
  );
  return view.warnings.some(({ severity }) => severity === 'loses') ? EXIT.partial : EXIT.ok;
}

function offline(config: Config, nowMs: number): LinksView {
  using store = openStoreReadOnly(config.stateDir);
  return lint(store, config, { assets: assetsSeen(store.formTraffic()), names: new Map() }, nowMs);
}

async function online(config: Config, vendors: Vendors, nowMs: number): Promise<LinksView> {
  const { store, pardot, call } = vendors;
  const assets: Asset[] = [];
  for (const kind of ['form', 'form_handler', 'landing_page'] as const) {
    assets.push(...(await pardot.listAssets(kind, call)));
  }
  const campaigns = await pardot.listCampaigns({}, call);
  await readEvents(vendors, linkTargets(store), nowMs);
  return lint(store, config, { assets, names: new Map(campaigns.map(({ id, name }) => [id, name])) }, nowMs);
}

/** What the events of open sessions ask for now, into the copy of the state. */
async function readEvents(
  { store, livestorm, call }: Vendors,
  targets: readonly LinkTarget[],
  nowMs: number,
): Promise<void> {
  const open = targets.filter(({ session }) => isOpen(session));
  for (const eventId of new Set(open.map(({ session }) => session.eventId))) {
    const event = await livestorm.event(eventId, call);
    if (event) store.sessions.observeEvent(event, nowMs);
  }
}

function lint(
  store: Store,
  { fields }: Config,
  read: { readonly assets: readonly Asset[]; readonly names: ReadonlyMap<number, string> },
  nowMs: number,
): LinksView {
  const targets = linkTargets(store);
  const { registration: mapping } = fields;
  const mappedFields = [...new Set(mapping.values())];
  const routes = formRoutes(store, { assets: read.assets, targets, campaignNames: read.names, mappedFields });
  return { routes, targets, warnings: lintLinks({ routes, targets, mapping }, nowMs) };
}
