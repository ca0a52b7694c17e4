import { type Exchange, jsonReply, type Reply, readJson } from '../kernel/exchange.ts';
import { type CampaignRow, type Campaigns, recordUrl, toRecord } from './campaigns.ts';
import { describeCampaign } from './describe.ts';
import { findField } from './fields.ts';
import { invalidField, notFound, RestError } from './rest-error.ts';
import { matches, parseQuery } from './soql.ts';
import type { SalesforceSwitches } from './switches.ts';

/** First API version that answers an upsert of an existing record with a body. */
const UPSERT_BODY_SINCE = 46;

interface CampaignResourceParts {
  readonly campaigns: Campaigns;
  readonly switches: SalesforceSwitches;
}

/** `/sobjects/Campaign…` and `/query` (salesforce.md §2.3 to §2.5). Refusals are `RestError`s. */
export class CampaignResource {
  readonly #campaigns: Campaigns;
  readonly #switches: SalesforceSwitches;

  constructor(parts: CampaignResourceParts) {
    this.#campaigns = parts.campaigns;
    this.#switches = parts.switches;
  }

  /** `rest`: what follows `/sobjects/Campaign` in the path, split at slashes. */
  handle(exchange: Exchange, version: string, rest: readonly string[]): Reply {
    const [first, second, ...others] = rest;
    if (others.length > 0) throw notFound();
    if (first === undefined) return this.#collection(exchange);
    if (first === 'describe') return this.#describe(exchange, version);
    if (second !== undefined) return this.#byExternalId(exchange, version, first, second);
    return this.#byId(exchange, version, first);
  }

  query(soql: string, version: string): Reply {
    const specs = this.#campaigns.specs();
    const query = parseQuery(soql, specs);
    const found = this.#campaigns
      .all()
      .filter((row) => !row.isDeleted)
      .map((row) => toRecord(row, specs, version))
      .filter((record) => matches(query, record))
      .slice(0, query.limit);
    const names = query.fields.map((field) => field.name);
    const records = found.map((record) => pick(record, names));
    return jsonReply(200, { totalSize: records.length, done: true, records });
  }

  #collection(exchange: Exchange): Reply {
    if (exchange.method !== 'POST') throw methodNotAllowed(exchange.method, 'HEAD,GET,POST');
    const body = readBody(exchange);
    this.#lockRow();
    return jsonReply(201, saved(this.#campaigns.create(body)));
  }

  #describe(exchange: Exchange, version: string): Reply {
    if (exchange.method !== 'GET') throw methodNotAllowed(exchange.method, 'HEAD,GET');
    const createable = this.#switches.campaignCreateable;
    return jsonReply(200, describeCampaign(this.#campaigns.specs(), version, createable));
  }

  #byId(exchange: Exchange, version: string, id: string): Reply {
    const missing =
      exchange.method === 'GET'
        ? notFound()
        : new RestError(404, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
    const row = this.#campaigns.find(id);
    if (!row) throw missing;
    if (row.isDeleted) throw new RestError(404, 'ENTITY_IS_DELETED', 'entity is deleted', []);
    switch (exchange.method) {
      case 'GET':
        return this.#read(exchange, version, row);
      case 'PATCH': {
        const body = readBody(exchange);
        this.#lockRow();
        this.#campaigns.update(row, body);
        return noContent();
      }
      case 'DELETE':
        this.#lockRow();
        this.#campaigns.delete(row);
        return noContent();
      default:
        throw methodNotAllowed(exchange.method, 'HEAD,GET,PATCH,DELETE');
    }
  }

  #byExternalId(exchange: Exchange, version: string, field: string, value: string): Reply {
    const wanted = this.#campaigns.externalIdField;
    if (field.toLowerCase() !== wanted.toLowerCase()) {
      const message = `Provided external ID field does not exist or is not accessible: ${field}`;
      throw new RestError(404, 'NOT_FOUND', message);
    }
    const found = this.#campaigns.withExternalId(value);
    if (found.length > 1)
      return jsonReply(
        300,
        found.map((row) => recordUrl(version, row.id)),
      );
    const row = found[0];
    if (exchange.method === 'PATCH') return this.#upsert(exchange, version, value, row);
    if (exchange.method !== 'GET') throw methodNotAllowed(exchange.method, 'HEAD,GET,PATCH');
    if (!row) throw notFound();
    return this.#read(exchange, version, row);
  }

  #upsert(exchange: Exchange, version: string, value: string, row: CampaignRow | undefined): Reply {
    const field = this.#campaigns.externalIdField;
    const body = readBody(exchange);
    if (Object.keys(body).some((name) => name.toLowerCase() === field.toLowerCase())) {
      throw invalidField(`The ${field} field should not be specified in the sobject data.`);
    }
    if (!row && exchange.query.get('updateOnly') === 'true') throw notFound();
    this.#lockRow();
    if (!row) {
      return jsonReply(201, { ...saved(this.#campaigns.create({ ...body, [field]: value })), created: true });
    }
    this.#campaigns.update(row, body);
    if (Number(version) < UPSERT_BODY_SINCE) return noContent();
    return jsonReply(200, { ...saved(row), created: false });
  }

  #read(exchange: Exchange, version: string, row: CampaignRow): Reply {
    const specs = this.#campaigns.specs();
    const record = toRecord(row, specs, version);
    const asked = exchange.query.get('fields');
    if (asked === null) return jsonReply(200, record);
    const names = asked.split(',').map((name) => findField(specs, name.trim()).name);
    return jsonReply(200, pick(record, ['Id', ...names]));
  }

  #lockRow(): void {
    if (this.#switches.lockRowTimes <= 0) return;
    this.#switches.lockRowTimes--;
    const message = 'unable to obtain exclusive access to this record or 1 records';
    throw new RestError(this.#switches.lockRowStatus, 'UNABLE_TO_LOCK_ROW', message, []);
  }
}

function readBody(exchange: Exchange): Record<string, unknown> {
  if (!(exchange.headers['content-type'] ?? '').includes('json')) {
    throw new RestError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type header specified is not supported');
  }
  const body = readJson(exchange);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw new RestError(400, 'JSON_PARSER_ERROR', 'Unexpected character at [line:1, column:1]');
}

function saved(row: CampaignRow): { id: string; success: boolean; errors: readonly never[] } {
  return { id: row.id, success: true, errors: [] };
}

function pick(record: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(['attributes', ...names].map((name) => [name, record[name]]));
}

function noContent(): Reply {
  return { status: 204, headers: {}, body: '' };
}

function methodNotAllowed(method: string, allowed: string): RestError {
  const message = `HTTP Method '${method}' not allowed. Allowed are ${allowed}`;
  return new RestError(405, 'METHOD_NOT_ALLOWED', message);
}
