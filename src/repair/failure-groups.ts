import { createHash } from 'node:crypto';
import { OUTCOMES, type Vendor } from '../domain.ts';
import { scrubber } from '../redact.ts';
import type { Effect, EffectKind } from '../store/effects.ts';
import type { Store } from '../store/store.ts';
import type { KnownSubmission } from '../store/submissions.ts';

/** One thing that failed, for one person where it is about one. */
export interface Failure {
  /** The number of the effect; of a submission `a` and the number of its activity. */
  readonly id: string;
  readonly sessionId: string | null;
  readonly email: string | null;
  readonly prospectId: number | null;
  readonly failedAtMs: number;
  readonly attempts: number;
  /** What the vendor said, or what we know. */
  readonly words: string;
  /** null of a submission. */
  readonly effect: Effect | null;
}

/** Everything that failed for the same cause. */
export interface FailureGroup {
  /** The same as long as the cause is the same. */
  readonly id: string;
  readonly what: EffectKind | 'submission';
  readonly vendor: Vendor | null;
  readonly operation: string | null;
  readonly code: string | null;
  /** Without addresses, ids and numbers. */
  readonly cause: string;
  readonly hint: string;
  readonly failures: readonly Failure[];
}

type Cause = Omit<FailureGroup, 'id' | 'failures'>;

/** The largest group first. */
export function failureGroups(store: Store): FailureGroup[] {
  const all = [
    ...store.failures.dead().map((effect) => ({ cause: causeOf(effect), failure: failureOf(store, effect) })),
    ...store.failures.stuck().map((submission) => ({
      cause: causeOfStuck(submission),
      failure: stuckFailure(submission),
    })),
  ];
  const groups = Map.groupBy(all, ({ cause }) => idOf(cause));
  return [...groups]
    .flatMap(([id, [first, ...rest]]) =>
      first ? [{ ...first.cause, id, failures: [first, ...rest].map(({ failure }) => failure) }] : [],
    )
    .sort((a, b) => b.failures.length - a.failures.length || (a.id < b.id ? -1 : 1));
}

function idOf({ what, vendor, operation, code, cause }: Cause): string {
  const text = JSON.stringify([what, vendor, operation, code, cause]);
  return `g${createHash('sha256').update(text).digest('hex').slice(0, 7)}`;
}

function causeOf({ kind, problem, attempts }: Effect): Cause {
  const isRefused = problem === null || problem.class === 'RefusedError';
  const otherwise = isRefused
    ? 'mend what the vendor complains of, then retry; or discard'
    : `failed ${attempts} times; retry when the vendor works again`;
  return {
    what: kind,
    vendor: problem?.vendor ?? null,
    operation: problem?.operation ?? null,
    code: problem?.code === undefined ? null : String(problem.code),
    cause: problem ? alike(problem.message) : NO_FIELD,
    hint: isImport(kind)
      ? 'its people went one by one; discard it'
      : (problem?.hint ?? (problem ? otherwise : NO_FIELD_HINT)),
  };
}

/** The one end without a problem: even the address alone was a field that Livestorm does not know. */
const NO_FIELD = 'Livestorm takes none of the fields, not even the e-mail address';
const NO_FIELD_HINT = "put an e-mail field on the event's form in Livestorm, then retry";

/** One import carries many; when it is given up each of them goes singly. */
export function isImport(kind: EffectKind): boolean {
  return kind.endsWith('_import');
}

function failureOf(store: Store, effect: Effect): Failure {
  const { id, sessionId, emailKey, prospectId, problem } = effect;
  const registration = emailKey === null ? undefined : store.registrations.get(sessionId ?? '', emailKey);
  return {
    id: String(id),
    sessionId,
    email: registration?.email ?? emailKey,
    prospectId,
    failedAtMs: effect.finishedAtMs ?? effect.createdAtMs,
    attempts: effect.attempts,
    words: problem?.message ?? NO_FIELD,
    effect,
  };
}

const STUCK_HINTS: Readonly<Record<string, string>> = {
  session_not_published:
    'publish the session or its event: they are then registered by themselves; or discard',
  prospect_missing: 'look at the form: a submission without a prospect has no e-mail address; discard',
};

function causeOfStuck({ outcome, assetName }: KnownSubmission): Cause {
  return {
    what: 'submission',
    vendor: null,
    operation: assetName,
    code: outcome,
    cause: outcome ? OUTCOMES[outcome] : '',
    hint: STUCK_HINTS[outcome ?? ''] ?? '',
  };
}

function stuckFailure(submission: KnownSubmission): Failure {
  const { activityId, email, prospectId, createdAtMs, outcome } = submission;
  return {
    id: `a${activityId}`,
    sessionId: null,
    email,
    prospectId,
    failedAtMs: createdAtMs,
    attempts: 0,
    words: outcome ? OUTCOMES[outcome] : '',
    effect: null,
  };
}

const scrub = scrubber([]);

/** What differs from person to person is left out, so that one cause is one text. */
function alike(message: string): string {
  return scrub(message)
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/gi, '…')
    .replaceAll(/\b\d{4,}\b/g, '…');
}
