import type { Dispatcher } from 'undici';

/** The same dispatcher, which tells when a request leaves: not before there is a connection for it. */
export function announcing(dispatcher: Dispatcher, onSent: () => void): Dispatcher {
  return dispatcher.compose(
    (dispatch) => (options, handler) => dispatch(options, new Announcing(handler, onSent)),
  );
}

type Handler = Dispatcher.DispatchHandler;
type Heard<Name extends keyof Handler> = Parameters<NonNullable<Handler[Name]>>;

class Announcing implements Handler {
  readonly #next: Handler;
  readonly #onSent: () => void;

  constructor(next: Handler, onSent: () => void) {
    this.#next = next;
    this.#onSent = onSent;
  }

  onRequestStart(...heard: Heard<'onRequestStart'>): void {
    this.#onSent();
    this.#next.onRequestStart?.(...heard);
  }

  onResponseStart(...heard: Heard<'onResponseStart'>): void {
    this.#next.onResponseStart?.(...heard);
  }

  onResponseData(...heard: Heard<'onResponseData'>): void {
    this.#next.onResponseData?.(...heard);
  }

  onResponseEnd(...heard: Heard<'onResponseEnd'>): void {
    this.#next.onResponseEnd?.(...heard);
  }

  onResponseError(...heard: Heard<'onResponseError'>): void {
    this.#next.onResponseError?.(...heard);
  }
}
