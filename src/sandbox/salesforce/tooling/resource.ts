import { type Exchange, jsonReply, type Reply } from '../../kernel/exchange.ts';
import type { Campaigns } from '../campaigns.ts';
import { findField } from '../fields.ts';
import { IdSequence } from '../ids.ts';
import { noContent, readBody, saved } from '../records.ts';
import { methodNotAllowed, notFound, RestError } from '../rest-error.ts';
import { parseQuery, pick, type ShownRecord, select } from '../soql.ts';
import type { SalesforceSwitches } from '../switches.ts';
import { createCustomField } from './custom-field.ts';
import { EXTENSION, TENANT, TOOLING_OBJECTS, type ToolingObject } from './objects.ts';
import type { ToolingRow, ToolingTables } from './tables.ts';

interface ToolingParts {
  readonly tables: ToolingTables;
  readonly campaigns: Campaigns;
  readonly switches: Readonly<SalesforceSwitches>;
}

/** `/tooling/…` as far as setting up external activities needs it (salesforce.md §6). Refusals are `RestError`s. */
export class ToolingResource {
  readonly #parts: ToolingParts;
  readonly #fieldIds = new IdSequence('00N', 'Qy00', 1_000);

  constructor(parts: ToolingParts) {
    this.#parts = parts;
  }

  /** `rest`: what follows `/tooling` in the path, split at slashes. */
  handle(exchange: Exchange, version: string, [first, name, id, ...others]: readonly string[]): Reply {
    this.#requireRights(exchange.method);
    if (others.length > 0) throw notFound();
    if (first === 'query' && name === undefined) return this.#query(exchange, version);
    if (first !== 'sobjects') throw notFound();
    if (name === 'CustomField' && id === undefined) return this.#customField(exchange);
    const object = this.#objects().find((candidate) => candidate.name === name);
    if (!object) throw notFound();
    return id === undefined
      ? this.#collection(exchange, object)
      : this.#record(exchange, version, object, id);
  }

  #requireRights(method: string): void {
    const { setupRights } = this.#parts.switches;
    if (setupRights === 'full' || (setupRights === 'read_only' && method === 'GET')) return;
    throw new RestError(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on this operation', []);
  }

  #objects(): readonly ToolingObject[] {
    const { marketingExtensionsInEdition } = this.#parts.switches;
    return TOOLING_OBJECTS.filter(({ name }) => marketingExtensionsInEdition || name === TENANT);
  }

  #query(exchange: Exchange, version: string): Reply {
    if (exchange.method !== 'GET') throw methodNotAllowed(exchange.method, 'HEAD,GET');
    const { extensionQueryable } = this.#parts.switches;
    const known = this.#objects().filter(({ name }) => name !== EXTENSION || extensionQueryable);
    const query = parseQuery(exchange.query.get('q') ?? '', known);
    const rows = this.#parts.tables.rows(query.object.name);
    const records = rows.map((row) => toRecord(query.object, row, version));
    return jsonReply(200, select(query, records));
  }

  #customField(exchange: Exchange): Reply {
    if (exchange.method !== 'POST') throw methodNotAllowed(exchange.method, 'HEAD,POST');
    createCustomField(this.#parts.campaigns, readBody(exchange));
    return created(this.#fieldIds.take());
  }

  #collection(exchange: Exchange, object: ToolingObject): Reply {
    requireMethod(object, exchange.method, ['POST']);
    return created(this.#parts.tables.create(object, readBody(exchange)).id);
  }

  #record(exchange: Exchange, version: string, object: ToolingObject, id: string): Reply {
    const { method } = exchange;
    const { tables } = this.#parts;
    requireMethod(object, method, ['GET', 'HEAD', 'PATCH', 'DELETE']);
    const row = tables.find(object.name, id);
    if (!row) throw notFound();
    if (method === 'PATCH') tables.update(object, row, readBody(exchange));
    else if (method === 'DELETE') tables.delete(object, row);
    else return jsonReply(200, asked(exchange, object, toRecord(object, row, version)));
    return noContent();
  }
}

function requireMethod(object: ToolingObject, method: string, here: readonly string[]): void {
  const allowed = object.methods.filter((known) => here.includes(known));
  if (!allowed.includes(method)) throw methodNotAllowed(method, allowed.join(','));
}

function created(id: string): Reply {
  return jsonReply(201, { ...saved(id), warnings: [], infos: [] });
}

function toRecord({ name, fields }: ToolingObject, row: ToolingRow, version: string): ShownRecord {
  const url = `/services/data/v${version}/tooling/sobjects/${name}/${row.id}`;
  const values = fields.map((spec) => [
    spec.name,
    spec.name === 'Id' ? row.id : (row.values[spec.name] ?? null),
  ]);
  return { attributes: { type: name, url }, ...Object.fromEntries(values) };
}

function asked(exchange: Exchange, object: ToolingObject, record: ShownRecord): ShownRecord {
  const fields = exchange.query.get('fields');
  if (fields === null) return record;
  const names = fields.split(',').map((name) => findField(object, name.trim()).name);
  return pick(record, ['attributes', 'Id', ...names]);
}
