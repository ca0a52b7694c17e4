import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Secret } from '../../src/config/secret.ts';
import type { KeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Settings } from './settings.ts';

let loaded: Promise<Config> | undefined;

/** The configuration that a sandbox writes, read once for all seeds of a process, with what this world has of its own. */
export async function configurationFor(
  sandbox: Sandbox,
  keys: KeyPair,
  settings: Settings,
  stateDir: string,
): Promise<Config> {
  loaded ??= load(keys);
  const base = await loaded;
  const { features } = settings;
  return {
    ...base,
    stateDir,
    pardot: { ...base.pardot, concurrency: settings.concurrency },
    salesforce: { ...base.salesforce, auth: authOf(base, sandbox, settings) },
    lists: { removeUnregistered: settings.removeUnregistered },
    bulk: { pardotImportFrom: features.has('imports') ? 2 : 0, livestormJobs: features.has('jobs') },
    safety: { ...base.safety, recycleBin: settings.recycleBin, deniedDomains: settings.deniedDomains },
  };
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
