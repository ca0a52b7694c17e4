import { type Content, Html, html } from './html.ts';

/** Pieces that several pages are made of. */

export function card(title: string, body: Content): Html {
  return html`<section class="card"><h2>${title}</h2>${body}</section>`;
}

/** A table that scrolls sideways where it does not fit. `columns` names them; rows hold one content per column. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Content[])[],
  empty = 'Nothing yet.',
): Html {
  if (rows.length === 0) return html`<p class="quiet">${empty}</p>`;
  const head = columns.map((column) => html`<th scope="col">${column}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((cell, index) => html`<td data-label="${columns[index]}"><div>${cell}</div></td>`)}</tr>`,
  );
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export function definitions(entries: readonly (readonly [string, Content])[]): Html {
  return html`<dl>${entries.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`;
}

export interface FieldOptions {
  readonly value?: string | undefined;
  readonly type?: string;
  readonly required?: boolean;
  readonly hint?: string;
}

/** A labelled input. */
export function field(label: string, name: string, options: FieldOptions = {}): Html {
  const required = options.required === true && new Html(' required');
  const hint = options.hint && html` <span class="hint">${options.hint}</span>`;
  return html`<label>${label}${hint}
<input name="${name}" type="${options.type ?? 'text'}" value="${options.value}"${required}></label>`;
}

/** A labelled choice; options are [value, text]. */
export function select(
  label: string,
  name: string,
  options: readonly (readonly [string, string])[],
  chosen?: string,
): Html {
  const choices = options.map(
    ([value, text]) =>
      html`<option value="${value}"${value === chosen && new Html(' selected')}>${text}</option>`,
  );
  return html`<label>${label}<select name="${name}">${choices}</select></label>`;
}

export function checkbox(label: string, name: string, checked: boolean): Html {
  return html`<label class="check"><input type="checkbox" name="${name}"${checked && new Html(' checked')}> ${label}</label>`;
}

/** A form that posts to `action`. */
export function form(action: string, body: Content, button: Content): Html {
  return html`<form method="post" action="${action}"><div class="fields">${body}</div>${button}</form>`;
}

/** One button that posts hidden values. */
export function actionButton(
  text: string,
  action: string,
  values: Readonly<Record<string, string>> = {},
  kind: 'second' | 'danger' = 'second',
): Html {
  const hidden = Object.entries(values).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${action}">${hidden}<button class="${kind} tiny">${text}</button></form>`;
}

export function tag(text: string, kind: '' | 'good' | 'bad' | 'warn' | 'off' = ''): Html {
  return html`<span class="tag ${kind}">${text}</span>`;
}

/** `2026-03-01 14:00 UTC` */
export function instant(epochMs: number | null | undefined): Html {
  if (epochMs === null || epochMs === undefined) return NONE;
  const iso = new Date(epochMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

/** As `instant`, to the second. */
export function moment(epochMs: number): Html {
  const iso = new Date(epochMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(11, 19)}</time>`;
}

/** `1 message`, `2 messages` */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

export const NONE: Html = html`<span class="quiet">–</span>`;
