import { PardotClient } from '../../clients/pardot.ts';
import { PardotCustomFields } from '../../clients/pardot-custom-fields.ts';
import { SalesforceSetupClient } from '../../clients/salesforce-setup.ts';
import { systemClock } from '../../clock.ts';
import { type Connections, createConnections, createDispatcher } from '../../composition.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import type { Call } from '../../domain.ts';
import { applySetup, notApplied } from '../../setup/apply.ts';
import { readFacts, type SetupClients } from '../../setup/facts.ts';
import { planSetup } from '../../setup/plan.ts';
import { type Verdict, verdictOf } from '../../setup/verdict.ts';
import { wantedSetup } from '../../setup/wanted.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { openVendorState } from '../vendor-state.ts';
import { renderSetup, type SetupView, setupJson } from './setup-view.ts';

export interface SetupOptions {
  readonly config: string;
  /** Create what is missing, where an API can. */
  readonly apply: boolean;
  readonly json: boolean;
  /** Id of the marketing app extension, for orgs whose queries do not find it. */
  readonly extensionId?: string | undefined;
}

const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  complete: EXIT.ok,
  incomplete: EXIT.partial,
  permission: EXIT.permission,
  configuration: EXIT.configuration,
};

/**
 * `setup`: what Salesforce and Account Engagement lack for this configuration, as a plan; with `apply` creates what
 * their APIs allow, and may be repeated. Returns the exit code: 0 all is there, 3 something is left to do, 77 a
 * permission is missing, 78 the configuration names something unsuitable. Rejects with `ConfigError`, and with
 * `AlreadyRunningError` when it would have to share a refresh token with a running daemon.
 */
export async function setupCommand(options: SetupOptions, terminal: Terminal): Promise<number> {
  const config = await loadConfig(options.config, terminal.env);
  using state = openVendorState(config);
  const dispatcher = createDispatcher();
  const connections = createConnections({ config, store: state.store, clock: systemClock, dispatcher });
  const abort = new AbortController();
  terminal.onSignal((signal) => {
    if (signal === 'stop') abort.abort(new Error('told to stop'));
  });
  try {
    const view = await setUp(config, connections, options, { work: 'discovery', signal: abort.signal });
    terminal.write(options.json ? `${JSON.stringify(setupJson(view), null, 2)}\n` : renderSetup(view));
    return EXIT_CODES[verdictOf(view.steps)];
  } finally {
    await dispatcher.close();
  }
}

/** Rejects with a `VendorError` when not even a token can be had. */
async function setUp(
  config: Config,
  connections: Connections,
  options: SetupOptions,
  call: Call,
): Promise<SetupView> {
  const { pardot, salesforce } = connections;
  // Whoever runs this has just put something right: what the daemon ran into does not count.
  for (const { governor } of [pardot, salesforce]) governor.unpark('auth');
  await salesforce.tokens.login(call);
  const clients: SetupClients = {
    pardot: new PardotClient(pardot),
    customFields: new PardotCustomFields(pardot),
    salesforce: new SalesforceSetupClient(salesforce),
  };
  const wanted = wantedSetup(config);
  const { extensionId } = options;
  const facts = await readFacts(
    clients,
    { externalActivities: wanted.externalActivities, extensionId },
    call,
  );
  const plan = planSetup(facts, wanted);
  const steps = options.apply ? await applySetup(plan, clients, call) : notApplied(plan);
  return { steps, applied: options.apply };
}
