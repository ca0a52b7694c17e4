import type { ObjectSpec } from './fields.ts';

/** `GET /sobjects/Campaign/describe`, as much of it as tells what the API user may do. */
export function describeCampaign(
  { fields }: ObjectSpec,
  version: string,
  createable: boolean,
): Record<string, unknown> {
  return {
    name: 'Campaign',
    label: 'Campaign',
    labelPlural: 'Campaigns',
    keyPrefix: '701',
    custom: false,
    createable,
    updateable: createable,
    deletable: createable,
    queryable: true,
    retrieveable: true,
    searchable: true,
    fields: fields.map(({ picklist, ...spec }) => ({
      ...spec,
      soapType: spec.type === 'boolean' ? 'xsd:boolean' : 'xsd:string',
      picklistValues: picklist.map((value) => ({ value, label: value, active: true, defaultValue: false })),
      restrictedPicklist: false,
    })),
    recordTypeInfos: [],
    urls: {
      sobject: `/services/data/v${version}/sobjects/Campaign`,
      describe: `/services/data/v${version}/sobjects/Campaign/describe`,
      rowTemplate: `/services/data/v${version}/sobjects/Campaign/{ID}`,
    },
  };
}
