import type { Clock } from '../clock.ts';
import { readPerson } from '../questions/person.ts';
import type { Store } from '../store/store.ts';
import { Gate, isForThisMachine, isFromOurPage } from './gate.ts';
import { type Health, healthOf, readinessOf } from './health.ts';
import { renderMetrics } from './metric.ts';
import { metricsOf } from './metrics.ts';
import type { Readers } from './overview.ts';
import { overviewPage } from './pages/overview-page.ts';
import { personPage } from './pages/person-page.ts';
import { type Visitor, wordsPage } from './pages/shell.ts';
import { jsonReply, type PageRequest, type Reply, textReply } from './server.ts';

export interface RouteParts extends Readers {
  readonly store: Store;
  readonly clock: Clock;
  /** null: nothing about people is shown. */
  readonly token: string | null;
  readonly stuck: () => readonly string[];
}

type Route = (request: PageRequest, parts: RouteParts, gate: Gate) => Reply;

const ROUTES: Readonly<Record<string, Readonly<Partial<Record<'GET' | 'POST', Route>>>>> = {
  '/': { GET: (request, parts, gate) => overviewPage(parts.overview(), visitorOf(request, gate)) },
  '/live': {
    GET: (request, parts, gate) => overviewPage(parts.overview(), visitorOf(request, gate), true),
  },
  '/person': { GET: () => seeOther('/'), POST: person },
  '/login': { GET: () => seeOther('/'), POST: login },
  '/logout': { POST: (_, __, gate) => seeOther('/', { 'set-cookie': gate.logoutCookie() }) },
  '/healthz': { GET: (_, { stuck }) => healthReply(healthOf(stuck())) },
  '/readyz': { GET: (_, { watched }) => healthReply(readinessOf(watched)) },
  '/metrics': {
    GET: (_, { overview }) => ({
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: renderMetrics(metricsOf(overview())),
    }),
  },
};

/** Answers every request; nothing that is asked for changes the state. */
export function answering(parts: RouteParts): (request: PageRequest) => Reply {
  const gate = new Gate(parts.token, parts.clock);
  return (request) => {
    if (!isForThisMachine(request)) {
      return textReply(403, 'This page answers under a name of this machine alone: localhost or 127.0.0.1.');
    }
    const route = Object.hasOwn(ROUTES, request.path) ? ROUTES[request.path] : undefined;
    if (!route) return wordsPage(404, 'Not found', 'There is no such page.');
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const handle = method === 'GET' || method === 'POST' ? route[method] : undefined;
    if (!handle) {
      const allow = [...(route.GET ? ['GET', 'HEAD'] : []), ...(route.POST ? ['POST'] : [])].join(', ');
      return textReply(405, 'This is not how the page is asked.', { allow });
    }
    if (method === 'POST' && !isFromOurPage(request) && !gate.hasBearer(request)) {
      return wordsPage(
        403,
        'Not from here',
        'This did not come from a form of this page. Open the page and try again.',
      );
    }
    return handle(request, parts, gate);
  };
}

function visitorOf(request: PageRequest, gate: Gate): Visitor {
  if (!gate.hasToken) return 'without_token';
  return gate.isLoggedIn(request) || gate.hasBearer(request) ? 'known' : 'unknown';
}

function login({ body }: PageRequest, _: RouteParts, gate: Gate): Reply {
  switch (gate.tells(new URLSearchParams(body).get('token')?.trim() ?? '')) {
    case 'right':
      return seeOther('/#person', { 'set-cookie': gate.loginCookie() });
    case 'wrong':
      return wordsPage(403, 'Wrong token', 'This is not the token of the configuration (status.token).');
    case 'too_often':
      return wordsPage(429, 'Too many wrong tokens', 'Wait a minute, then try again.');
  }
}

function person(request: PageRequest, { store, clock }: RouteParts, gate: Gate): Reply {
  if (visitorOf(request, gate) !== 'known') {
    return wordsPage(
      401,
      'Not logged in',
      'What is about people is shown to whoever knows the token. Log in again.',
    );
  }
  const email = new URLSearchParams(request.body).get('email')?.trim() ?? '';
  if (email === '' || email.length > 320) {
    return wordsPage(400, 'No address', 'Write the e-mail address of the person you look for.');
  }
  return personPage(readPerson(store, { email }, clock.now()), clock.now());
}

function healthReply({ isFine, body }: Health): Reply {
  return jsonReply(isFine ? 200 : 503, body);
}

function seeOther(location: string, headers: Reply['headers'] = {}): Reply {
  return { status: 303, headers: { location, ...headers }, body: '' };
}
