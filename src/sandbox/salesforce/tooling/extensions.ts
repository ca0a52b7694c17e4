import { ACTIVITY_TYPE, ASSIGNMENT, EXTENSION, TOOLING_OBJECTS, type ToolingObject } from './objects.ts';
import { isSameId, type ToolingRow, type ToolingTables } from './tables.ts';

interface Named {
  readonly developerName: string;
  readonly isActive: boolean;
}

/** A marketing app extension, as Account Engagement sees it. */
export interface MarketingExtension extends Named {
  readonly assignedBusinessUnitIds: readonly string[];
  readonly types: readonly Named[];
}

export interface NewExtension {
  readonly developerName: string;
  readonly label: string;
  readonly isActive?: boolean;
  readonly assignedBusinessUnitIds: readonly string[];
  readonly types: readonly {
    readonly developerName: string;
    readonly label: string;
    readonly isActive?: boolean;
  }[];
}

export function listExtensions(tables: ToolingTables): MarketingExtension[] {
  return tables.rows(EXTENSION).map((extension) => {
    const mine = (object: string) =>
      tables.rows(object).filter((row) => isSameId(text(row, 'MarketingAppExtensionId'), extension.id));
    return {
      ...named(extension),
      assignedBusinessUnitIds: mine(ASSIGNMENT).map((row) => text(row, 'ParentId')),
      types: mine(ACTIVITY_TYPE).map(named),
    };
  });
}

/** Returns its id. */
export function addExtension(tables: ToolingTables, extension: NewExtension): string {
  const { id: MarketingAppExtensionId } = tables.create(objectNamed(EXTENSION), bodyOf(extension));
  for (const ParentId of extension.assignedBusinessUnitIds) {
    tables.create(objectNamed(ASSIGNMENT), { MarketingAppExtensionId, ParentId });
  }
  for (const type of extension.types) {
    tables.create(objectNamed(ACTIVITY_TYPE), { ...bodyOf(type), MarketingAppExtensionId });
  }
  return MarketingAppExtensionId;
}

function bodyOf({ developerName, label, isActive = true }: NewExtension['types'][number]) {
  return { DeveloperName: developerName, MasterLabel: label, IsActive: isActive };
}

function named(row: ToolingRow): Named {
  return { developerName: text(row, 'DeveloperName'), isActive: row.values.IsActive === true };
}

function text({ values }: ToolingRow, field: string): string {
  return String(values[field] ?? '');
}

function objectNamed(name: string): ToolingObject {
  const object = TOOLING_OBJECTS.find((candidate) => candidate.name === name);
  if (!object) throw new RangeError(`no Tooling object ${name}`);
  return object;
}
