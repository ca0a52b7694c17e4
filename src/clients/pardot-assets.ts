import type { AssetKind } from '../domain.ts';

/** Collection, its asset fields, and whether it advertises `orderBy=id` (pardot.md §3.6, §3.7, §3.9). */
export const ASSETS: Readonly<
  Record<AssetKind, { collection: string; fields: readonly string[]; sortable: boolean }>
> = {
  form: { collection: 'forms', fields: ['id', 'name', 'campaignId', 'isDeleted'], sortable: false },
  form_handler: {
    collection: 'form-handlers',
    fields: ['id', 'name', 'campaignId', 'isDeleted'],
    sortable: true,
  },
  landing_page: {
    collection: 'landing-pages',
    fields: ['id', 'name', 'campaignId', 'formId', 'isDeleted'],
    sortable: false,
  },
};
