import type { SandboxClock } from '../kernel/clock.ts';
import { campaignObject } from './campaign-fields.ts';
import {
  type FieldInput,
  type FieldSpec,
  isSameName,
  type ObjectSpec,
  readValues,
  requireValues,
} from './fields.ts';
import { IdSequence, id18 } from './ids.ts';
import { RestError } from './rest-error.ts';
import type { SalesforceSwitches } from './switches.ts';

/** One row of the Campaign table. */
export interface CampaignRow {
  /** 18 characters. */
  readonly id: string;
  /** Writable fields under their API names; absent means null. */
  readonly values: Readonly<Record<string, FieldInput>>;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isDeleted: boolean;
}

/** The Campaign table with its constraints (salesforce.md §2.3). Refusals are `RestError`s. */
export class Campaigns {
  readonly #clock: SandboxClock;
  readonly #switches: Readonly<SalesforceSwitches>;
  readonly #ownerId: string;
  readonly #ids = new IdSequence('701', 'Qy00', 1_000);
  readonly #rows = new Map<string, CampaignRow>();
  readonly #addedFields: FieldSpec[] = [];

  constructor(parts: { clock: SandboxClock; switches: Readonly<SalesforceSwitches>; ownerId: string }) {
    this.#clock = parts.clock;
    this.#switches = parts.switches;
    this.#ownerId = parts.ownerId;
  }

  get externalIdField(): string {
    return this.#switches.externalIdField;
  }

  /** With the fields that the API user sees. */
  get object(): ObjectSpec {
    return campaignObject(this.#switches, this.#switches.newFieldsVisible ? this.#addedFields : []);
  }

  /** A custom field made after the org; false when there is one of that name, which the API user may not see. */
  addField(spec: FieldSpec): boolean {
    const { fields } = campaignObject(this.#switches, this.#addedFields);
    if (fields.some(({ name }) => isSameName(name, spec.name))) return false;
    this.#addedFields.push(spec);
    return true;
  }

  /** Every row ever made, deleted ones too, oldest first. */
  all(): readonly CampaignRow[] {
    return [...this.#rows.values()];
  }

  /** By 15 or 18 characters; undefined when there never was one. */
  find(id: string): CampaignRow | undefined {
    return this.#rows.get(id18(id));
  }

  /** Living rows with this text in the field of this name, letter case ignored. */
  withValue(field: string, text: string): CampaignRow[] {
    const wanted = text.toLowerCase();
    return this.all().filter((row) => {
      const value = row.values[field];
      return !row.isDeleted && typeof value === 'string' && value.toLowerCase() === wanted;
    });
  }

  create(body: Readonly<Record<string, unknown>>): CampaignRow {
    if (!this.#switches.campaignCreateable) {
      throw new RestError(400, 'INSUFFICIENT_ACCESS_OR_READONLY', 'entity is read-only', []);
    }
    const values = {
      IsActive: false,
      Status: 'Planned',
      OwnerId: this.#ownerId,
      ...readValues(body, this.object, 'createable'),
    };
    requireValues(values, this.object);
    this.#requireUnique(values, undefined);
    const now = this.#clock.now();
    const row = { id: this.#ids.take(), values, createdAtMs: now, updatedAtMs: now, isDeleted: false };
    this.#rows.set(row.id, row);
    return row;
  }

  update(row: CampaignRow, body: Readonly<Record<string, unknown>>): void {
    const values = { ...row.values, ...readValues(body, this.object, 'updateable') };
    requireValues(values, this.object);
    this.#requireUnique(values, row.id);
    this.#rows.set(row.id, { ...row, values, updatedAtMs: this.#clock.now() });
  }

  delete(row: CampaignRow): void {
    this.#rows.set(row.id, { ...row, isDeleted: true, updatedAtMs: this.#clock.now() });
  }

  externalIdOf(row: CampaignRow): string | undefined {
    const value = row.values[this.externalIdField];
    return typeof value === 'string' ? value : undefined;
  }

  #requireUnique(values: Readonly<Record<string, FieldInput>>, ownId: string | undefined): void {
    for (const { name } of this.object.fields.filter(({ unique }) => unique)) {
      const value = values[name];
      if (typeof value !== 'string') continue;
      const other = this.withValue(name, value).find((row) => row.id !== ownId);
      if (!other) continue;
      const message = `duplicate value found: ${name} duplicates value on record with id: ${other.id}`;
      throw new RestError(400, 'DUPLICATE_VALUE', message, []);
    }
  }
}

/** A row as the API shows it: every field, null where empty, with the record's address (salesforce.md §2.4). */
export function toRecord(row: CampaignRow, object: ObjectSpec, version: string): Record<string, unknown> {
  const computed: Readonly<Record<string, FieldInput>> = {
    Id: row.id,
    IsDeleted: row.isDeleted,
    CreatedDate: datetime(row.createdAtMs),
    LastModifiedDate: datetime(row.updatedAtMs),
    SystemModstamp: datetime(row.updatedAtMs),
  };
  const fields = object.fields.map((spec) => [
    spec.name,
    computed[spec.name] ?? row.values[spec.name] ?? null,
  ]);
  return { attributes: { type: 'Campaign', url: recordUrl(version, row.id) }, ...Object.fromEntries(fields) };
}

export function recordUrl(version: string, id: string): string {
  return `/services/data/v${version}/sobjects/Campaign/${id}`;
}

/** `2011-07-07T00:37:00.000+0000` */
function datetime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+0000');
}
