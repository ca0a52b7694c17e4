import { type Exchange, jsonReply, type Reply } from '../kernel/exchange.ts';
import { type CampaignRow, type Campaigns, recordUrl, toRecord } from './campaigns.ts';
import { describeCampaign } from './describe.ts';
import { findField, isSameName } from './fields.ts';
import { noContent, readBody, saved } from './records.ts';
import { invalidField, methodNotAllowed, notFound, RestError } from './rest-error.ts';
import { parseQuery, pick, select } from './soql.ts';
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
    const { object } = this.#campaigns;
    const living = this.#campaigns.all().filter((row) => !row.isDeleted);
    const records = living.map((row) => toRecord(row, object, version));
    return jsonReply(200, select(parseQuery(soql, [object]), records));
  }

  #collection(exchange: Exchange): Reply {
    if (exchange.method !== 'POST') throw methodNotAllowed(exchange.method, 'HEAD,GET,POST');
    const body = readBody(exchange);
    this.#lockRow();
    return jsonReply(201, saved(this.#campaigns.create(body).id));
  }

  #describe(exchange: Exchange, version: string): Reply {
    if (exchange.method !== 'GET') throw methodNotAllowed(exchange.method, 'HEAD,GET');
    const createable = this.#switches.campaignCreateable;
    return jsonReply(200, describeCampaign(this.#campaigns.object, version, createable));
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

  #byExternalId(exchange: Exchange, version: string, name: string, value: string): Reply {
    const { fields } = this.#campaigns.object;
    const field = fields.find((spec) => spec.externalId && isSameName(spec.name, name))?.name;
    if (field === undefined) {
      const message = `Provided external ID field does not exist or is not accessible: ${name}`;
      throw new RestError(404, 'NOT_FOUND', message);
    }
    const found = this.#campaigns.withValue(field, value);
    if (found.length > 1)
      return jsonReply(
        300,
        found.map((row) => recordUrl(version, row.id)),
      );
    const row = found[0];
    if (exchange.method === 'PATCH') return this.#upsert(exchange, version, { field, value, row });
    if (exchange.method !== 'GET') throw methodNotAllowed(exchange.method, 'HEAD,GET,PATCH');
    if (!row) throw notFound();
    return this.#read(exchange, version, row);
  }

  #upsert(
    exchange: Exchange,
    version: string,
    { field, value, row }: { field: string; value: string; row: CampaignRow | undefined },
  ): Reply {
    const body = readBody(exchange);
    if (Object.keys(body).some((name) => isSameName(name, field))) {
      throw invalidField(`The ${field} field should not be specified in the sobject data.`);
    }
    if (!row && exchange.query.get('updateOnly') === 'true') throw notFound();
    this.#lockRow();
    if (!row) {
      const { id } = this.#campaigns.create({ ...body, [field]: value });
      return jsonReply(201, { ...saved(id), created: true });
    }
    this.#campaigns.update(row, body);
    if (Number(version) < UPSERT_BODY_SINCE) return noContent();
    return jsonReply(200, { ...saved(row.id), created: false });
  }

  #read(exchange: Exchange, version: string, row: CampaignRow): Reply {
    const { object } = this.#campaigns;
    const record = toRecord(row, object, version);
    const asked = exchange.query.get('fields');
    if (asked === null) return jsonReply(200, record);
    const names = asked.split(',').map((name) => findField(object, name.trim()).name);
    return jsonReply(200, pick(record, ['attributes', 'Id', ...names]));
  }

  #lockRow(): void {
    if (this.#switches.lockRowTimes <= 0) return;
    this.#switches.lockRowTimes--;
    const message = 'unable to obtain exclusive access to this record or 1 records';
    throw new RestError(this.#switches.lockRowStatus, 'UNABLE_TO_LOCK_ROW', message, []);
  }
}
