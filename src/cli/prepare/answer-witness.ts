import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.ts';

/** One answer of the network: from where, when by our clock, and its headers (names in lower case). */
export interface WitnessedAnswer {
  readonly origin: string;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The same dispatcher, telling of every answer that passes; refused ones count as well. */
export function witnessed(
  dispatcher: Dispatcher,
  clock: Pick<Clock, 'now'>,
  tell: (answer: WitnessedAnswer) => void,
): Dispatcher {
  return dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, new Witness(handler, clock, new URL(String(options.origin)).origin, tell)),
  );
}

class Witness implements Dispatcher.DispatchHandler {
  readonly #next: Dispatcher.DispatchHandler;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #origin: string;
  readonly #tell: (answer: WitnessedAnswer) => void;
  readonly #startedAtMs: number;

  constructor(
    next: Dispatcher.DispatchHandler,
    clock: Pick<Clock, 'now'>,
    origin: string,
    tell: (answer: WitnessedAnswer) => void,
  ) {
    this.#next = next;
    this.#clock = clock;
    this.#origin = origin;
    this.#tell = tell;
    this.#startedAtMs = clock.now();
  }

  onRequestStart(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestStart']>>): void {
    this.#next.onRequestStart?.(...args);
  }

  onResponseStart(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>): void {
    const headers = Object.entries(args[2]).map(([name, value]) => [name.toLowerCase(), String(value ?? '')]);
    this.#tell({
      origin: this.#origin,
      sentAtMs: this.#startedAtMs,
      answeredAtMs: this.#clock.now(),
      headers: Object.fromEntries(headers) as Record<string, string>,
    });
    this.#next.onResponseStart?.(...args);
  }

  onResponseData(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseData']>>): void {
    this.#next.onResponseData?.(...args);
  }

  onResponseEnd(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>): void {
    this.#next.onResponseEnd?.(...args);
  }

  onResponseError(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseError']>>): void {
    this.#next.onResponseError?.(...args);
  }
}
