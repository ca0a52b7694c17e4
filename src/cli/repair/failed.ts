import { UsageError } from '../../errors.ts';
import { discard, failuresNamed, retry } from '../../repair/failing.ts';
import { failureGroups } from '../../repair/failure-groups.ts';
import { type BesideOptions, people, readState, tell, withState } from '../beside.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { failuresJson, groupJson, renderFailures, renderGroups } from './failed-view.ts';

/** `failed list`: what was given up, by cause; no addresses. */
export async function failedListCommand(options: BesideOptions, terminal: Terminal): Promise<number> {
  await readState(options, terminal, (store) => {
    const groups = failureGroups(store);
    const count = groups.reduce((sum, { failures }) => sum + failures.length, 0);
    tell(options, terminal, { failures: count, groups: groups.map(groupJson) }, renderGroups(groups));
  });
  return EXIT.ok;
}

export interface FailedOptions extends BesideOptions {
  /** A group, or one failure. */
  readonly name: string | undefined;
}

/** `failed show ID|GROUP`: whom it is about, and what the vendor said. */
export async function failedShowCommand(options: FailedOptions, terminal: Terminal): Promise<number> {
  await readState(options, terminal, (store) => {
    const group = failuresNamed(store, options.name ?? '');
    tell(options, terminal, failuresJson(group), renderFailures(group));
  });
  return EXIT.ok;
}

/** `failed retry ID|GROUP` or `--all`. Rejects with `NotPossibleError` when nothing can be sent again. */
export async function failedRetryCommand(
  options: FailedOptions & { readonly all: boolean },
  terminal: Terminal,
): Promise<number> {
  const { name, all } = options;
  if ((name === undefined) === !all) {
    throw new UsageError('it is not said what to retry', {
      hint: 'give one id or group of failed list, or --all',
    });
  }
  await withState(options, terminal, (store, nowMs) => {
    const groups = name === undefined ? failureGroups(store) : [failuresNamed(store, name)];
    const count = retry(store, groups, name ?? 'all', nowMs);
    tell(options, terminal, { retried: count }, `${count} to be sent again, by the running connector.\n`);
  });
  return EXIT.ok;
}

/** `failed discard ID|GROUP --reason TEXT`. */
export async function failedDiscardCommand(
  options: FailedOptions & { readonly reason: string | undefined },
  terminal: Terminal,
): Promise<number> {
  const { name = '', reason } = options;
  if (reason === undefined) {
    throw new UsageError('why is missing', { hint: 'add --reason TEXT: it is kept with every person' });
  }
  await withState(options, terminal, (store, nowMs) => {
    const count = discard(store, failuresNamed(store, name), reason, nowMs);
    tell(options, terminal, { discarded: count }, `${people(count)} discarded: nothing is sent for them.\n`);
  });
  return EXIT.ok;
}
