import type { Exchange, Reply } from '../../src/sandbox/kernel/exchange.ts';
import type { VendorName } from './tampering.ts';

/** Everything in a request that must not be written down: what it authorises itself with, and whom it is about. */
function quotedFrom({ headers, body, query }: Exchange): { auth: string; person: string; form: string } {
  const text = body.toString('utf8');
  const person = /[^\s"=,&]+@[^\s"=,&]+/.exec(`${query.get('email') ?? ''} ${decodeForm(text)}`)?.[0] ?? '';
  return { auth: headers.authorization ?? '', person, form: text.startsWith('grant_type=') ? text : '' };
}

function decodeForm(text: string): string {
  return text.includes('"') ? text : decodeURIComponent(text.replaceAll('+', ' '));
}

const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const text = (status: number, body: string, type = 'text/plain'): Reply => ({
  status,
  headers: { 'content-type': type },
  body,
});

/** What vendors, and whoever stands before them, answer with when they quote the request in their error. */
export const ECHOES: readonly ((vendor: VendorName, exchange: Exchange) => Reply)[] = [
  (vendor, exchange) => refusal(vendor, 400, words(exchange)),
  (_, exchange) =>
    text(
      500,
      `<html><body><pre>${words(exchange)}\n at Person.find(${words(exchange)})</pre></body></html>`,
      'text/html',
    ),
  (_, exchange) =>
    text(
      502,
      `upstream failed: GET https://x.example${exchange.path}?email=${encodeURIComponent(words(exchange))}`,
    ),
  (vendor, exchange) => refusal(vendor, 422, JSON.stringify({ request: { said: words(exchange) } })),
  (_, exchange) =>
    text(500, `Error: ${words(exchange)}\n    at send (/srv/app.js:1:1)\n    at ${words(exchange)}`),
  (_, exchange) => ({
    ...text(302, ''),
    headers: { location: `https://x.example/?token=${encodeURIComponent(words(exchange))}` },
  }),
  (_, exchange) =>
    text(200, `<rsp stat="fail"><err code="1000">${words(exchange)}</err></rsp>`, 'application/xml'),
  (vendor, exchange) => refusal(vendor, 503, words(exchange).toUpperCase()),
];

function words(exchange: Exchange): string {
  const { auth, person, form } = quotedFrom(exchange);
  return `no way for ${person} with Authorization: ${auth} ${form} (${person})`;
}

/** In the form that each vendor's errors have. */
function refusal(vendor: VendorName, status: number, message: string): Reply {
  if (vendor === 'livestorm')
    return json(status, { errors: [{ title: 'bad', detail: message, code: String(status) }] });
  if (vendor === 'pardot') return json(status, { code: 1001, message });
  return json(status, [{ errorCode: 'FIELD_INTEGRITY_EXCEPTION', message, error: message }]);
}
