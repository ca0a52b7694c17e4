import type { Exchange, Reply } from '../kernel/exchange.ts';
import type { AssetKind, FormField } from '../pardot/rows.ts';
import type { AssetView, SubmissionResult } from '../pardot/world.ts';
import { ASSET_KINDS } from './assets.ts';
import { Html, html } from './html.ts';
import { notFoundReply, pageReply } from './layout.ts';
import type { World } from './world.ts';

/** The name of the tracking cookie by which Pardot knows a browser again. */
export const VISITOR_COOKIE = 'visitor_id';
const COOKIE_SECONDS = 10 * 365 * 86_400;

/** An empty form or landing page as a visitor sees it. */
export function showAsset(world: World, exchange: Exchange, kind: AssetKind, id: number): Reply {
  const asset = findAsset(world, kind, id);
  if (!asset) return notFoundReply(GONE);
  return pageReply(
    { title: asset.name, body: fillIn(asset, {}, []) },
    { headers: cookieHeader(visitorCookie(world, exchange)) },
  );
}

/** A submitted form or landing page: thanks, or the same form with what is wrong. */
export function submitAsset(world: World, exchange: Exchange, kind: AssetKind, id: number): Reply {
  const asset = findAsset(world, kind, id);
  if (!asset) return notFoundReply(GONE);
  const cookie = visitorCookie(world, exchange);
  const values = Object.fromEntries(new URLSearchParams(exchange.body.toString('utf8')));
  const result = submit(world, kind, id, values, cookie.value);
  const body = result.accepted ? THANKS : fillIn(asset, values, result.errors);
  return pageReply(
    { title: asset.name, body },
    { status: result.accepted ? 200 : 400, headers: cookieHeader(cookie) },
  );
}

/**
 * A form handler: takes urlencoded posts from other sites' forms. Answers with text, or goes to the posted
 * `success_location` or `error_location` (pardot.md §5).
 */
export function submitHandler(world: World, exchange: Exchange, id: number): Reply {
  if (!findAsset(world, 'form_handler', id)) return textReply(404, GONE);
  if (!(exchange.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    return textReply(415, 'A form handler takes application/x-www-form-urlencoded only.');
  }
  const cookie = visitorCookie(world, exchange);
  const values = Object.fromEntries(new URLSearchParams(exchange.body.toString('utf8')));
  const sent = cookie.isNew ? undefined : cookie.value;
  const result = submit(world, 'form_handler', id, values, sent);
  const location = result.accepted ? values.success_location : values.error_location;
  if (location && URL.canParse(location)) return { status: 302, headers: { location }, body: '' };
  if (result.accepted) return textReply(200, 'Thank you for your submission.');
  return textReply(400, `Please correct the following errors: ${result.errors.join('; ')}`);
}

const GONE = 'Pardot has nothing at this address.';

function findAsset(world: World, kind: AssetKind, id: number): AssetView | undefined {
  try {
    return world.pardot.asset(kind, id);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const THANKS = html`<p class="note" role="status">Thank you. Your submission has been received.</p>`;

function submit(
  world: World,
  kind: AssetKind,
  id: number,
  values: Readonly<Record<string, string>>,
  cookie: string | undefined,
): SubmissionResult {
  const options = { cookie };
  if (kind === 'form') return world.pardot.submitForm(id, values, options);
  if (kind === 'landing_page') return world.pardot.submitLandingPage(id, values, options);
  return world.pardot.submitFormHandler(id, values, options);
}

function fillIn(asset: AssetView, values: Readonly<Record<string, string>>, errors: readonly string[]): Html {
  const list = html`<div class="note bad" role="alert"><ul>${errors.map((error) => html`<li>${error}</li>`)}</ul></div>`;
  return html`${errors.length > 0 && list}
<form class="card" method="post" action="${ASSET_KINDS[asset.kind].path}/${asset.id}" novalidate>
<div class="fields">${asset.fields.map((field) => question(field, values[field.name] ?? ''))}</div>
<button>Submit</button></form>`;
}

function question(field: FormField, value: string): Html {
  const type = field.name === 'email' ? 'email' : 'text';
  const required = field.required && new Html(' aria-required="true"');
  return html`<label>${field.label}${field.required && html` <span class="hint">required</span>`}
<input name="${field.name}" type="${type}" value="${value}"${required}></label>`;
}

interface VisitorCookie {
  readonly value: string;
  readonly isNew: boolean;
}

function visitorCookie(world: World, exchange: Exchange): VisitorCookie {
  const pairs = (exchange.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const sent = pairs.find(([name]) => name === VISITOR_COOKIE)?.[1];
  return sent ? { value: sent, isNew: false } : { value: world.random.uuid(), isNew: true };
}

function cookieHeader({ value }: VisitorCookie): Record<string, string> {
  return {
    'set-cookie': `${VISITOR_COOKIE}=${value}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax`,
  };
}

function textReply(status: number, text: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text };
}
