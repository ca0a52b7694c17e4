import type { AssetKind } from '../pardot/rows.ts';
import { type Content, type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import { card, checkbox, field, form, NONE, select, table } from './parts.ts';
import type { World } from './world.ts';

export const ASSET_KINDS: Readonly<Record<AssetKind, { title: string; path: string }>> = {
  form: { title: 'Form', path: '/form' },
  form_handler: { title: 'Form handler', path: '/handler' },
  landing_page: { title: 'Landing page', path: '/landing' },
};

/** Every form, handler and landing page with its campaign, and a form that makes more. */
export function assetsPage(world: World, note: string | undefined): Page {
  const campaigns = new Map(world.pardot.campaigns().map((campaign) => [campaign.id, campaign.name]));
  const row = (kind: AssetKind, asset: { id: number; name: string; campaignId: number }): Content[] => [
    ASSET_KINDS[kind].title,
    html`${asset.name} <span class="id quiet">${asset.id}</span>`,
    campaigns.get(asset.campaignId) ?? NONE,
    address(world.connection().urls.pages, kind, asset.id),
  ];
  const rows = [
    ...world.pardot.forms().map((asset) => row('form', asset)),
    ...world.pardot.formHandlers().map((asset) => row('form_handler', asset)),
    ...world.pardot.landingPages().map((asset) => row('landing_page', asset)),
  ];
  return {
    title: 'Forms',
    section: '/assets',
    note,
    lead: 'Pardot forms, form handlers and landing pages. Whoever submits one is remembered with its campaign.',
    body: html`${card('Forms, form handlers and landing pages', table('Forms', ['Kind', 'Name', 'Campaign', 'Address'], rows))}
${card('Create one', newAssetForm(world))}`,
  };
}

function address(baseUrl: string, kind: AssetKind, id: number): Html {
  const path = `${ASSET_KINDS[kind].path}/${id}`;
  if (kind === 'form_handler') return html`<code>POST ${baseUrl}${path}</code>`;
  return html`<a href="${path}">${path}</a>`;
}

function newAssetForm(world: World): Html {
  const campaigns = world.pardot.campaigns().filter((campaign) => !campaign.isDeleted);
  if (campaigns.length === 0) {
    return html`<p class="quiet">Pardot has no campaign yet. It appears some minutes after a connector, or you,
created one in Salesforce. How many minutes is the switch <code>mirrorDelayMs</code>.</p>`;
  }
  const kinds = Object.entries(ASSET_KINDS).map(([kind, { title }]) => [kind, title] as const);
  const forms = world.pardot.forms().map((each) => [String(each.id), each.name] as const);
  return form(
    '/assets',
    html`<div class="grid">
${select('Kind', 'kind', kinds)}
${field('Name', 'name', { required: true, value: 'Webinar registration' })}
${select(
  'Campaign',
  'campaign',
  campaigns.toReversed().map((each) => [String(each.id), each.name] as const),
)}
${field('Fields beside e-mail and name', 'fields', { value: 'company, jobTitle', hint: 'API names' })}
${forms.length > 0 && select('Form in the landing page', 'form', forms)}
</div>
${checkbox('Kiosk mode: no cookie', 'kiosk', false)}`,
    html`<button>Create</button>`,
  );
}
