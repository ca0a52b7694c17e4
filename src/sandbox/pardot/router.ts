import type { Reply } from '../kernel/exchange.ts';
import { readBody } from './body.ts';
import { type Call, type Collection, demandAbilities } from './collection.ts';
import { Failure } from './failure.ts';
import { runQuery } from './query.ts';
import { createRecord, readRecord, removeRecord, updateRecord } from './records.ts';

const PATH =
  /^\/api\/v5\/(objects\/)?([a-z-]+)(?:\/(\d{1,15})(?:\/(?!do\/)([a-z]+))?)?(?:\/do\/([A-Za-z]+))?$/;

/** Finds what a path and a method mean; 198 for no such path, 60 for no such method. pardot.md §1.1. */
export function route(call: Call): Reply {
  const [, objects, name = '', idText, below, action] = PATH.exec(call.exchange.path) ?? [];
  const collection = call.collections.get(name);
  const isOutside = collection?.outsideObjects ?? false;
  if (!collection || isOutside === (objects !== undefined)) throw new Failure(198);
  const id = idText === undefined ? collection.idOf?.(call.state) : Number(idText);
  if (action !== undefined) return runAction(call, collection, id, action);
  if (below !== undefined) return onSubResource(call, collection, Number(idText), below);
  return id === undefined ? onCollection(call, collection) : onRecord(call, collection, id);
}

function onCollection(call: Call, collection: Collection): Reply {
  switch (call.exchange.method) {
    case 'GET':
      demandAbilities(call.state, collection.abilities.view);
      return runQuery(call, collection);
    case 'POST':
      return createRecord(call, collection);
    default:
      throw new Failure(60);
  }
}

function onRecord(call: Call, collection: Collection, id: number): Reply {
  switch (call.exchange.method) {
    case 'GET':
      demandAbilities(call.state, collection.abilities.view);
      return readRecord(call, collection, id);
    case 'PATCH':
      return updateRecord(call, collection, id);
    case 'DELETE':
      return removeRecord(call, collection, id);
    default:
      throw new Failure(60);
  }
}

function onSubResource(call: Call, collection: Collection, id: number, name: string): Reply {
  const below = collection.subResources ?? {};
  const resource = Object.hasOwn(below, name) ? below[name] : undefined;
  if (!resource) throw new Failure(198);
  if (call.exchange.method !== resource.method) throw new Failure(60);
  demandAbilities(call.state, resource.abilities);
  return resource.run(call, id);
}

function runAction(call: Call, collection: Collection, id: number | undefined, name: string): Reply {
  const actions = collection.actions ?? {};
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action || (action.on === 'record') !== (id !== undefined)) throw new Failure(205, name);
  if (call.exchange.method !== 'POST') throw new Failure(60);
  demandAbilities(call.state, action.abilities);
  return action.run(call, id, readBody(call.exchange));
}
