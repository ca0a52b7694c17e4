import type { Collection } from '../collection.ts';
import { type FieldSpecs, readOnly, STAMP_FIELDS } from '../fields.ts';

const RELATIONS = {
  campaign: { to: 'campaigns', by: 'campaignId' },
  createdBy: { to: 'users', by: 'createdById' },
};

const FORM_FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...readOnly('integer', 'campaignId layoutTemplateId folderId trackerDomainId'),
  ...readOnly('string', 'name submitButtonText beforeFormContent afterFormContent thankYouContent'),
  ...readOnly('string', 'thankYouCode redirectLocation fontSize fontFamily fontColor labelAlignment'),
  ...readOnly('string', 'radioAlignment checkboxAlignment requiredCharacter salesforceId salesforceCmsId'),
  ...readOnly('string', 'url embedCode'),
  ...readOnly('boolean', 'isAlwaysDisplay isUseRedirectLocation isCookieless showNotProspect'),
  ...readOnly('boolean', 'isCaptchaEnabled isDeleted'),
};

/** pardot.md §3.6: no campaign or date filter, no advertised order. */
export const forms: Collection = {
  name: 'forms',
  fields: () => FORM_FIELDS,
  relations: { ...RELATIONS, updatedBy: { to: 'users', by: 'updatedById' } },
  filters: { id: 'range' },
  orderBy: [],
  recycleBin: true,
  abilities: { view: ['Marketing > Forms > Forms > View'] },
  rows: (state) => state.forms,
};

const HANDLER_FIELDS: FieldSpecs = {
  ...readOnly('integer', 'id campaignId folderId trackerDomainId createdById updatedById'),
  ...readOnly('string', 'name successLocation errorLocation salesforceId embedCode'),
  ...readOnly('boolean', 'isDataForwarded isAlwaysEmail isCookieless isDeleted'),
  ...readOnly('datetime', 'createdAt'),
};

/** pardot.md §3.7: no `updatedAt`, no `url`. */
export const formHandlers: Collection = {
  name: 'form-handlers',
  fields: () => HANDLER_FIELDS,
  relations: RELATIONS,
  filters: { name: 'equal', id: 'range', createdAt: 'range' },
  orderBy: ['id', 'createdAt'],
  recycleBin: false,
  abilities: { view: ['Marketing > Forms > Form Handlers > View'] },
  rows: (state) => state.formHandlers,
};

const PAGE_FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...readOnly('integer', 'campaignId formId layoutTemplateId folderId trackerDomainId'),
  ...readOnly('string', 'name url vanityUrl layoutType'),
  ...readOnly('boolean', 'isDeleted'),
};

/** pardot.md §3.9. */
export const landingPages: Collection = {
  name: 'landing-pages',
  fields: () => PAGE_FIELDS,
  relations: { ...RELATIONS, form: { to: 'forms', by: 'formId' } },
  filters: { id: 'range', updatedAt: 'range' },
  orderBy: [],
  recycleBin: false,
  abilities: { view: ['Marketing > Landing Pages > View'] },
  rows: (state) => state.landingPages,
};
