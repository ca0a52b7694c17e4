import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Moment, SeenRequest } from '../support/in-process.ts';
import { endpointOf } from './endpoints.ts';
import { type Cell, nameOf } from './fault-kinds.ts';
import type { History } from './history.ts';

interface Armed {
  readonly cell: Cell;
  /** Virtual time from which it counts. */
  readonly fromMs: number;
  skip: number;
  left: number;
}

/** Lets requests go wrong as armed, and keeps what went wrong when. */
export class Injector {
  /** Cell → hits. */
  readonly hits = new Map<string, number>();
  readonly unknownEndpoints = new Set<string>();
  readonly #sandbox: Sandbox;
  readonly #history: History;
  #armed: Armed[] = [];
  /** Requests that fail once the vendor has applied them. */
  readonly #failing = new Map<number, Error>();

  constructor(sandbox: Sandbox, history: History) {
    this.#sandbox = sandbox;
    this.#history = history;
  }

  arm(armed: Armed): void {
    this.#armed.push(armed);
  }

  clear(): void {
    this.#armed = [];
  }

  /** At every moment of every request; throws what the client is to see. */
  onRequest(moment: Moment, request: SeenRequest): void {
    if (moment === 'applied') {
      const error = this.#failing.get(request.id);
      if (!error) return;
      this.#failing.delete(request.id);
      throw error;
    }
    const endpoint = endpointOf(request.vendor, request.method, request.path);
    if (!endpoint) this.unknownEndpoints.add(`${request.vendor} ${request.method} ${request.path}`);
    const armed = this.#armed.find(
      ({ cell, fromMs, left }) => cell.endpoint === endpoint && left > 0 && fromMs <= request.atMs,
    );
    if (!armed) return;
    if (armed.skip > 0) armed.skip--;
    else this.#play(armed, request);
  }

  #play(armed: Armed, request: SeenRequest): void {
    armed.left--;
    const { cell } = armed;
    const { kind, endpoint } = cell;
    this.hits.set(nameOf(cell), (this.hits.get(nameOf(cell)) ?? 0) + 1);
    this.#history.fault(request.atMs, cell);
    if (kind.play.by === 'sandbox') {
      this.#sandbox.faults.arm({ vendor: endpoint.vendor, times: 1, ...kind.play.rule });
      return;
    }
    const error = kind.play.error();
    if (kind.play.moment === 'sent') throw error;
    this.#failing.set(request.id, error);
  }
}
