import type { Watched } from './overview.ts';

/** The answer of a check: 200 when fine, 503 when not. */
export interface Health {
  readonly isFine: boolean;
  readonly body: object;
}

/** Whether the process goes on; what it works on may still be in trouble. Reads nothing but memory. */
export function healthOf(stuck: readonly string[]): Health {
  return { isFine: stuck.length === 0, body: { status: stuck.length === 0 ? 'ok' : 'stuck', jobs: stuck } };
}

const NOT_READY = new Set(['job_stuck', 'auth', 'flow_lag']);

/**
 * Whether it does its work: the state can be read, no credentials are refused, and no flow lags. Problems are named by
 * kind and subject.
 */
export function readinessOf(read: () => Watched): Health {
  try {
    const problems = read().problems.filter(({ kind }) => NOT_READY.has(kind));
    const named = problems.map(({ kind, subject }) => ({ problem: kind, of: subject }));
    return {
      isFine: named.length === 0,
      body: { status: named.length === 0 ? 'ready' : 'not ready', problems: named },
    };
  } catch {
    return { isFine: false, body: { status: 'not ready', problems: [{ problem: 'state', of: '' }] } };
  }
}
