import type { Campaign } from './rows.ts';
import type { PardotState, SalesforceCampaignView } from './state.ts';

const MIN_DELAY_MS = 120_000;
const MAX_DELAY_MS = 600_000;

/**
 * The connector: brings Salesforce campaigns over, each with a delay of its own, and later their renames and
 * deletions with the same delay. Evaluated lazily, as of the instant at which each thing was due. pardot.md §3.5.
 */
export class CampaignMirrors {
  readonly #state: PardotState;
  readonly #delays = new Map<string, number>();
  /** Campaigns that something kept back when they were due; they come when it is lifted, not in hindsight. */
  readonly #heldBack = new Set<string>();

  constructor(state: PardotState) {
    this.#state = state;
  }

  /** Applies whatever is due by now. */
  refresh(): void {
    if (!this.#state.switches.connectedCampaigns) return;
    const sources = this.#state.salesforceCampaigns();
    if (sources.length === 0) return;
    const mirrors = new Map(
      this.#state.campaigns.rows().map((row) => [salesforceKey(row.salesforceId ?? ''), row]),
    );
    for (const source of sources) {
      const mirror = mirrors.get(salesforceKey(source.id));
      if (mirror) this.#follow(source, mirror);
      else if (!source.isDeleted) this.#bringOver(source);
    }
  }

  #bringOver(source: SalesforceCampaignView): void {
    const atMs = this.#appliedAt(source, source.createdAtMs);
    if (atMs === undefined) return;
    const { campaigns } = this.#state;
    const content = { name: source.name, salesforceId: source.id, isDeleted: false };
    campaigns.insert({ id: campaigns.nextId(), ...this.#state.stamp(atMs), ...content }, atMs);
  }

  #follow(source: SalesforceCampaignView, mirror: Campaign): void {
    const { renamesPropagate, mirrorDeletion } = this.#state.switches;
    const deleted = source.isDeleted && !mirror.isDeleted && mirrorDeletion !== 'kept';
    const renamed = renamesPropagate && !source.isDeleted && source.name !== mirror.name;
    if (!deleted && !renamed) return;
    const atMs = this.#appliedAt(source, source.updatedAtMs);
    if (atMs === undefined) return;
    const salesforceId = deleted && mirrorDeletion === 'flagged_detached' ? null : mirror.salesforceId;
    const content = { name: source.name, isDeleted: source.isDeleted, salesforceId };
    this.#state.campaigns.update(mirror.id, { ...this.#state.touch(atMs), ...content }, atMs);
  }

  /** When a change of Salesforce reaches Pardot, or undefined when it has not yet. */
  #appliedAt(source: SalesforceCampaignView, changedAtMs: number): number | undefined {
    const now = this.#state.clock.now();
    const dueMs = changedAtMs + this.#delayOf(source.id);
    if (now < dueMs) return undefined;
    const { connectorPaused, excludedCampaigns } = this.#state.switches;
    if (connectorPaused || excludedCampaigns.some((id) => salesforceKey(id) === salesforceKey(source.id))) {
      this.#heldBack.add(source.id);
      return undefined;
    }
    return this.#heldBack.delete(source.id) ? now : dueMs;
  }

  #delayOf(id: string): number {
    const fixed = this.#state.switches.mirrorDelayMs;
    if (fixed !== null) return fixed;
    const delay = this.#delays.get(id) ?? this.#state.random.between(MIN_DELAY_MS, MAX_DELAY_MS);
    this.#delays.set(id, delay);
    return delay;
  }
}

/** The first 15 characters identify the record. */
export function salesforceKey(salesforceId: string): string {
  return salesforceId.slice(0, 15);
}
