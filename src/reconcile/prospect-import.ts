import type { ListMember } from '../clients/pardot-imports.ts';
import { SECOND } from '../clock.ts';
import { type Call, emailKey, type FieldValue } from '../domain.ts';
import type { CarriedEffect } from '../store/carried.ts';
import type { SessionLink } from '../store/links.ts';
import type { KnownRegistrant } from '../store/registrants.ts';
import type { Confirmation, ConfirmStep, ImportKind, ImportParts, ImportTable } from './import-kinds.ts';
import { type ProspectRules, planMembership, valuesFor } from './plan-people.ts';
import type { ProspectParts } from './prospects.ts';

type Parts = ProspectParts & ImportParts;

/** A person's row was applied, and this is the prospect. */
interface Found {
  readonly effect: CarriedEffect;
  readonly sessionId: string;
  readonly emailKey: string;
  /** As the person wrote it. */
  readonly email: string;
  readonly prospectId: number;
  readonly isNew: boolean;
}

/**
 * The registrants of a session as prospects with its campaign, on its list. Who they are is read from the list once
 * the lag is over; people of whom that does not say all are finished singly.
 */
export function prospectImport(parts: Parts): ImportKind {
  const { store, prospectRules } = parts;
  return {
    kind: 'prospect_import',
    carries: 'prospect',
    work: 'discovery',
    createOnNoMatch: true,
    lagMs: 75 * SECOND,
    matchOf: (effect) => effect.emailKey ?? '',
    table: (sessionId) => {
      const link = store.links.get(sessionId);
      if (!link || link.listId === null || link.pardotCampaignId === null) return null;
      return prospectTable(link, prospectRules, (key) =>
        store.sessionProspects.get(sessionId, key) ? undefined : store.registrants.get(sessionId, key),
      );
    },
    confirm: (applied, sessionId, step, call) => confirm(parts, applied, sessionId, step, call),
  };
}

async function confirm(
  parts: Parts,
  applied: readonly CarriedEffect[],
  sessionId: string,
  step: ConfirmStep,
  call: Call,
): Promise<Confirmation> {
  const { store, pardotImports } = parts;
  const listId = store.links.get(sessionId)?.listId ?? 0;
  const keys = new Set(applied.map((effect) => effect.emailKey ?? ''));
  const listed = await pardotImports.membersOf(listId, keys, call);
  const { found, single, missing } = identify(parts, applied, sessionId, step, listed);
  const incomplete = await withGaps(parts, found, call);
  return {
    done: found
      .filter(({ effect }) => !incomplete.has(effect))
      .map((person) => ({ effect: person.effect, record: () => know(parts, person, listId) })),
    single: [...single, ...incomplete],
    missing,
  };
}

/** Who everybody is by the list; whom it has twice, and who is no registrant any more, is left to single calls. */
function identify(
  { store }: Parts,
  applied: readonly CarriedEffect[],
  sessionId: string,
  { madeAtMs }: ConfirmStep,
  listed: readonly ListMember[],
): { found: Found[]; single: CarriedEffect[]; missing: CarriedEffect[] } {
  const members = Map.groupBy(listed, ({ email }) => emailKey(email));
  const found: Found[] = [];
  const single: CarriedEffect[] = [];
  const missing: CarriedEffect[] = [];
  for (const effect of applied) {
    const key = effect.emailKey ?? '';
    const [member, ...others] = members.get(key) ?? [];
    const email = store.registrants.get(sessionId, key)?.email;
    if (!member) missing.push(effect);
    else if (email === undefined || others.some(({ prospectId }) => prospectId !== member.prospectId)) {
      single.push(effect);
    } else {
      const isNew = isNewSince(member, madeAtMs);
      found.push({ effect, sessionId, emailKey: key, email, prospectId: member.prospectId, isNew });
    }
  }
  return { found, single, missing };
}

/** Prospects whose fields are read at a time: bounds memory. */
const CHUNK = 1000;

/** Whether an import fills empty fields when told not to overwrite is unknown: those of old prospects are read. */
async function withGaps(
  { store, pardot, prospectRules: rules }: Parts,
  found: readonly Found[],
  call: Call,
): Promise<Set<CarriedEffect>> {
  const filling: ProspectRules = {
    ...rules,
    fields: new Map([...rules.fields].filter(([, { overwrite }]) => overwrite === 'when_empty')),
  };
  const incomplete = new Set<CarriedEffect>();
  const old = filling.fields.size === 0 ? [] : found.filter(({ isNew }) => !isNew);
  for (let first = 0; first < old.length; first += CHUNK) {
    const chunk = old.slice(first, first + CHUNK);
    const ids = chunk.map(({ prospectId }) => prospectId);
    const read = await pardot.prospects(ids, [...filling.fields.keys()], call);
    const fields = new Map(read.map((prospect) => [prospect.id, prospect.fields]));
    for (const { effect, sessionId, emailKey: key, prospectId } of chunk) {
      const filledIn = store.registrants.get(sessionId, key)?.fields ?? {};
      const gaps = valuesFor(filledIn, fields.get(prospectId) ?? {}, filling);
      if (Object.keys(gaps).length > 0) incomplete.add(effect);
    }
  }
  return incomplete;
}

function know({ store, clock }: Parts, { effect: _, isNew, ...person }: Found, listId: number): void {
  const nowMs = clock.now();
  store.sessionProspects.know({ ...person, origin: isNew ? 'created' : 'found' }, nowMs);
  const membership = planMembership(person, listId);
  if (!membership) return;
  store.effects.want(membership, nowMs);
  const { id, state } = store.effects.get('list_membership', membership.naturalKey) ?? {};
  if (id !== undefined && state !== 'done') store.effects.finish(id, 'done', nowMs);
}

/** Times are whole seconds. */
function isNewSince({ createdAtMs }: ListMember, madeAtMs: number): boolean {
  return createdAtMs !== null && createdAtMs >= madeAtMs - SECOND;
}

/**
 * Existing prospects keep their campaign, and what the policy keeps. Addresses that are not in lower case go singly:
 * whether an import distinguishes letter case is unknown, and single calls look for both spellings.
 */
export function prospectTable(
  { pardotCampaignId, listId }: Pick<SessionLink, 'pardotCampaignId' | 'listId'>,
  rules: ProspectRules,
  personOf: (emailKey: string) => Pick<KnownRegistrant, 'email' | 'emailKey' | 'fields'> | undefined,
): ImportTable {
  const fields = [...rules.fields.keys()];
  return {
    columns: [
      { name: 'matchEmail', overwrite: true },
      ...[...rules.fields].map(([name, { overwrite }]) => ({ name, overwrite: overwrite === 'always' })),
      { name: 'campaignId', overwrite: false },
      { name: 'addToList', overwrite: true },
    ],
    rowOf: (effect) => {
      const person = personOf(effect.emailKey ?? '');
      if (!person || person.email !== person.emailKey) return null;
      const values = valuesFor(person.fields, undefined, rules);
      const cells = fields.map((field) => textOf(values[field]));
      return [person.email, ...cells, String(pardotCampaignId), String(listId)];
    },
  };
}

function textOf(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value : (value ?? []).join(';');
}
