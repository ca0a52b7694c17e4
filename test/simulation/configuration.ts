import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Secret } from '../../src/config/secret.ts';
import type { KeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Choices } from './choices.ts';
import type { Settings } from './settings.ts';
import type { LinkByHand } from './stage.ts';

let loaded: Promise<Config> | undefined;

export interface WorldParts {
  readonly sandbox: Sandbox;
  readonly keys: KeyPair;
  readonly settings: Settings;
  readonly stateDir: string;
  readonly byHand: LinkByHand | undefined;
}

/** The configuration that a sandbox writes, read once for all seeds of a process, with what this world has of its own. */
export async function configurationFor(world: WorldParts, choices: Choices): Promise<Config> {
  loaded ??= load(world.keys);
  const base = await loaded;
  const { sandbox, settings, stateDir, byHand } = world;
  const { recycleBin, deniedDomains, burst, formRegistrations, externalActivities } = choices;
  const burstHold = burst > 0 ? { submissions: burst, minutes: 10 } : base.safety.burstHold;
  return {
    ...base,
    stateDir,
    livestorm: { ...base.livestorm, monthlyBudget: choices.monthlyBudget },
    pardot: { ...base.pardot, concurrency: settings.concurrency, dailyBudget: choices.dailyBudget },
    salesforce: { ...base.salesforce, auth: authOf(base, sandbox, settings) },
    flows: { ...base.flows, formRegistrations, externalActivities },
    links: { ...base.links, existing: byHand ? [existingLink(byHand)] : [] },
    lists: { removeUnregistered: choices.removeUnregistered },
    bulk: { pardotImportFrom: choices.importFrom, livestormJobs: choices.livestormJobs },
    safety: { ...base.safety, recycleBin, deniedDomains, burstHold },
  };
}

function existingLink({ eventId, campaignId, listId }: LinkByHand): Config['links']['existing'][number] {
  return { session: null, event: eventId, pardotCampaign: campaignId, list: listId };
}

async function load(keys: KeyPair): Promise<Config> {
  const folder = mkdtempSync(join(tmpdir(), 'livestorm-pardot-simulation-'));
  try {
    return await loadConfig(await Sandbox.create({ keys }).writeConfig(folder), {});
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function authOf(base: Config, { credentials }: Sandbox, { auth }: Settings): Config['salesforce']['auth'] {
  const { clientId, clientSecret, refreshToken } = credentials.salesforce;
  if (auth === 'client_credentials') return { kind: auth, clientId, clientSecret: new Secret(clientSecret) };
  if (auth === 'jwt') return base.salesforce.auth;
  return {
    kind: auth,
    clientId,
    clientSecret: new Secret(clientSecret),
    refreshToken: new Secret(refreshToken),
  };
}
