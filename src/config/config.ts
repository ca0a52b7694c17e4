import type { AttendanceValue } from '../domain.ts';
import { camelKeys } from './camel.ts';
import { type ExistingLink, readExistingLinks } from './existing-links.ts';
import { type ProspectField, readProspectFields } from './field-maps.ts';
import { type Listen, readListen } from './listen.ts';
import { present } from './present.ts';
import type { LogLevel, RawConfig, RecycleBinPolicy } from './schema.ts';
import type { Secret } from './secret.ts';

export type SalesforceAuth =
  | {
      readonly kind: 'jwt';
      readonly clientId: string;
      readonly username: string;
      /** RSA, PEM. */
      readonly privateKey: Secret;
      readonly audience: string;
    }
  | { readonly kind: 'client_credentials'; readonly clientId: string; readonly clientSecret: Secret }
  | {
      readonly kind: 'refresh_token';
      readonly clientId: string;
      readonly clientSecret: Secret | null;
      readonly refreshToken: Secret;
    };

/** The effective, checked configuration. URLs have no trailing slash. The keys are explained in `schema.ts`. */
export interface Config {
  readonly livestorm: { readonly baseUrl: string; readonly apiToken: Secret; readonly monthlyBudget: number };
  readonly pardot: {
    readonly baseUrl: string;
    readonly businessUnitId: string;
    readonly dailyBudget: number;
    readonly concurrency: number;
  };
  readonly salesforce: {
    readonly loginUrl: string;
    /** The only host for API calls; null: the one that comes with the token. */
    readonly instanceUrl: string | null;
    readonly auth: SalesforceAuth;
    readonly apiVersion: string;
    readonly campaignExternalIdField: string;
    readonly campaignRecordTypeId: string | null;
  };
  readonly flows: {
    readonly formRegistrations: boolean;
    readonly registrants: boolean;
    readonly attendance: boolean;
    readonly replays: boolean;
    readonly externalActivities: boolean;
    readonly customFields: boolean;
  };
  readonly fields: {
    /** Livestorm field id → prospect field. */
    readonly registration: ReadonlyMap<string, string>;
    /** Prospect field → the Livestorm field written into it, and whether over what is there. */
    readonly prospect: ReadonlyMap<string, ProspectField>;
    /** Prospect field → what is written into it. */
    readonly attendance: ReadonlyMap<string, AttendanceValue>;
  };
  readonly links: {
    /** Globs on event title or id; an empty `include` means all. */
    readonly events: { readonly include: readonly string[]; readonly exclude: readonly string[] };
    readonly existing: readonly ExistingLink[];
  };
  readonly lists: { readonly removeUnregistered: boolean };
  /** Cron expressions. */
  readonly polling: {
    readonly formSubmissions: string;
    readonly sessions: string;
    readonly registrants: string;
    readonly campaigns: string;
    readonly endedSessions: string;
    readonly replays: string;
  };
  readonly bulk: {
    /** People of one session; 0 means never. */
    readonly pardotImportFrom: number;
    readonly livestormJobs: boolean;
  };
  readonly safety: {
    /** Lower case; empty means all. */
    readonly allowedDomains: readonly string[];
    readonly deniedDomains: readonly string[];
    readonly lookbackMinutes: number;
    /** People through one form within `minutes`; 0 means no limit. */
    readonly burstHold: { readonly submissions: number; readonly minutes: number };
    /** People whom a change lets into one session; 0 means no limit. */
    readonly changeHold: number;
    /** People whom one backfill registers. */
    readonly backfillLimit: number;
    readonly recycleBin: RecycleBinPolicy;
  };
  readonly logging: { readonly level: LogLevel };
  readonly status: {
    /** null: no page. */
    readonly listen: Listen | null;
    /** null: nothing about people is shown. */
    readonly token: Secret | null;
    readonly heartbeatUrl: Secret | null;
    readonly alertUrl: Secret | null;
    readonly alertLagMinutes: number;
    readonly alertFailures: number;
  };
  /** Days after the end of a session; 0 means for ever. */
  readonly retention: { readonly peopleDays: number };
  readonly stateDir: string;
  /** For the admin: usable, but probably not meant so. */
  readonly warnings: readonly string[];
}

