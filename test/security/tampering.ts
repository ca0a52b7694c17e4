import type { Exchange, Reply, VendorService } from '../../src/sandbox/kernel/exchange.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

export type VendorName = 'livestorm' | 'pardot' | 'salesforce';

/** Sees every request to a vendor and the answer it would get; gives the answer back, or another one. */
export type Tamper = (vendor: VendorName, exchange: Exchange, answer: () => Reply) => Reply;

/** Puts somebody between the three vendors and the network. */
export function tamperWith(sandbox: Sandbox, tamper: Tamper): void {
  for (const vendor of ['livestorm', 'pardot', 'salesforce'] as const) {
    const service: VendorService = sandbox[vendor];
    const handle = service.handle.bind(service);
    Object.assign(service, {
      handle: (exchange: Exchange) => tamper(vendor, exchange, () => handle(exchange)),
    });
  }
}
