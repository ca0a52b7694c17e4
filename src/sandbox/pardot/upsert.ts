import type { Reply } from '../kernel/exchange.ts';
import { checkProperties, isObject } from './body.ts';
import type { Body, Call, Collection } from './collection.ts';
import { Failure } from './failure.ts';
import { createThroughApi, updateThroughApi } from './prospect-writes.ts';
import { byActivity, byUpdate, prospectsByEmail } from './prospects.ts';
import { changedReply, selectionOf } from './records.ts';
import type { Prospect } from './rows.ts';
import type { PardotState } from './state.ts';
import { storedValue } from './values.ts';

const ARGUMENTS = ['matchEmail', 'prospect', 'fields', 'secondaryDeletedSearch'];

interface Upsert {
  readonly matchEmail: string;
  readonly prospect: Body;
  readonly fields: readonly string[];
  readonly secondaryDeletedSearch: boolean;
}

/** `POST /prospects/do/upsertLatestByEmail`. pardot.md §3.1. */
export function upsertLatestByEmail(call: Call, prospects: Collection, body: Body): Reply {
  const { state } = call;
  const upsert = readArguments(body);
  checkProperties(upsert.prospect, prospects.fields(state));
  const selection = selectionOf(call, prospects, upsert.fields);
  const match = findMatch(state, upsert);
  const { id } = match
    ? updateThroughApi(state, match, upsert.prospect, 'upsert')
    : createThroughApi(state, { email: upsert.matchEmail, ...upsert.prospect }, 'upsert');
  const created = !match && state.switches.upsertStatus === '201_when_created';
  return changedReply(call, prospects, selection, id, created ? 201 : 200);
}

/** Codes 208, 207, 206 for the arguments, 4 for the address. */
function readArguments(body: Body): Upsert {
  const unknown = Object.keys(body).filter((name) => !ARGUMENTS.includes(name));
  if (unknown.length > 0) throw new Failure(208, unknown.join(', '));
  const { matchEmail, prospect, fields = [], secondaryDeletedSearch = true } = body;
  const missing = ARGUMENTS.slice(0, 2).filter((name) => body[name] === undefined || body[name] === null);
  if (missing.length > 0) throw new Failure(207, missing.join(', '));
  if (typeof matchEmail !== 'string') throw new Failure(206, 'matchEmail');
  if (!isObject(prospect)) throw new Failure(206, 'prospect');
  if (typeof secondaryDeletedSearch !== 'boolean') throw new Failure(206, 'secondaryDeletedSearch');
  if (!isTexts(fields)) throw new Failure(206, 'fields');
  storedValue('matchEmail', { type: 'email', writable: true }, matchEmail);
  return { matchEmail, prospect, fields, secondaryDeletedSearch };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** The latest of those with the address; one in the recycle bin only when allowed, and then it is revived. */
function findMatch(state: PardotState, upsert: Upsert): Prospect | undefined {
  const latest = state.switches.upsertMatch === 'latest_activity' ? byActivity : byUpdate;
  const matches = prospectsByEmail(state, upsert.matchEmail).sort(latest);
  const live = matches.find((row) => !row.isDeleted);
  if (live) return live;
  const mayRevive = upsert.secondaryDeletedSearch || !state.switches.ampsea;
  return mayRevive ? matches[0] : undefined;
}
