import { eventRoutes } from './routes/events.ts';
import { identityRoutes } from './routes/identity.ts';
import { jobRoutes } from './routes/jobs.ts';
import { peopleRoutes } from './routes/people.ts';
import type { Handler, Route } from './routes/request.ts';
import { sessionRoutes } from './routes/sessions.ts';

const BASE = '/v1';

const ROUTES: readonly Route[] = [
  ...identityRoutes,
  ...eventRoutes,
  ...sessionRoutes,
  ...peopleRoutes,
  ...jobRoutes,
];

const COMPILED = ROUTES.map(([method, path, handler]) => ({
  method,
  pattern: new RegExp(`^${BASE}${path.replaceAll(':id', '([^/]+)')}$`),
  handler,
}));

/** The handler for a request and the ids in its path; undefined when the API has no such route. */
export function findRoute(method: string, path: string): { handler: Handler; ids: string[] } | undefined {
  for (const route of COMPILED) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match) return { handler: route.handler, ids: match.slice(1) };
  }
  return undefined;
}
