import type { Vendor } from '../../src/domain.ts';
import type { GovernorState, SavedGovernor } from '../../src/governor/state.ts';

/** Keeps what governors save, as JSON like the store does. */
export class MemoryState implements GovernorState {
  saves = 0;
  readonly #saved = new Map<Vendor, string>();

  load(vendor: Vendor): SavedGovernor | undefined {
    const json = this.#saved.get(vendor);
    return json === undefined ? undefined : JSON.parse(json);
  }

  save(vendor: Vendor, saved: SavedGovernor): void {
    this.saves++;
    this.#saved.set(vendor, JSON.stringify(saved));
  }
}
