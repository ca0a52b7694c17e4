import { type FieldInput, isSameName, readValues, requireValues } from '../fields.ts';
import { IdSequence } from '../ids.ts';
import { RestError } from '../rest-error.ts';
import type { SalesforceSwitches } from '../switches.ts';
import { developerNameOf, requireDeveloperName } from './developer-name.ts';
import {
  ACTIVITY_TYPE,
  ASSIGNMENT,
  EXTENSION,
  TENANT,
  TOOLING_OBJECTS,
  type ToolingObject,
} from './objects.ts';

type Values = Readonly<Record<string, FieldInput>>;
type Body = Readonly<Record<string, unknown>>;

/** One row of a Tooling object. */
export interface ToolingRow {
  /** 18 characters. */
  readonly id: string;
  /** Under their API names; absent means null. */
  readonly values: Values;
}

/** A business unit of the org. */
export interface BusinessUnit {
  /** `0Uv…`, 18 characters. */
  readonly id: string;
  readonly name: string;
}

const REFERENCES: Readonly<Record<string, string>> = { MarketingAppExtensionId: EXTENSION, ParentId: TENANT };

/** Marketing app extensions, their types, assignments and business units, with their rules (salesforce.md §6). */
export class ToolingTables {
  readonly #switches: Readonly<SalesforceSwitches>;
  readonly #tables: ReadonlyMap<string, { rows: ToolingRow[]; ids: IdSequence }>;

  constructor(parts: { switches: Readonly<SalesforceSwitches>; businessUnits: readonly BusinessUnit[] }) {
    this.#switches = parts.switches;
    this.#tables = new Map(
      TOOLING_OBJECTS.map(({ name, prefix }) => [
        name,
        { rows: [], ids: new IdSequence(prefix, 'Qy00', 1_000) },
      ]),
    );
    this.#table(TENANT).rows.push(...parts.businessUnits.map(tenantRow));
  }

  /** Oldest first. */
  rows(object: string): readonly ToolingRow[] {
    return this.#table(object).rows;
  }

  /** By 15 or 18 characters. */
  find(object: string, id: string): ToolingRow | undefined {
    return this.rows(object).find((row) => isSameId(row.id, id));
  }

  /** Throws `RestError` for a body that the vendor refuses. */
  create(object: ToolingObject, body: Body): ToolingRow {
    const table = this.#table(object.name);
    const values = this.#resolved(withDefaults(object, readValues(body, object, 'createable')));
    this.#check(object, values, undefined);
    const row = { id: table.ids.take(), values };
    table.rows.push(row);
    return row;
  }

  update(object: ToolingObject, row: ToolingRow, body: Body): void {
    const values = this.#resolved({ ...row.values, ...readValues(body, object, 'updateable') });
    this.#check(object, values, row.id);
    const { rows } = this.#table(object.name);
    rows[rows.indexOf(row)] = { ...row, values };
  }

  delete(object: ToolingObject, row: ToolingRow): void {
    const { rows } = this.#table(object.name);
    rows.splice(rows.indexOf(row), 1);
  }

  #table(object: string): { rows: ToolingRow[]; ids: IdSequence } {
    const table = this.#tables.get(object);
    if (!table) throw new RangeError(`no Tooling object ${object}`);
    return table;
  }

  #check(object: ToolingObject, values: Values, ownId: string | undefined): void {
    requireValues(values, object);
    if (object.name === ASSIGNMENT) this.#requireNewAssignment(values, ownId);
    if (object.name !== EXTENSION && object.name !== ACTIVITY_TYPE) return;
    const name = String(values.DeveloperName);
    requireDeveloperName(name);
    const isTaken = (row: ToolingRow) =>
      row.id !== ownId && isSameName(String(row.values.DeveloperName), name);
    const other = this.rows(object.name).find(isTaken);
    if (other) throw this.#taken(name, other);
  }

  /** References with the ids as their targets have them, in 18 characters. */
  #resolved(values: Values): Values {
    const references = Object.entries(REFERENCES).flatMap(([field, target]) => {
      const id = values[field];
      if (typeof id !== 'string') return [];
      const found = this.find(target, id);
      if (found) return [[field, found.id] as const];
      throw new RestError(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
    });
    return { ...values, ...Object.fromEntries(references) };
  }

  #requireNewAssignment(values: Values, ownId: string | undefined): void {
    const other = this.rows(ASSIGNMENT).find(
      (row) =>
        row.id !== ownId && Object.keys(REFERENCES).every((field) => row.values[field] === values[field]),
    );
    if (!other) return;
    const message = `duplicate value found: <unknown> duplicates value on record with id: ${other.id}`;
    throw new RestError(400, 'DUPLICATE_VALUE', message, []);
  }

  #taken(name: string, other: ToolingRow): RestError {
    const code = this.#switches.duplicateDeveloperName;
    const message =
      code === 'DUPLICATE_VALUE'
        ? `duplicate value found: DeveloperName duplicates value on record with id: ${other.id}`
        : `The name ${name} is already used. Choose another one.`;
    return new RestError(400, code, message, ['DeveloperName']);
  }
}

function withDefaults(object: ToolingObject, values: Values): Values {
  if (object.name === ASSIGNMENT) return values;
  const DeveloperName = values.DeveloperName ?? developerNameOf(String(values.MasterLabel ?? ''));
  return { IsActive: false, Language: 'en_US', ManageableState: 'unmanaged', ...values, DeveloperName };
}

function tenantRow({ id, name }: BusinessUnit, index: number): ToolingRow {
  return {
    id,
    values: {
      PardotTenantId: 900_001 + index,
      PardotTenantName: name,
      MasterLabel: name,
      DeveloperName: developerNameOf(name),
      CreationStatus: 'Created',
      Language: 'en_US',
    },
  };
}

/** Ids come with 15 or 18 characters; the first 15 identify the record. */
export function isSameId(a: string, b: string): boolean {
  return a.slice(0, 15) === b.slice(0, 15);
}
