import type { Collection } from '../collection.ts';
import { account } from './account.ts';
import { visitorActivities } from './activities.ts';
import { formHandlers, forms, landingPages } from './assets.ts';
import { campaigns } from './campaigns.ts';
import { customFields } from './custom-fields.ts';
import { externalActivities } from './external-activities.ts';
import { imports } from './imports.ts';
import { listMemberships } from './list-memberships.ts';
import { lists } from './lists.ts';
import { prospects } from './prospects.ts';
import { users } from './users.ts';

/** Every collection served, by path segment. */
export const COLLECTIONS: ReadonlyMap<string, Collection> = new Map(
  [
    account,
    campaigns,
    customFields,
    externalActivities,
    formHandlers,
    forms,
    imports,
    landingPages,
    listMemberships,
    lists,
    prospects,
    users,
    visitorActivities,
  ].map((collection) => [collection.name, collection]),
);
