import type { Connection } from '../config-file.ts';
import type { Random } from '../kernel/clock.ts';
import type { Faults } from '../kernel/faults.ts';
import type { RequestLog } from '../kernel/request-log.ts';
import type { LivestormSwitches } from '../livestorm/switches.ts';
import type { LivestormWorld } from '../livestorm/world.ts';
import type { PardotSwitches } from '../pardot/switches.ts';
import type { PardotWorld } from '../pardot/world.ts';
import type { SalesforceSwitches } from '../salesforce/switches.ts';
import type { SalesforceWorld } from '../salesforce/world.ts';

/** All that the pages show and change. */
export interface World {
  readonly livestorm: LivestormWorld;
  readonly pardot: PardotWorld;
  readonly salesforce: SalesforceWorld;
  readonly switches: {
    readonly livestorm: LivestormSwitches;
    readonly pardot: PardotSwitches;
    readonly salesforce: SalesforceSwitches;
  };
  readonly faults: Faults;
  readonly log: RequestLog;
  /** For the visitors' cookies. */
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Known after listening. */
  readonly connection: () => Connection;
}
