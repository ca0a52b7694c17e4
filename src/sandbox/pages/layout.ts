import type { Reply } from '../kernel/exchange.ts';
import { type Content, Html, html } from './html.ts';
import { STYLE } from './style.ts';

const NAVIGATION = [
  ['/', 'Sessions'],
  ['/assets', 'Forms'],
  ['/prospects', 'Prospects'],
  ['/switches', 'Switches'],
  ['/faults', 'Faults'],
  ['/requests', 'Requests'],
  ['/connect', 'Connect'],
] as const;

/** Styles are inline; nothing else may be loaded, run or framed. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

export interface Page {
  readonly title: string;
  /** The entry of the navigation this page belongs to; without, the page shows no navigation (public pages). */
  readonly section?: (typeof NAVIGATION)[number][0];
  readonly lead?: Content;
  /** What the last action did. */
  readonly note?: string | undefined;
  readonly body: Content;
}

/** A whole document around a page. */
export function pageReply(
  page: Page,
  options: { status?: number; headers?: Record<string, string> } = {},
): Reply {
  return {
    status: options.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      ...options.headers,
    },
    body: document(page).text,
  };
}

/** Back to a page after an action, which tells there what was done (POST, redirect, GET). */
export function seeOther(path: string, note?: string): Reply {
  const location = note === undefined ? path : `${path}?note=${encodeURIComponent(note)}`;
  return { status: 303, headers: { location }, body: '' };
}

export function notFoundReply(what: string): Reply {
  const body = html`<p><a href="/">Back to the sessions</a></p>`;
  return pageReply({ title: 'Not found', section: '/', lead: what, body }, { status: 404 });
}

function document(page: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · Sandbox</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${page.section && header(page.section)}
<main id="content"${page.section ? null : new Html(' class="narrow"')}>
${page.note && html`<p class="note" role="status">${page.note}</p>`}
<h1>${page.title}</h1>
<div class="lead">${page.lead}</div>
${page.body}
</main>
</body>
</html>
`;
}

function header(current: string): Html {
  const links = NAVIGATION.map(
    ([path, title]) =>
      html`<a href="${path}"${path === current && new Html(' aria-current="page"')}>${title}</a>`,
  );
  return html`<header class="bar"><div><strong>Sandbox</strong><nav aria-label="Pages">${links}</nav></div></header>`;
}
