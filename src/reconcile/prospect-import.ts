import type { ListMember } from '../clients/pardot-imports.ts';
import { SECOND } from '../clock.ts';
import { type Call, emailKey, type FieldValue } from '../domain.ts';
import type { Effect } from '../store/effects.ts';
import type { SessionLink } from '../store/links.ts';
import type { KnownRegistrant } from '../store/registrants.ts';
import type { Confirmation, ConfirmStep, ImportKind, ImportParts, ImportTable } from './import-kinds.ts';
import { type ProspectRules, planMembership, valuesFor } from './plan-people.ts';
import type { ProspectParts } from './prospects.ts';

/** A person's row was applied, and this is the prospect. */
interface Found {
  readonly effect: Effect;
  readonly person: KnownRegistrant;
  readonly member: ListMember;
  readonly isNew: boolean;
}

/**
 * The registrants of a session as prospects with its campaign, on its list. Who they are is read from the list once
 * the lag is over; people of whom that does not say all are finished singly.
 */
export function prospectImport(parts: ProspectParts & ImportParts): ImportKind {
  const { store, clock, pardot, pardotImports, prospectRules: rules } = parts;
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
      const known = new Set(store.sessionProspects.ofSession(sessionId).map((person) => person.emailKey));
      const people = registrantsOf(sessionId);
      return prospectTable(link, rules, (key) => (known.has(key) ? undefined : people.get(key)));
    },
    confirm,
  };

  async function confirm(
    applied: readonly Effect[],
    sessionId: string,
    step: ConfirmStep,
    call: Call,
  ): Promise<Confirmation> {
    const listId = store.links.get(sessionId)?.listId ?? 0;
    const keys = new Set(applied.map((effect) => effect.emailKey ?? ''));
    const members = Map.groupBy(await pardotImports.membersOf(listId, keys, call), ({ email }) =>
      emailKey(email),
    );
    const people = registrantsOf(sessionId);
    const found: Found[] = [];
    const single: Effect[] = [];
    const missing: Effect[] = [];
    for (const effect of applied) {
      const key = effect.emailKey ?? '';
      const person = people.get(key);
      const [member, ...others] = members.get(key) ?? [];
      if (!member) missing.push(effect);
      else if (!person || others.some(({ prospectId }) => prospectId !== member.prospectId))
        single.push(effect);
      else found.push({ effect, person, member, isNew: isNewSince(member, step.madeAtMs) });
    }
    const incomplete = await withGaps(found, call);
    return {
      done: found
        .filter(({ effect }) => !incomplete.has(effect))
        .map((person) => ({ effect: person.effect, record: () => know(person, listId) })),
      single: [...single, ...incomplete],
      missing,
    };
  }

  /** Whether an import fills empty fields when told not to overwrite is unknown: those of old prospects are read. */
  async function withGaps(found: readonly Found[], call: Call): Promise<Set<Effect>> {
    const filling: ProspectRules = {
      ...rules,
      fields: new Map([...rules.fields].filter(([, { overwrite }]) => overwrite === 'when_empty')),
    };
    const old = found.filter(({ isNew }) => !isNew);
    if (filling.fields.size === 0 || old.length === 0) return new Set();
    const ids = old.map(({ member }) => member.prospectId);
    const read = await pardot.prospects(ids, [...filling.fields.keys()], call);
    const fields = new Map(read.map((prospect) => [prospect.id, prospect.fields]));
    const hasGaps = ({ person, member }: Found): boolean =>
      Object.keys(valuesFor(person.fields, fields.get(member.prospectId) ?? {}, filling)).length > 0;
    return new Set(old.filter(hasGaps).map(({ effect }) => effect));
  }

  function know({ person, member: { prospectId }, isNew }: Found, listId: number): void {
    const nowMs = clock.now();
    store.sessionProspects.know({ ...person, prospectId, origin: isNew ? 'created' : 'found' }, nowMs);
    const membership = planMembership({ ...person, prospectId }, listId);
    if (!membership) return;
    store.effects.want(membership, nowMs);
    const { id, state } = store.effects.get('list_membership', membership.naturalKey) ?? {};
    if (id !== undefined && state !== 'done') store.effects.finish(id, 'done', nowMs);
  }

  function registrantsOf(sessionId: string): ReadonlyMap<string, KnownRegistrant> {
    return new Map(store.registrants.ofSession(sessionId).map((person) => [person.emailKey, person]));
  }
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
