import { campaignOf } from '../activity-log.ts';
import type { Collection } from '../collection.ts';
import { type FieldSpecs, readOnly } from '../fields.ts';
import type { VisitorActivity } from '../rows.ts';
import type { PardotState } from '../state.ts';

const FIELDS: FieldSpecs = {
  ...readOnly('integer', 'id type campaignId prospectId visitorId visitId visitorPageViewId'),
  ...readOnly('integer', 'formId formHandlerId landingPageId emailId emailTemplateId listEmailId fileId'),
  ...readOnly('integer', 'customRedirectId opportunityId paidSearchAdId multivariateTestVariationId'),
  ...readOnly('integer', 'siteSearchQueryId'),
  ...readOnly('string', 'typeName details'),
  ...readOnly('datetime', 'createdAt updatedAt'),
};

/** pardot.md §4: no filter on forms or campaigns, no recycle bin. */
export const visitorActivities: Collection = {
  name: 'visitor-activities',
  fields: () => FIELDS,
  relations: {
    campaign: { to: 'campaigns', by: 'campaignId' },
    prospect: { to: 'prospects', by: 'prospectId' },
    form: { to: 'forms', by: 'formId' },
    formHandler: { to: 'form-handlers', by: 'formHandlerId' },
    landingPage: { to: 'landing-pages', by: 'landingPageId' },
  },
  filters: {
    id: 'range',
    type: 'equal',
    prospectId: 'equal',
    visitorId: 'equal',
    createdAt: 'range',
    updatedAt: 'range',
  },
  idList: true,
  orderBy: ['id', 'createdAt', 'updatedAt'],
  recycleBin: false,
  abilities: { view: ['Prospect > Visitors > View'] },
  rows: (state) => state.activities,
  derive: (state, row, field) =>
    field === 'campaignId' && state.switches.activityCampaign === 'live'
      ? liveCampaignId(state, row as VisitorActivity)
      : undefined,
};

/** The campaign that the asset carries now; undefined when the asset is gone. */
function liveCampaignId(state: PardotState, row: VisitorActivity): number | undefined {
  const asset =
    state.landingPages.view(row.landingPageId ?? 0) ??
    state.forms.view(row.formId ?? 0) ??
    state.formHandlers.view(row.formHandlerId ?? 0);
  return asset && campaignOf(state, asset);
}
