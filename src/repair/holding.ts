import { wantAnew } from '../reconcile/want-registration.ts';
import type { HeldPerson, HeldSelection, Hold } from '../store/holds.ts';
import type { Store } from '../store/store.ts';
import { inParts } from './in-parts.ts';
import { NotPossibleError } from './not-possible.ts';

/** One brake with the people whom it holds. */
export interface HeldGroup {
  readonly hold: Hold;
  /** What the form was called; null when nobody of it waits any more. */
  readonly formName: string | null;
  readonly people: readonly HeldPerson[];
}

export function heldGroups(store: Store): HeldGroup[] {
  const people = Map.groupBy(store.holds.people(), ({ holdId }) => holdId);
  return store.holds.current().map((hold) => {
    const held = people.get(hold.id) ?? [];
    return { hold, formName: hold.form && (held[0]?.formName ?? null), people: held };
  });
}

export interface HeldDecision {
  readonly selection: HeldSelection;
  readonly ending: 'released' | 'discarded';
  readonly reason: string | null;
}

/**
 * Registers the people who are meant, or ends them. Meant as a whole, a form is let through again: released, it is
 * counted anew from now on; discarded, what it brought still counts. Throws `NotPossibleError` when nobody is meant.
 */
export function decideHeld(store: Store, decision: HeldDecision, nowMs: number): number {
  const { ending, reason } = decision;
  const selection = { ...decision.selection, form: formNamed(store, decision.selection.form) };
  const people = whoIsMeant(store, selection, ending);
  const holds = selection.emailKey === undefined ? store.holds.current().filter(isMeant(selection)) : [];
  if (people.length === 0 && holds.length === 0) {
    throw new NotPossibleError('nobody is held there', { hint: 'held list shows who is' });
  }
  store.transaction(() => {
    // First of all: nobody else is held while those who are go out.
    for (const { id } of holds) store.holds.end(id, ending, nowMs);
    const subject = subjectOf(selection, holds);
    store.decisions.record({ atMs: nowMs, action: `held ${ending}`, subject, count: people.length, reason });
  });
  return inParts(store, people, (person) => decideOne(store, person, decision, nowMs));
}

function decideOne(
  store: Store,
  person: HeldPerson,
  { ending, reason }: HeldDecision,
  nowMs: number,
): boolean {
  const now = store.registrations.get(person.sessionId, person.emailKey)?.outcome;
  if (now !== 'held' && now !== 'discarded') return false;
  if (ending === 'discarded') {
    store.registrations.conclude(person, { outcome: 'discarded', detail: reason }, nowMs);
  } else {
    store.registrations.reopen(person);
    wantAnew(store, person, nowMs);
  }
  return true;
}

/** Somebody who was discarded can be released by name after all. */
function whoIsMeant(
  store: Store,
  selection: HeldSelection,
  ending: HeldDecision['ending'],
): readonly HeldPerson[] {
  const held = store.holds.people(selection);
  if (held.length > 0 || ending === 'discarded' || selection.emailKey === undefined) return held;
  return store.holds.people({ ...selection, discarded: true });
}

function isMeant({ form, sessionId, holdId }: HeldSelection): (hold: Hold) => boolean {
  return (hold) =>
    (form === undefined || hold.form === form) &&
    (sessionId === undefined || hold.sessionId === sessionId) &&
    (holdId === undefined || hold.id === holdId);
}

/** Without an address: it stays in the state for as long as the state does. */
function subjectOf({ emailKey, form, sessionId }: HeldSelection, holds: readonly Hold[]): string {
  const parts = [
    emailKey === undefined ? null : 'one person',
    form ?? null,
    sessionId === undefined ? null : `session ${sessionId}`,
    holds.length > 0 ? `hold ${holds.map(({ id }) => id).join(', ')}` : null,
  ];
  return parts.filter((part) => part !== null).join(', ') || 'everybody';
}

/** `form:12` or, where only one kind is held, `12`. */
function formNamed(store: Store, name: string | undefined): string | undefined {
  if (name === undefined || name.includes(':')) return name;
  const forms = new Set([
    ...store.holds.people().map(({ form }) => form),
    ...store.holds.current().map(({ form }) => form),
  ]);
  const meant = [...forms].filter((form) => form?.split(':')[1] === name);
  if (meant.length > 1) {
    throw new NotPossibleError(`${name} may be ${meant.join(' or ')}`, { hint: 'name it in full' });
  }
  return meant[0] ?? name;
}
