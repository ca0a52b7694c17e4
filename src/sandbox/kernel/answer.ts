import type { SandboxClock } from './clock.ts';
import type { Exchange, Reply, VendorService } from './exchange.ts';
import type { FaultRule, Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';

/** What becomes of one request on the way back, before it is known how it travels. */
export type Played =
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** Head and half of the body; then the connection is cut, or nothing more comes. */
  | { readonly kind: 'half'; readonly reply: Reply; readonly cut: boolean }
  | { readonly kind: 'silence' }
  | { readonly kind: 'reset' };

export interface AnswerParts {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** Lets the vendor answer one request, or the fault that is armed for it, and keeps it in the log. */
export function answer(parts: AnswerParts, service: VendorService, exchange: Exchange): Played {
  const { clock, faults, log } = parts;
  const handle = (): Reply => dated(service.handle(exchange), clock);
  const fault = faults.take(service.name, `${exchange.method} ${exchange.path}`);
  const played: Played = fault ? play(fault, handle) : { kind: 'reply', reply: handle() };
  log.add({
    atMs: clock.now(),
    vendor: service.name,
    method: exchange.method,
    path: exchange.path,
    query: exchange.query.toString(),
    status: 'reply' in played ? played.reply.status : 0,
    fault: fault?.kind,
  });
  return played;
}

/** The page that a vendor shows instead of an answer of its API. */
export function htmlPage(status: number, title: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}

function dated(reply: Reply, clock: SandboxClock): Reply {
  return { ...reply, headers: { date: new Date(clock.now()).toUTCString(), ...reply.headers } };
}

function play(fault: FaultRule, handle: () => Reply): Played {
  switch (fault.kind) {
    case 'reset_before':
      return { kind: 'reset' };
    case 'reset_after':
      handle();
      return { kind: 'reset' };
    case 'stall_before':
      return { kind: 'silence' };
    case 'stall_after':
      handle();
      return { kind: 'silence' };
    case 'cut_body':
    case 'stall_body':
      return { kind: 'half', reply: withBody(handle()), cut: fault.kind === 'cut_body' };
    case 'html_500_after':
      handle();
      return { kind: 'reply', reply: htmlPage(500, 'Internal Server Error') };
    case 'html_500_before':
      return { kind: 'reply', reply: htmlPage(500, 'Internal Server Error') };
    case 'html_503':
      return { kind: 'reply', reply: htmlPage(503, 'Service Unavailable') };
    case 'empty_body':
      return { kind: 'reply', reply: { ...handle(), body: '' } };
    case 'redirect': {
      const headers = { location: 'http://127.0.0.1:9/elsewhere' };
      return { kind: 'reply', reply: { status: 302, headers, body: '' } };
    }
    case 'status': {
      const { status, headers = {}, body = '' } = fault.reply ?? { status: 500 };
      return { kind: 'reply', reply: { status, headers, body } };
    }
  }
}

/** An answer that has a half: one without a body gets one. */
function withBody(reply: Reply): Reply {
  return {
    ...reply,
    status: reply.status === 204 ? 200 : reply.status,
    body: reply.body.length > 1 ? reply.body : '{"data":[]}',
  };
}
