import { isoSeconds } from '../../clock.ts';
import type { Failure, FailureGroup } from '../../repair/failure-groups.ts';
import { table } from '../table.ts';

const IDS_SHOWN = 5;

export function renderGroups(groups: readonly FailureGroup[]): string {
  if (groups.length === 0) return 'Nothing has failed.\n';
  const shown = groups.map(({ id, what, cause, hint, failures }) => {
    const ids = failures.slice(0, IDS_SHOWN).map((failure) => failure.id);
    const more = failures.length > IDS_SHOWN ? ', …' : '';
    return `${id}  ${failures.length} × ${what}  (${ids.join(', ')}${more})\n  ${cause}\n  → ${hint}\n`;
  });
  return shown.join('\n');
}

export function renderFailures(group: FailureGroup): string {
  const { id, what, vendor, operation, code, hint, failures } = group;
  const where = [vendor, operation, code].filter((part) => part !== null).join(', ');
  const rows = failures.map((failure) => [
    failure.id,
    failure.email ?? (failure.prospectId === null ? '-' : `prospect ${failure.prospectId}`),
    failure.sessionId ?? '-',
    isoSeconds(failure.failedAtMs),
    String(failure.attempts),
    failure.words,
  ]);
  const head = `Group ${id}: ${what}${where ? ` (${where})` : ''}\n  → ${hint}\n\n`;
  return head + table(['id', 'who', 'session', 'failed at', 'attempts', 'what was said'], rows);
}

/** One group of `failed list --json`. */
export function groupJson({ failures, ...cause }: FailureGroup): object {
  const times = failures.map(({ failedAtMs }) => failedAtMs);
  return {
    group: cause.id,
    what: cause.what,
    vendor: cause.vendor,
    operation: cause.operation,
    code: cause.code,
    cause: cause.cause,
    hint: cause.hint,
    count: failures.length,
    first_at: isoSeconds(times.reduce((first, ms) => Math.min(first, ms))),
    last_at: isoSeconds(times.reduce((last, ms) => Math.max(last, ms))),
    ids: failures.map(({ id }) => id),
  };
}

/** `failed show --json`. */
export function failuresJson(group: FailureGroup): object {
  return { ...groupJson(group), failures: group.failures.map(failureJson) };
}

function failureJson({ id, email, prospectId, sessionId, failedAtMs, attempts, words }: Failure): object {
  return {
    id,
    email,
    prospect_id: prospectId,
    session_id: sessionId,
    failed_at: isoSeconds(failedAtMs),
    attempts,
    words,
  };
}
