import { isoSeconds } from '../../clock.ts';
import { emailKey } from '../../domain.ts';
import { UsageError } from '../../errors.ts';
import { decideHeld, type HeldDecision, type HeldGroup, heldGroups } from '../../repair/holding.ts';
import type { HeldPerson } from '../../store/holds.ts';
import { type BesideOptions, people, readState, tell, withState } from '../beside.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

/** `held list`: the brakes that hold somebody, and how many; with `people` also whom. */
export async function heldListCommand(
  options: BesideOptions & { readonly people: boolean },
  terminal: Terminal,
): Promise<number> {
  await readState(options, terminal, (store) => {
    const groups = heldGroups(store);
    const text = groups.map((group) => render(group, options.people)).join('\n');
    tell(
      options,
      terminal,
      { people: total(groups), holds: groups.map(groupJson) },
      text || 'Nobody is held.\n',
    );
  });
  return EXIT.ok;
}

export interface HeldDecisionOptions extends BesideOptions {
  readonly ending: HeldDecision['ending'];
  readonly email: string | undefined;
  readonly form: string | undefined;
  readonly session: string | undefined;
  readonly all: boolean;
  readonly reason: string | undefined;
}

/** `held release` and `held discard`. Rejects with `NotPossibleError` when it is not said who, or nobody is. */
export async function heldDecisionCommand(options: HeldDecisionOptions, terminal: Terminal): Promise<number> {
  const { email, form, session: sessionId, all, ending, reason = null } = options;
  if (!all && email === undefined && form === undefined && sessionId === undefined) {
    throw new UsageError('it is not said who is meant', {
      hint: 'give an address, --form, --session or --all',
    });
  }
  if (ending === 'discarded' && reason === null) {
    throw new UsageError('why is missing', { hint: 'add --reason TEXT: it is kept with every person' });
  }
  const selection = { emailKey: email === undefined ? undefined : emailKey(email), form, sessionId };
  await withState(options, terminal, (store, nowMs) => {
    const count = decideHeld(store, { selection, ending, reason }, nowMs);
    const text =
      ending === 'released'
        ? `${people(count)} released: they will be registered and get Livestorm's e-mail.\n`
        : `${people(count)} discarded: nothing is sent for them.\n`;
    tell(options, terminal, { ending, people: count }, text);
  });
  return EXIT.ok;
}

function total(groups: readonly HeldGroup[]): number {
  return groups.reduce((sum, group) => sum + group.people.length, 0);
}

function render({ hold, formName, people: held }: HeldGroup, withPeople: boolean): string {
  const what = hold.form ? `${hold.form}${formName ? ` "${formName}"` : ''}` : `session ${hold.sessionId}`;
  const sessions = Map.groupBy(held, ({ sessionId }) => sessionId);
  const going = hold.cause === 'burst' && hold.endedAtMs === null ? ', new people are held, too' : '';
  return [
    `Hold ${hold.id}: ${what}, since ${isoSeconds(hold.begunAtMs)}${going}`,
    `  ${hold.reason}`,
    ...[...sessions].map(([sessionId, some]) => `  ${people(some.length)} for session ${sessionId}`),
    ...(withPeople ? held.map(line) : []),
    '',
  ].join('\n');
}

function line({ email, sessionId, requestedAtMs }: HeldPerson): string {
  return `    ${isoSeconds(requestedAtMs)}  ${sessionId}  ${email}`;
}

function groupJson({ hold, formName, people: held }: HeldGroup): object {
  return {
    hold: hold.id,
    cause: hold.cause,
    form: hold.form,
    form_name: formName,
    session_id: hold.sessionId,
    reason: hold.reason,
    begun_at: isoSeconds(hold.begunAtMs),
    holds_new_people: hold.cause === 'burst' && hold.endedAtMs === null,
    people: held.map(({ email, sessionId, form, requestedAtMs }) => ({
      email,
      session_id: sessionId,
      form,
      submitted_at: isoSeconds(requestedAtMs),
    })),
  };
}
