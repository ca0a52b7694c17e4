import type { Resource } from '../render/resource.ts';
import type { State } from '../state.ts';
import { one, type Route } from './request.ts';

/** vendor sheet §4.1. With a private token `/me` answers the organization. */
export const identityRoutes: readonly Route[] = [
  ['GET', '/ping', () => ({ status: 200 })],
  ['GET', '/me', ({ state }) => one(200, renderOrganization(state))],
  ['GET', '/organization', ({ state }) => one(200, renderOrganization(state))],
];

function renderOrganization(state: State): Resource {
  const attributes = { name: 'Sandbox Workspace', slug: 'sandbox-workspace' };
  return { id: state.organizationId, type: 'organizations', attributes };
}