/** Every secret in it, so that whoever prints can leave them out. */
export function secretsOf(config: Config): string[] {
  const { token, heartbeatUrl, alertUrl } = config.status;
  const own = [token, heartbeatUrl, alertUrl].flatMap((secret) => secret?.reveal() ?? []);
  return [...vendorSecretsOf(config), ...own];
}

/** What the vendors know us by. */
export function vendorSecretsOf({ livestorm, salesforce: { auth } }: Config): string[] {
  const secrets: (Secret | null)[] = [livestorm.apiToken];
  if (auth.kind === 'jwt') secrets.push(auth.privateKey);
  if (auth.kind === 'client_credentials') secrets.push(auth.clientSecret);
  if (auth.kind === 'refresh_token') secrets.push(auth.clientSecret, auth.refreshToken);
  return secrets.flatMap((secret) => secret?.reveal() ?? []);
}

interface Parts {
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly stateDir: string;
  readonly warnings: readonly string[];
}

/** Puts the parts together. Everything has been checked before: a missing part is a bug. */
export function buildConfig(raw: RawConfig, { secrets, stateDir, warnings }: Parts): Config {
  const { livestorm, salesforce, safety } = raw;
  return {
    livestorm: {
      baseUrl: livestorm.base_url,
      apiToken: present(secrets.get('livestorm.api_token')),
      monthlyBudget: livestorm.monthly_budget,
    },
    pardot: camelKeys(raw.pardot),
    salesforce: {
      loginUrl: salesforce.login_url,
      instanceUrl: salesforce.instance_url,
      auth: buildAuth(salesforce, secrets),
      apiVersion: salesforce.api_version,
      campaignExternalIdField: salesforce.campaign_external_id_field,
      campaignRecordTypeId: salesforce.campaign_record_type_id,
    },
    flows: camelKeys(raw.flows),
    fields: { ...raw.fields, prospect: readProspectFields(raw.fields.prospect) },
    links: { ...raw.links, existing: readExistingLinks(raw.links.existing) },
    lists: camelKeys(raw.lists),
    polling: camelKeys(raw.polling),
    bulk: camelKeys(raw.bulk),
    safety: {
      allowedDomains: safety.allowed_domains.map((domain) => domain.toLowerCase()),
      deniedDomains: safety.denied_domains.map((domain) => domain.toLowerCase()),
      lookbackMinutes: safety.lookback_minutes,
      burstHold: safety.burst_hold,
      changeHold: safety.change_hold,
      backfillLimit: safety.backfill_limit,
      recycleBin: safety.recycle_bin,
    },
    logging: raw.logging,
    retention: camelKeys(raw.retention),
    status: buildStatus(raw.status, secrets),
    stateDir,
    warnings,
  };
}

function buildStatus(status: RawConfig['status'], secrets: ReadonlyMap<string, Secret>): Config['status'] {
  return {
    listen: status.listen === null ? null : readListen(status.listen),
    token: secrets.get('status.token') ?? null,
    heartbeatUrl: secrets.get('status.heartbeat_url') ?? null,
    alertUrl: secrets.get('status.alert_url') ?? null,
    alertLagMinutes: status.alert_lag_minutes,
    alertFailures: status.alert_failures,
  };
}

function buildAuth(
  salesforce: RawConfig['salesforce'],
  secrets: ReadonlyMap<string, Secret>,
): SalesforceAuth {
  const clientId = salesforce.client_id;
  const clientSecret = secrets.get('salesforce.client_secret');
  switch (salesforce.auth) {
    case 'jwt':
      return {
        kind: 'jwt',
        clientId,
        username: present(salesforce.username),
        privateKey: present(secrets.get('salesforce.private_key')),
        audience: salesforce.audience ?? salesforce.login_url,
      };
    case 'client_credentials':
      return { kind: 'client_credentials', clientId, clientSecret: present(clientSecret) };
    case 'refresh_token':
      return {
        kind: 'refresh_token',
        clientId,
        clientSecret: clientSecret ?? null,
        refreshToken: present(secrets.get('salesforce.refresh_token')),
      };
  }
}
