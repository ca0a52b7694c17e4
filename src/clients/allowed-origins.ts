import type { Dispatcher } from 'undici';

/** The code of the error that a request elsewhere ends with. */
export const FOREIGN_ORIGIN = 'FOREIGN_ORIGIN';

/**
 * The same dispatcher, for the allowed origins alone: a request elsewhere is not sent and ends with an error of code
 * `FOREIGN_ORIGIN`. Clients do not make such requests; should one ever do so, no token leaves with it.
 */
export function onlyTo(dispatcher: Dispatcher, isAllowed: (origin: URL) => boolean): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const origin = String(options.origin);
    if (!URL.canParse(origin) || !isAllowed(new URL(origin))) throw foreign(origin);
    return dispatch(options, handler);
  });
}

function foreign(origin: string): Error {
  return Object.assign(new Error(`nothing is sent to ${origin}: it is not configured`), {
    code: FOREIGN_ORIGIN,
  });
}
