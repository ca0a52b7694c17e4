import type { Exchange, Reply, VendorService } from '../kernel/exchange.ts';
import type { AssetKind } from '../pardot/rows.ts';
import { changeSession, createAsset, createCampaign, createEvent, createSession } from './actions.ts';
import { assetsPage } from './assets.ts';
import { connectPage } from './connect.ts';
import { faultsPage, readFault } from './faults.ts';
import { html } from './html.ts';
import { notFoundReply, type Page, pageReply, seeOther } from './layout.ts';
import { listPage, prospectPage, prospectsPage } from './prospects.ts';
import { requestsPage } from './requests.ts';
import { sessionPage } from './session.ts';
import { sessionsPage } from './sessions.ts';
import { isSwitchVendor, resetSwitches, setSwitch, switchesPage } from './switches/page.ts';
import { showAsset, submitAsset, submitHandler } from './visitor.ts';
import type { World } from './world.ts';

/** One request to a page: what it asks for, and the parts of its path that vary. */
interface Visit {
  readonly world: World;
  readonly exchange: Exchange;
  readonly params: readonly string[];
  /** What the last action had to say. */
  readonly note: string | undefined;
  /** The posted form. */
  readonly values: URLSearchParams;
}

type Route = readonly [method: 'GET' | 'POST', path: RegExp, answer: (visit: Visit) => Reply];

const show = (path: RegExp, page: (visit: Visit) => Page | undefined): Route => [
  'GET',
  path,
  (visit) => {
    const found = page(visit);
    return found ? pageReply(found) : notFoundReply('There is nothing at this address.');
  },
];

/** An action of the control page: done, then back to `back` with what it says. */
const act = (path: RegExp, back: (visit: Visit) => string, action: (visit: Visit) => string): Route => [
  'POST',
  path,
  (visit) => seeOther(back(visit), action(visit)),
];

const param = ({ params }: Visit, index = 0): string => params[index] ?? '';

const PAGES: readonly Route[] = [
  show(/^\/$/, ({ world, note }) => sessionsPage(world, note)),
  show(/^\/sessions\/([\w-]+)$/, (visit) => {
    const session = visit.world.livestorm.sessions().find((each) => each.id === param(visit));
    return session && sessionPage(visit.world, session, visit.note);
  }),
  show(/^\/assets$/, ({ world, note }) => assetsPage(world, note)),
  show(/^\/prospects$/, ({ world, note }) => prospectsPage(world, note)),
  show(/^\/prospects\/(\d+)$/, (visit) => {
    const prospect = visit.world.pardot.prospect(Number(param(visit)));
    return prospect && prospectPage(visit.world, prospect, visit.note);
  }),
  show(/^\/lists\/(\d+)$/, (visit) => {
    const list = visit.world.pardot.lists().find((each) => each.id === Number(param(visit)));
    return list && listPage(visit.world, list);
  }),
  show(/^\/switches$/, ({ world, note }) => switchesPage(world, note)),
  show(/^\/faults$/, ({ world, note }) => faultsPage(world.faults, note)),
  show(/^\/requests$/, ({ world, note }) => requestsPage(world.log, note)),
  show(/^\/connect$/, ({ world, note }) => connectPage(world, note)),
];

const home = () => '/';

