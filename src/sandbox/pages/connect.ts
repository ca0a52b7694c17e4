import { configYaml } from '../config-file.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';
import { actionButton, card, definitions } from './parts.ts';
import type { World } from './world.ts';

/** Base URLs, credentials and a configuration to copy. */
export function connectPage(world: World, note: string | undefined): Page {
  const connection = world.connection();
  const { urls, credentials } = connection;
  const code = (text: string) => html`<code>${text}</code>`;
  return {
    title: 'Connect',
    section: '/connect',
    note,
    lead: 'Any client can be pointed here. The credentials are valid for this sandbox only and end with it.',
    body: html`<div class="grid">
${card(
  'Livestorm',
  definitions([
    ['Base URL', code(urls.livestorm)],
    ['API token', code(credentials.livestorm.apiToken)],
  ]),
)}
${card(
  'Account Engagement (Pardot)',
  definitions([
    ['Base URL', code(urls.pardot)],
    ['Business unit id', code(credentials.pardot.businessUnitId)],
    ['Token', 'the one from Salesforce'],
  ]),
)}
</div>
${card(
  'Salesforce',
  html`${definitions([
    ['Login URL', code(urls.salesforce)],
    ['Client id', code(credentials.salesforce.clientId)],
    ['Client secret', code(credentials.salesforce.clientSecret)],
    ['Username', code(credentials.salesforce.username)],
    ['Refresh token', code(credentials.salesforce.refreshToken)],
    ['Token requests so far', world.salesforce.tokenRequests],
  ])}
<details><summary>Private key</summary><pre tabindex="0">${credentials.salesforce.privateKeyPem}</pre></details>
${actionButton('End all sessions of the API user', '/salesforce/revoke', {}, 'danger')}`,
)}
${card('Configuration of the daemon', html`<pre tabindex="0">${configYaml(connection)}</pre>`)}`,
  };
}
