import { Failure } from './failure.ts';
import type { FieldSpec } from './fields.ts';
import { prospectFields } from './prospect-fields.ts';
import type { PropertyValue, Prospect } from './rows.ts';
import type { PardotState } from './state.ts';
import { storedValue } from './values.ts';

export type Values = Readonly<Record<string, unknown>>;

/** Whether two addresses are one to Pardot; letter case is disputed (pardot.md §3.1). */
export function sameEmail(state: PardotState, a: string | null, b: string | null): boolean {
  if (a === null || b === null || a.length !== b.length) return false;
  return a === b || (state.switches.emailCase === 'insensitive' && a.toLowerCase() === b.toLowerCase());
}

export function prospectsByEmail(state: PardotState, email: string): Prospect[] {
  return state.prospects.keyed(email.toLowerCase()).filter((row) => sameEmail(state, row.email, email));
}

/** Most recent first, never last, ties to the higher id. pardot.md §11. */
export function byActivity(a: Prospect, b: Prospect): number {
  return (b.lastActivityAtMs ?? -1) - (a.lastActivityAtMs ?? -1) || b.id - a.id;
}

export function byUpdate(a: Prospect, b: Prospect): number {
  return b.updatedAtMs - a.updatedAtMs || b.id - a.id;
}

/** The first of a kind; those in the recycle bin only when there is no other. */
export function preferLive(prospects: readonly Prospect[]): Prospect | undefined {
  return prospects.find((row) => !row.isDeleted) ?? prospects[0];
}

/** Without a campaign the account's oldest becomes the source campaign. pardot.md §3.1. */
export function oldestCampaignId(state: PardotState): number | null {
  const [oldest] = state.campaigns.rows().sort((a, b) => a.createdAtMs - b.createdAtMs || a.id - b.id);
  return oldest?.id ?? null;
}

/** Adds a prospect; values are checked against the fields. */
export function addProspect(
  state: PardotState,
  values: Values,
  times: { createdAtMs?: number | undefined; lastActivityAtMs?: number | undefined } = {},
): Prospect {
  const { createdAtMs: atMs = state.clock.now(), lastActivityAtMs } = times;
  const { email, campaignId, ...rest } = readValues(state, values, {});
  return state.prospects.insert(
    {
      id: state.prospects.nextId(),
      ...state.stamp(atMs),
      email: typeof email === 'string' ? email : null,
      campaignId: typeof campaignId === 'number' ? campaignId : oldestCampaignId(state),
      isDeleted: false,
      lastActivityAtMs: lastActivityAtMs === undefined ? null : state.grained(lastActivityAtMs),
      values: rest,
    },
    atMs,
  );
}

/** Changes what is given and leaves the rest. */
export function changeProspect(
  state: PardotState,
  before: Prospect,
  values: Values,
  more: Partial<Pick<Prospect, 'isDeleted' | 'lastActivityAtMs'>> = {},
): Prospect {
  const { email, campaignId, ...rest } = readValues(state, values, before.values);
  return state.prospects.update(before.id, {
    ...state.touch(),
    ...more,
    ...(typeof email === 'string' ? { email } : {}),
    ...(typeof campaignId === 'number' ? { campaignId } : {}),
    values: { ...before.values, ...rest },
  });
}

function readValues(
  state: PardotState,
  values: Values,
  before: Prospect['values'],
): Record<string, PropertyValue> {
  const specs = prospectFields(state);
  const read: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(values)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) throw new Failure(154, name);
    const stored = onList(state, name, spec, storedValue(name, spec, value));
    if (stored !== undefined) read[name] = spec.appends ? appended(before[name], stored) : stored;
  }
  if (typeof read.campaignId === 'number' && !state.campaigns.get(read.campaignId)) throw new Failure(38);
  return read;
}

/** Values outside the predefined ones: unknown, by switch; undefined: not written. */
function onList(
  state: PardotState,
  name: string,
  spec: FieldSpec,
  value: PropertyValue,
): PropertyValue | undefined {
  const allowed = spec.allowedValues ?? [];
  if (allowed.length === 0 || value === null) return value;
  const given = Array.isArray(value) ? value : [value];
  if (given.every((one) => allowed.includes(String(one)))) return value;
  const { offListValues } = state.switches;
  if (offListValues === 'rejected') throw new Failure(154, name);
  return offListValues === 'ignored' ? undefined : value;
}

/** "Record multiple responses" adds to what is there and cannot be cleared. */
function appended(before: PropertyValue | undefined, value: PropertyValue): PropertyValue {
  const kept = texts(before ?? null);
  const added = texts(value);
  return kept.length + added.length === 0 ? null : [...kept, ...added];
}

function texts(value: PropertyValue): readonly string[] {
  if (value === null) return [];
  return typeof value === 'object' ? value : [String(value)];
}
