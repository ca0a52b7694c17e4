import type { PardotClient } from '../clients/pardot.ts';
import type { PardotPeopleClient } from '../clients/pardot-people.ts';
import { SECOND } from '../clock.ts';
import type { Call, ProspectMatch } from '../domain.ts';
import { RefusedError, RetryableError } from '../errors.ts';
import type { Effect } from '../store/effects.ts';
import type { SessionLink } from '../store/links.ts';
import type { KnownRegistrant } from '../store/registrants.ts';
import type { ProspectOrigin } from '../store/session-prospects.ts';
import type { ApplyParts, EffectHandler, Ending } from './apply.ts';
import { chooseProspect, type ProspectRules, valuesFor } from './plan-people.ts';

export interface ProspectParts extends ApplyParts {
  readonly pardot: PardotClient;
  readonly pardotPeople: PardotPeopleClient;
  readonly prospectRules: ProspectRules;
}

/** Reads may lag this long behind a prospect that was just made, with a margin (pardot.md §2.4). */
const SETTLE = 150 * SECOND;
/** The address belongs to a prospect already (pardot.md §10). */
const ADDRESS_TAKEN = [9, 54];
const IN_RECYCLE_BIN: Ending = { state: 'skipped', reason: 'prospect_deleted' };

/**
 * Finds the prospect of a registrant or makes one. Looking always comes first, so an uncertain attempt is simply done
 * again once the lag has passed; one at a time, so that two sessions of one person do not make two prospects.
 */
export function prospectHandler(parts: ProspectParts): EffectHandler<unknown> {
  const { store, pardot, pardotPeople, prospectRules: rules } = parts;
  return {
    kind: 'prospect',
    work: 'discovery',
    parallel: 1,
    settleMs: SETTLE,
    precheck: (effect) =>
      store.sessionProspects.get(effect.sessionId ?? '', effect.emailKey ?? '') ? { state: 'skipped' } : null,
    send: async (effect, call) => {
      const { person, link } = subject(parts, effect);
      const matches = await findMatches(parts, person, call);
      const choice = chooseProspect(matches, rules.recycleBin);
      if (choice.kind === 'leave_alone') return IN_RECYCLE_BIN;
      if (choice.kind === 'create') return await create({ person, link, isInBin: matches.length > 0 }, call);
      const { prospect } = choice;
      const values = valuesFor(person.fields, prospect.fields, rules);
      if (Object.keys(values).length > 0) await pardot.updateProspect(prospect.id, values, call);
      return known(parts, { ...person, email: prospect.email ?? person.email }, prospect.id, 'found');
    },
    // Deleted or merged between looking and writing: look again.
    refused: async (_effect, error) => (error.status === 404 || error.code === 219 ? 'retry' : null),
  };

  async function create(
    { person, link, isInBin }: { person: KnownRegistrant; link: SessionLink; isInBin: boolean },
    call: Call,
  ): Promise<Ending> {
    const unseen = store.sessionProspects.createdFor(person.emailKey);
    if (unseen && parts.clock.now() - unseen.knownAtMs < SETTLE) {
      return known(parts, person, unseen.prospectId, 'found');
    }
    if (store.effects.isUncertain('prospect', person.emailKey)) {
      throw later('another session may just have made the prospect', parts.clock.now());
    }
    const values = valuesFor(person.fields, undefined, rules);
    const campaignId = link.pardotCampaignId ?? 0;
    const made = await pardotPeople
      .createProspect({ email: person.email, campaignId, values }, call)
      .catch((error: unknown) => {
        if (!(error instanceof RefusedError) || !ADDRESS_TAKEN.includes(Number(error.code))) throw error;
        // A business unit with one prospect for each address: the one in the recycle bin stands in the way.
        if (isInBin) return undefined;
        throw later('the address has a prospect that cannot be seen yet', parts.clock.now());
      });
    if (!made) return IN_RECYCLE_BIN;
    // Made again at every attempt, it would be there many times.
    if (made.id === null) throw unseeable();
    return known(parts, person, made.id, 'created');
  }
}

function later(message: string, nowMs: number): RetryableError {
  const notBeforeMs = nowMs + SETTLE;
  return new RetryableError(message, {
    vendor: 'pardot',
    operation: 'POST /prospects',
    applied: 'not_applied',
    notBeforeMs,
  });
}

function unseeable(): RefusedError {
  return new RefusedError('the prospect was made, but the API user may not see it', {
    vendor: 'pardot',
    operation: 'POST /prospects',
    status: 204,
    hint: 'let the API user view prospects that are not assigned to it',
  });
}

/** With the address as Pardot spells it: that is how external activities find the prospect. */
function known(
  parts: ProspectParts,
  person: KnownRegistrant,
  prospectId: number,
  origin: ProspectOrigin,
): Ending {
  const { store, clock } = parts;
  return {
    state: 'done',
    record: () => store.sessionProspects.know({ ...person, prospectId, origin }, clock.now()),
  };
}

/** Livestorm keeps addresses in lower case, Pardot as they were typed: both spellings are looked for. */
async function findMatches(
  parts: ProspectParts,
  person: KnownRegistrant,
  call: Call,
): Promise<ProspectMatch[]> {
  const { pardot, pardotPeople, prospectRules: rules } = parts;
  const wanted = [...rules.fields]
    .filter(([, { overwrite }]) => overwrite !== 'never')
    .map(([field]) => field);
  const standard = wanted.filter((field) => !field.endsWith('__c'));
  const custom = wanted.filter((field) => field.endsWith('__c'));
  const matches = await pardotPeople.prospectsByEmail(person.emailKey, standard, call);
  if (matches.length === 0 && person.email !== person.emailKey) {
    matches.push(...(await pardotPeople.prospectsByEmail(person.email, standard, call)));
  }
  const ids = matches.filter(({ isDeleted }) => !isDeleted).map(({ id }) => id);
  if (custom.length === 0 || ids.length === 0) return matches;
  const read = new Map(
    (await pardot.prospects(ids, custom, call)).map((prospect) => [prospect.id, prospect]),
  );
  return matches.map((match) => ({ ...match, fields: { ...match.fields, ...read.get(match.id)?.fields } }));
}

function subject({ store }: ProspectParts, effect: Effect): { person: KnownRegistrant; link: SessionLink } {
  const { sessionId, emailKey } = effect;
  const person = store.registrants.get(sessionId ?? '', emailKey ?? '');
  const link = store.links.get(sessionId ?? '');
  if (!person || !link) throw new Error('a prospect effect without its registrant or link');
  return { person, link };
}
