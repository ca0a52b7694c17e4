import { Agent, type Dispatcher } from 'undici';
import { onlyTo } from './clients/allowed-origins.ts';
import { guardJsforce } from './clients/jsforce-guard.ts';
import type { LivestormOptions } from './clients/livestorm-wire.ts';
import type { PardotOptions } from './clients/pardot-wire.ts';
import type { SalesforceAuth } from './clients/salesforce-grant.ts';
import { isTrustedInstance } from './clients/salesforce-instance.ts';
import type { SalesforceRestOptions } from './clients/salesforce-rest.ts';
import { createTokenSource } from './clients/salesforce-token.ts';
import { type Clock, DAY, SECOND } from './clock.ts';
import { type Config, vendorSecretsOf } from './config/config.ts';
import type { Vendor } from './domain.ts';
import type { Governor } from './governor/governor.ts';
import type { GovernorState } from './governor/state.ts';
import { createGovernor, type GovernorOptions } from './governor/vendor-governor.ts';
import type { Store } from './store/store.ts';

const REQUEST_TIMEOUT = 30 * SECOND;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * The network as production uses it: no proxies, no redirects, bounded waits. Nor HTTP/2, over which undici sends a
 * request again by itself when its stream is refused.
 */
export function createDispatcher(): Dispatcher {
  return new Agent({
    allowH2: false,
    connect: { timeout: 10 * SECOND },
    headersTimeout: REQUEST_TIMEOUT,
    bodyTimeout: REQUEST_TIMEOUT,
  });
}

export interface ConnectionParts {
  readonly config: Config;
  /** Keeps what governors and rotated refresh tokens must not lose. */
  readonly store: Store;
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
}

/** What clients of each vendor are made from: one governor per vendor, one token for Salesforce and Pardot. */
export interface Connections {
  readonly livestorm: LivestormOptions;
  readonly pardot: PardotOptions;
  readonly salesforce: SalesforceRestOptions;
}

/** Also ends a vendor's `auth` park when the credentials are new since the last time. Calls nobody. */
export function createConnections(parts: ConnectionParts): Connections {
  const { config, store, clock } = parts;
  const dispatcher = onlyTo(parts.dispatcher, isVendorOf(config));
  const haveNewCredentials = store.meta.haveCredentialsChanged(credentialsOf(config));
  const http = { dispatcher, clock, timeoutMs: REQUEST_TIMEOUT, maxBytes: MAX_ANSWER_BYTES };
  const governor = (vendor: Vendor, limits: GovernorOptions['limits']): Governor => {
    const state: GovernorState = {
      load: (name) => store.loadGovernor(name),
      save: (name, saved) => store.saveGovernor(name, saved),
    };
    const made = createGovernor({ vendor, clock, limits, state });
    if (haveNewCredentials) made.unpark('auth');
    return made;
  };
  if (haveNewCredentials) store.meta.keepTokensInVain([]);
  guardJsforce(dispatcher, REQUEST_TIMEOUT);
  const { apiVersion, loginUrl, instanceUrl } = config.salesforce;
  const shared = {
    apiVersion,
    clock,
    timeoutMs: REQUEST_TIMEOUT,
    governor: governor('salesforce', { concurrency: 2 }),
  };
  const tokens = createTokenSource({
    ...shared,
    auth: salesforceAuth(config, store),
    loginUrl,
    instanceUrl: instanceUrl ?? undefined,
    inVain: { load: () => store.meta.tokensInVain(), save: (atMs) => store.meta.keepTokensInVain(atMs) },
    onRefreshToken: (rotated) => store.meta.keepRefreshToken(configuredRefreshToken(config), rotated),
  });
  return {
    livestorm: {
      http,
      baseUrl: config.livestorm.baseUrl,
      token: () => config.livestorm.apiToken.reveal(),
      governor: governor('livestorm', {
        startsPerWindow: { count: 5, windowMs: 1050 },
        concurrency: 3,
        budget: { limit: config.livestorm.monthlyBudget, periodMs: 30 * DAY },
      }),
    },
    pardot: {
      http,
      baseUrl: config.pardot.baseUrl,
      businessUnitId: config.pardot.businessUnitId,
      tokens,
      governor: governor('pardot', {
        concurrency: config.pardot.concurrency,
        budget: { limit: config.pardot.dailyBudget, periodMs: DAY },
      }),
    },
    salesforce: { ...shared, tokens },
  };
}

/** The origins that the configuration names, and an instance that Salesforce names in its stead. */
export function isVendorOf({ livestorm, pardot, salesforce }: Config): (origin: URL) => boolean {
  const { loginUrl } = salesforce;
  const named = new Set([livestorm.baseUrl, pardot.baseUrl, loginUrl].map((url) => new URL(url).origin));
  const rules = { loginUrl, instanceUrl: salesforce.instanceUrl ?? undefined };
  return (url) => named.has(url.origin) || isTrustedInstance(url, rules);
}

/** Everything whose change may end a refusal of credentials. */
function credentialsOf(config: Config): string[] {
  const { livestorm, pardot, salesforce } = config;
  return [
    ...vendorSecretsOf(config),
    livestorm.baseUrl,
    pardot.baseUrl,
    pardot.businessUnitId,
    salesforce.loginUrl,
    JSON.stringify(salesforce.auth),
  ];
}

/** With the secrets themselves, and with the newest refresh token if Salesforce rotates them. */
function salesforceAuth(config: Config, store: Store): SalesforceAuth {
  const { auth } = config.salesforce;
  switch (auth.kind) {
    case 'jwt':
      return { ...auth, privateKey: auth.privateKey.reveal() };
    case 'client_credentials':
      return { ...auth, clientSecret: auth.clientSecret.reveal() };
    case 'refresh_token': {
      const configured = configuredRefreshToken(config);
      return {
        ...auth,
        clientSecret: auth.clientSecret?.reveal(),
        refreshToken: store.meta.newestRefreshToken(configured),
      };
    }
  }
}

function configuredRefreshToken({ salesforce: { auth } }: Config): string {
  return auth.kind === 'refresh_token' ? auth.refreshToken.reveal() : '';
}
