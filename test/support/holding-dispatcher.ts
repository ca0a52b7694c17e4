import type { Dispatcher } from 'undici';
import type { VirtualClock } from './virtual-clock.ts';

/** Virtual time stands still while a request is under way: answers arrive in the moment they were asked for. */
export function holdingTime(dispatcher: Dispatcher, clock: VirtualClock): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const release = clock.hold();
    return dispatch(options, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => {
        release();
        handler.onResponseEnd?.(...args);
      },
      onResponseError: (...args) => {
        release();
        handler.onResponseError?.(...args);
      },
    });
  });
}
