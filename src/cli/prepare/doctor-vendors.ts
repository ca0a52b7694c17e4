import { LivestormClient } from '../../clients/livestorm.ts';
import { PardotClient } from '../../clients/pardot.ts';
import { PardotCustomFields } from '../../clients/pardot-custom-fields.ts';
import { SalesforceSetupClient } from '../../clients/salesforce-setup.ts';
import type { Clock } from '../../clock.ts';
import { type Connections, createConnections, createDispatcher } from '../../composition.ts';
import type { Config } from '../../config/config.ts';
import { checkReading, tellAccount } from '../../doctor/account-engagement.ts';
import { type Finding, ok, refused } from '../../doctor/finding.ts';
import { checkLivestorm } from '../../doctor/livestorm.ts';
import { tellParks } from '../../doctor/parks.ts';
import { tellSetup } from '../../doctor/setup-findings.ts';
import { type Call, VENDORS, type Vendor } from '../../domain.ts';
import { AlreadyRunningError, StateError, VendorError } from '../../errors.ts';
import { readFacts } from '../../setup/facts.ts';
import { wantedSetup } from '../../setup/wanted.ts';
import { Database } from '../../store/database.ts';
import { openStoreCopy, Store } from '../../store/store.ts';
import { openVendorState } from '../vendor-state.ts';
import { witnessed } from './answer-witness.ts';
import { Answers } from './doctor-answers.ts';

export interface VendorReport {
  readonly findings: readonly Finding[];
  /** Answered calls. */
  readonly calls: Readonly<Record<Vendor, number>>;
}

/** One pass over the vendors that writes nothing; each call counts at the vendor and is seen by nobody else. */
export async function checkVendors(config: Config, clock: Clock, signal: AbortSignal): Promise<VendorReport> {
  using state = openState(config);
  const answers = new Answers(config);
  const network = createDispatcher();
  const dispatcher = witnessed(network, clock, (answer) => answers.add(answer));
  const parks = VENDORS.flatMap((vendor) => tellParks(vendor, state.store.loadGovernor(vendor), clock.now()));
  // A person asks, once: that the daemon was refused lately does not keep doctor from finding out why.
  state.store.meta.keepTokensInVain([]);
  const connections = createConnections({ config, store: state.store, clock, dispatcher });
  // Whoever runs this has just put something right: what the daemon ran into does not count.
  for (const { governor } of [connections.livestorm, connections.pardot, connections.salesforce]) {
    governor.unpark('auth');
    governor.unpark('allowance');
  }
  // As the most important work: few calls, and an answer while the budget is low.
  const call: Call = { work: 'registrations', signal };
  try {
    const client = new LivestormClient(connections.livestorm);
    const findings = await checkLivestorm({ client, config, nowMs: clock.now() }, call);
    const others = state.isDaemonRunning
      ? [BESIDE_DAEMON]
      : await checkSalesforce(config, connections, clock, call);
    return {
      findings: [...answers.clock(), ...parks, ...findings, ...others, ...answers.quota()],
      calls: answers.calls(),
    };
  } finally {
    await network.close();
  }
}

/** Salesforce and, with the same token, Account Engagement. */
async function checkSalesforce(
  config: Config,
  connections: Connections,
  clock: Clock,
  call: Call,
): Promise<Finding[]> {
  const login = await checkLogin(connections, call);
  if (login.level !== 'ok') return [login];
  const pardot = new PardotClient(connections.pardot);
  const clients = {
    pardot,
    customFields: new PardotCustomFields(connections.pardot),
    salesforce: new SalesforceSetupClient(connections.salesforce),
  };
  const wanted = wantedSetup(config);
  const facts = await readFacts(clients, { externalActivities: wanted.externalActivities }, call);
  const { salesforce, fields } = tellSetup(facts, wanted);
  const reading =
    'error' in facts.account ? [] : await checkReading({ client: pardot, nowMs: clock.now() }, call);
  return [login, ...salesforce, tellAccount(facts.account), ...reading, ...fields];
}

async function checkLogin({ salesforce }: Connections, call: Call): Promise<Finding> {
  try {
    const { instanceUrl } = await salesforce.tokens.login(call);
    return ok('salesforce', 'Login', `works; the org is at ${instanceUrl}`);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    const why =
      'Neither Salesforce nor Account Engagement can be used: no campaign, no submission, no prospect.';
    return refused('salesforce', 'Login', error, why);
  }
}

const BESIDE_DAEMON: Finding = {
  area: 'salesforce',
  level: 'warning',
  what: 'Login',
  found: 'not tried beside the running daemon',
  why: 'Salesforce may replace the refresh token at its use; two that use it would lock each other out.',
  fix: 'Stop the daemon, run doctor, start it again; or log in with auth: jwt.',
};

interface State extends Disposable {
  readonly store: Store;
  /** Then the refresh token is the daemon's alone. */
  readonly isDaemonRunning: boolean;
}

/** What is wrong with the state itself is told elsewhere: then an empty one will do. */
function openState(config: Config): State {
  try {
    const state = openVendorState(config);
    return { store: state.store, isDaemonRunning: false, [Symbol.dispose]: () => state[Symbol.dispose]() };
  } catch (error) {
    if (error instanceof AlreadyRunningError) return closing(openStoreCopy(config.stateDir), true);
    if (error instanceof StateError) return closing(new Store(Database.openCopy('')), false);
    throw error;
  }
}

function closing(store: Store, isDaemonRunning: boolean): State {
  return { store, isDaemonRunning, [Symbol.dispose]: () => store[Symbol.dispose]() };
}
