import type { Clock } from '../clock.ts';
import { scrubber } from '../redact.ts';
import { type FailureGroup, failureGroups } from '../repair/failure-groups.ts';
import type { SessionLink } from '../store/links.ts';
import type { Store } from '../store/store.ts';
import { type DaemonSigns, type FlowState, readFlows } from './flows.ts';
import { type PauseJson, pauseJson } from './pause.ts';
import type { VendorJson } from './vendor.ts';
import { readHeld, readVendors, type StatusView } from './view.ts';

export interface FactsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly daemon: DaemonSigns;
}

/** One cause of failures, without the people. */
export type FailureCause = Omit<FailureGroup, 'failures'> & { readonly count: number };

/** What problems show in. Nothing is about a single person; read without looking at all that was ever done. */
export interface Facts {
  readonly atMs: number;
  readonly vendors: readonly VendorJson[];
  readonly flows: readonly FlowState[];
  readonly failures: readonly FailureCause[];
  readonly held: StatusView['held'];
  readonly paused: readonly PauseJson[];
  /** Session links whose campaign Account Engagement does not show yet. */
  readonly awaitingMirror: readonly SessionLink[];
  readonly stuck: readonly string[];
}

export function readFacts({ store, clock, daemon }: FactsParts): Facts {
  const nowMs = clock.now();
  const scrub = scrubber([]);
  return {
    atMs: nowMs,
    vendors: readVendors(store, nowMs),
    flows: readFlows(store, daemon, nowMs).map((flow) => ({
      ...flow,
      problem: flow.problem === null ? null : scrub(flow.problem),
    })),
    failures: failureGroups(store).map(({ failures, ...cause }) => ({ ...cause, count: failures.length })),
    held: readHeld(store),
    paused: store.pauses.all().map(pauseJson),
    awaitingMirror: store.links.awaitingMirror(),
    stuck: daemon.stuck(),
  };
}