const ACTIONS: readonly Route[] = [
  act(/^\/events$/, home, ({ world, values }) => createEvent(world, values)),
  act(/^\/sessions$/, home, ({ world, values }) => createSession(world, values)),
  act(/^\/campaigns$/, home, ({ world, values }) => createCampaign(world, values)),
  act(
    /^\/sessions\/([\w-]+)\/([a-z-]+)$/,
    (visit) => `/sessions/${param(visit)}`,
    (visit) => changeSession(visit.world, param(visit), param(visit, 1), visit.values),
  ),
  act(
    /^\/assets$/,
    () => '/assets',
    ({ world, values }) => createAsset(world, values),
  ),
  act(
    /^\/prospects\/(\d+)\/delete$/,
    (visit) => `/prospects/${param(visit)}`,
    (visit) => {
      visit.world.pardot.deleteProspect(Number(param(visit)));
      return 'Moved to the recycle bin';
    },
  ),
  act(
    /^\/switches\/([a-z]+)$/,
    () => '/switches',
    (visit) => {
      const [vendor, name] = [param(visit), visit.values.get('name') ?? ''];
      if (!isSwitchVendor(vendor)) throw new RangeError('Unknown vendor');
      setSwitch(visit.world, vendor, name, visit.values.get('value') ?? '');
      return `Set ${name}`;
    },
  ),
  act(
    /^\/switches\/([a-z]+)\/reset$/,
    () => '/switches',
    (visit) => {
      const vendor = param(visit);
      if (!isSwitchVendor(vendor)) throw new RangeError('Unknown vendor');
      resetSwitches(visit.world, vendor);
      return 'All at their defaults';
    },
  ),
  act(
    /^\/faults$/,
    () => '/faults',
    ({ world, values }) => {
      world.faults.arm(readFault(values));
      return 'Armed';
    },
  ),
  act(
    /^\/faults\/clear$/,
    () => '/faults',
    ({ world }) => {
      world.faults.clear();
      return 'Cleared all faults';
    },
  ),
  act(
    /^\/requests\/clear$/,
    () => '/requests',
    ({ world }) => {
      world.log.clear();
      return 'Cleared the log';
    },
  ),
  act(
    /^\/salesforce\/revoke$/,
    () => '/connect',
    ({ world }) => {
      world.salesforce.revokeSessions();
      return 'Ended all sessions';
    },
  ),
];

/** Visitors' side: what is open to the public at the real vendor. */
const VISITORS: readonly Route[] = (
  [
    ['form', /^\/form\/(\d+)$/],
    ['landing_page', /^\/landing\/(\d+)$/],
  ] satisfies [AssetKind, RegExp][]
).flatMap(([kind, path]): Route[] => [
  ['GET', path, (visit) => showAsset(visit.world, visit.exchange, kind, Number(param(visit)))],
  ['POST', path, (visit) => submitAsset(visit.world, visit.exchange, kind, Number(param(visit)))],
]);

const HANDLER: Route = [
  'POST',
  /^\/handler\/(\d+)$/,
  (visit) => submitHandler(visit.world, visit.exchange, Number(param(visit))),
];

const ROUTES: readonly Route[] = [...PAGES, ...ACTIONS, ...VISITORS, HANDLER];

/** The pages of the sandbox: the control page, and what visitors and users of the vendors would see. */
export class Pages implements VendorService {
  readonly name = 'pages';
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  handle(exchange: Exchange): Reply {
    const found = ROUTES.flatMap(([method, path, answer]) => {
      const match = path.exec(exchange.path);
      return match ? [{ method, answer, params: match.slice(1) }] : [];
    });
    const route = found.find(({ method }) => method === exchange.method);
    if (found.length > 0 && !route)
      return refusedReply(405, 'This address does not take that kind of request.');
    if (!route) return notFoundReply('There is nothing at this address.');
    try {
      return route.answer(this.#visit(exchange, route.params));
    } catch (error) {
      // Worlds throw when asked for what they do not offer: a person clicked on a page that was out of date.
      return refusedReply(400, error instanceof Error ? error.message : String(error));
    }
  }

  #visit(exchange: Exchange, params: readonly string[]): Visit {
    return {
      world: this.#world,
      exchange,
      params,
      note: exchange.query.get('note') ?? undefined,
      values: new URLSearchParams(exchange.body.toString('utf8')),
    };
  }
}

function refusedReply(status: number, why: string): Reply {
  const body = html`<p class="note bad" role="alert">${why}</p><p><a href="/">Back to the sessions</a></p>`;
  return pageReply({ title: 'That did not work', section: '/', body }, { status });
}
