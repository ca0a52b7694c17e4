import { createHash } from 'node:crypto';
import { Html, html, type Part } from '../html.ts';
import type { Reply } from '../server.ts';
import { STYLE } from './style.ts';

/** Who looks on: nobody can log in, nobody has yet, or somebody who knows the token. */
export type Visitor = 'without_token' | 'unknown' | 'known';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
/** The one style sheet by its hash, forms to ourselves, and nothing else: no script, no image, no other host. */
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

export interface Page {
  readonly title: string;
  readonly lead: Part;
  readonly body: Part;
  /** Links to sections of the page: id and name. */
  readonly sections?: readonly (readonly [string, string])[];
  /** Seconds after which the browser asks anew. */
  readonly refresh?: number;
}

export function pageReply(page: Page, status = 200): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
    body: `<!doctype html>\n${document(page).text}`,
  };
}

/** A page of a few words. */
export function wordsPage(status: number, title: string, words: string): Reply {
  const body = html`<p><a href="/">Back to the status</a></p>`;
  return pageReply({ title, lead: words, body }, status);
}

function document({ title, lead, body, sections = [], refresh }: Page): Html {
  const links = sections.map(([id, name]) => html`<a href="#${id}">${name}</a>`);
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh !== undefined && html`<meta http-equiv="refresh" content="${refresh}">`}
<title>${title} · livestorm-pardot</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><strong>livestorm-pardot</strong>${links.length > 0 && html`<nav aria-label="Sections">${links}</nav>`}</header>
<main id="content" tabindex="-1">
<h1>${title}</h1>
<p class="lead">${lead}</p>
${body}
</main>
</body>
</html>
`;
}

/** A part of the page with a heading. */
export function section(id: string, title: string, body: Part): Html {
  return html`<section class="card" id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`;
}

export interface Table {
  readonly caption: string;
  readonly heads: readonly string[];
  /** The first cell names the row. */
  readonly rows: readonly (readonly Part[])[];
}

/** On narrow screens every cell stands under the name of its column; the roles are told there as well. */
export function table({ caption, heads, rows }: Table): Html {
  const [first, ...others] = heads;
  const head = (name: string): Html => html`<th scope="col" role="columnheader">${name}</th>`;
  const cell = (part: Part, index: number): Html =>
    html`<td role="cell" data-label="${others[index] ?? ''}"><div>${part}</div></td>`;
  const body = rows.map(
    ([
      name,
      ...cells
    ]) => html`<tr role="row"><th scope="row" role="rowheader">${name ?? ''}</th>${cells.map(cell)}</tr>
`,
  );
  return html`<table role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head(first ?? '')}${others.map(head)}</tr></thead>
<tbody role="rowgroup">${body}</tbody></table>`;
}

export function tag(text: string, kind: 'good' | 'warn' | 'bad' | 'off'): Html {
  return html`<span class="tag ${kind}">${text}</span>`;
}

/** A part of a whole as a bar; the number stands beside it, so it is not read out. */
export function bar(part: number, whole: number, kind: 'full' | 'hot' = 'full'): Html {
  const width = whole > 0 ? Math.min(100, Math.round((part / whole) * 100)) : 0;
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="empty" width="100" height="8"/><rect class="${kind}" width="${width}" height="8"/></svg>`;
}
