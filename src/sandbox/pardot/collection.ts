import type { Exchange, Reply } from '../kernel/exchange.ts';
import { Failure } from './failure.ts';
import type { FieldSpec, FieldSpecs } from './fields.ts';
import type { PardotState } from './state.ts';
import type { BaseRow, ReadSide } from './table.ts';

/** A JSON object someone sent. */
export type Body = Readonly<Record<string, unknown>>;

/** One request on its way through the business unit. */
export interface Call {
  readonly state: PardotState;
  readonly exchange: Exchange;
  readonly collections: ReadonlyMap<string, Collection>;
  /** `Pardot-Warning` texts that the answer will carry. */
  readonly warnings: Set<string>;
}

/** What parameters named after a field narrow a query: equality alone, or with the suffixes of its type too. */
export type FilterKind = 'equal' | 'range';

export interface Relation {
  /** Name of the other collection. */
  readonly to: string;
  /** The field here that holds the other's id. */
  readonly by: string;
}

/** As the vendor names them: `Prospect > Prospects > View`. pardot.md §3. */
export type Abilities = readonly string[];

export interface Action {
  /** `…/do/<action>` on the collection, or on one record. */
  readonly on: 'collection' | 'record';
  readonly abilities: Abilities;
  run(call: Call, id: number | undefined, body: Body): Reply;
}

/** What lies below a record, as `…/<id>/<name>`. */
export interface SubResource {
  readonly method: 'GET' | 'POST';
  readonly abilities: Abilities;
  run(call: Call, id: number): Reply;
}

/** What may be written, and how; nobody may where there is no function. Each returns after the primary has changed, or throws a Failure. */
export interface Writes {
  /** Properties a create must give. */
  readonly required: readonly string[];
  /** Properties a create may give although the object's field table calls them read-only. */
  readonly createOnly?: readonly string[];
  /** Where a create is not simply JSON. */
  readonly readCreate?: (exchange: Exchange, state: PardotState) => Body;
  /** 201 where absent. */
  readonly createdStatus?: (state: PardotState) => number;
  /** Returns the id of the new row. */
  create(state: PardotState, body: Body, exchange: Exchange): number;
  update?(state: PardotState, id: number, body: Body): void;
  remove?(state: PardotState, id: number): void;
}

/** One collection of the API as a table: everything the engine needs to serve it. */
export interface Collection {
  /** Its path segment. */
  readonly name: string;
  /** Whether its path goes without `/objects`. */
  readonly outsideObjects?: boolean;
  readonly fields: (state: PardotState) => FieldSpecs;
  readonly relations: Readonly<Record<string, Relation>>;
  readonly filters: Readonly<Record<string, FilterKind>>;
  /** Whether `idList` is offered. */
  readonly idList?: boolean;
  readonly orderBy: readonly string[];
  /** Whether `deleted` is offered, and deleted rows are hidden. */
  readonly recycleBin: boolean;
  /** What the API user must be allowed to do, all of each. */
  readonly abilities: Readonly<Record<'view', Abilities>> &
    Readonly<Partial<Record<'create' | 'remove', Abilities>>>;
  readonly rows: (state: PardotState) => ReadSide;
  /** A singleton's id: it is read without one in the path, and never queried. */
  readonly idOf?: (state: PardotState) => number;
  /** Where a field is not simply a property of the row. */
  readonly derive?: (state: PardotState, row: BaseRow, field: string) => unknown;
  /** Whether the API user sees nothing of this collection but ids. */
  readonly isRedacted?: (state: PardotState) => boolean;
  readonly writes?: Writes;
  readonly actions?: Readonly<Record<string, Action>>;
  readonly subResources?: Readonly<Record<string, SubResource>>;
}

/** Foreign to the sandbox: whoever follows it instead of rebuilding the address goes astray. */
export const PUBLIC_HOST = 'https://pi.pardot.com';

/** Where the vendor serves a collection. pardot.md §1.1. */
export function pathOf(collection: Collection): string {
  return `/api/v5/${collection.outsideObjects ? '' : 'objects/'}${collection.name}`;
}

/** A field's value as stored: instants in milliseconds, null for none. */
export function fieldValue(
  state: PardotState,
  collection: Collection,
  row: BaseRow,
  field: string,
  spec: FieldSpec,
): unknown {
  if (collection.derive) {
    const value = collection.derive(state, row, field);
    if (value !== undefined) return value;
  }
  return property(row, spec.type === 'datetime' ? `${field}Ms` : field);
}

/** A property by name, null for none. */
export function property(row: object, name: string): unknown {
  const value: unknown = Object.hasOwn(row, name) ? Reflect.get(row, name) : null;
  return value ?? null;
}

export function isDeleted(row: BaseRow): boolean {
  return property(row, 'isDeleted') === true;
}

/** Failure 60 where nobody may, 46 where this API user may not. */
export function demandAbilities(state: PardotState, abilities: Abilities | undefined): void {
  if (!abilities) throw new Failure(60);
  const { deniedAbilities } = state.switches;
  if (abilities.some((ability) => deniedAbilities.includes(ability))) throw new Failure(46);
}
