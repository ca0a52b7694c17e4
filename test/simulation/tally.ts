import type { Vendor } from './endpoints.ts';
import { CELLS, nameOf } from './fault-kinds.ts';
import type { SeedResult } from './seed.ts';

interface CellTally {
  hit: number;
  /** Hits in worlds that came to their right end nevertheless. */
  recovered: number;
}

export interface EndpointTally {
  readonly vendor: Vendor;
  readonly endpoint: string;
  readonly kinds: number;
  readonly hit: number;
  readonly recovered: number;
  /** Kinds of which none was hit and recovered from. */
  readonly missing: number;
}

/** The sum of all seeds: failures, and the table of faults. */
export class Tally {
  readonly failures: SeedResult[] = [];
  readonly cells = new Map<string, CellTally>(CELLS.map((cell) => [nameOf(cell), { hit: 0, recovered: 0 }]));
  seeds = 0;
  requests = 0;
  kills = 0;

  add(result: SeedResult): void {
    this.seeds++;
    this.requests += result.requests;
    this.kills += result.kills;
    if (result.violations.length > 0) this.failures.push(result);
    for (const [name, hits] of Object.entries(result.hits)) {
      const cell = this.cells.get(name);
      if (!cell) throw new Error(`${name} is not in the table`);
      cell.hit += hits;
      if (result.violations.length === 0) cell.recovered += hits;
    }
  }

  get faults(): number {
    return [...this.cells.values()].reduce((sum, { hit }) => sum + hit, 0);
  }

  /** Fields of the table in which nothing was hit, or nothing recovered. */
  missing(): string[] {
    return [...this.cells].filter(([, { recovered }]) => recovered === 0).map(([name]) => name);
  }

  /** Per endpoint: kinds, hits and hits recovered from. */
  byEndpoint(): EndpointTally[] {
    return [...Map.groupBy(CELLS, ({ endpoint }) => endpoint)].map(([{ vendor, label }, cells]) => {
      const tallies = cells.map((cell) => this.cells.get(nameOf(cell)) ?? { hit: 0, recovered: 0 });
      return {
        vendor,
        endpoint: label,
        kinds: cells.length,
        hit: tallies.reduce((sum, { hit }) => sum + hit, 0),
        recovered: tallies.reduce((sum, { recovered }) => sum + recovered, 0),
        missing: tallies.filter(({ recovered }) => recovered === 0).length,
      };
    });
  }
}
