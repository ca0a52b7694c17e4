import { isoSeconds } from '../../clock.ts';
import { OUTCOMES } from '../../domain.ts';
import { plural } from '../../plural.ts';
import type { BackfillPlan } from '../../repair/backfill.ts';
import type { BackfillPerson, LeftOut } from '../../repair/plan-backfill.ts';
import type { KnownSession } from '../../store/sessions.ts';
import { formOf } from '../../store/submissions.ts';
import { people as count } from '../beside.ts';
import { table } from '../table.ts';

export interface BackfillView {
  readonly plan: BackfillPlan;
  readonly limit: number;
  /** People put into the outbox; null when nothing was applied. */
  readonly applied: number | null;
  /** Another plan was to be applied. */
  readonly isStale: boolean;
}

export function renderBackfill(view: BackfillView, withPeople: boolean): string {
  const { plan } = view;
  const { people, leftOut, admission, submissions, scope } = plan;
  const rows = groups(plan).map(({ session, form, name, people: some }) => [
    session?.event?.title ?? '',
    session?.estimatedStartedAtMs ? isoSeconds(session.estimatedStartedAtMs) : '-',
    name ? `${form} "${name}"` : form,
    String(some.length),
  ]);
  const others = [...leftOut].map(
    ([reason, number]) => `${String(number).padStart(6)}  ${wordsFor(reason)}\n`,
  );
  const parts = [
    admission
      ? `${admissionText(plan)}\n`
      : `${plural(submissions, 'submission')} since ${isoSeconds(scope.sinceMs)} ${submissions === 1 ? 'was' : 'were'} read.\n`,
    rows.length > 0 ? `\n${table(['session', 'starts', 'form', 'people'], rows)}` : '',
    withPeople ? `\n${people.map(line).join('')}` : '',
    others.length > 0 ? `\nLeft out:\n${others.join('')}` : '',
    `\n${conclusion(view)}\n`,
  ];
  return parts.join('');
}

function admissionText({ admission }: BackfillPlan): string {
  return (
    `Session ${admission?.session.id} "${admission?.event.title}" is older than this installation: it would be linked, ` +
    'with a campaign and a list of its own, and its registrants would become prospects. Nobody is mailed for that.'
  );
}

function conclusion({ plan, limit, applied, isStale }: BackfillView): string {
  const { people, hash, admission } = plan;
  if (applied !== null) {
    const registers = `the running connector registers ${count(applied)}, after all other work.`;
    return admission ? 'Applied: the running connector links the session.' : `Applied: ${registers}`;
  }
  const isNothing = people.length === 0 && !admission;
  const stale = isStale ? 'The plan is another one by now: nothing was applied. ' : '';
  if (isNothing) return `${stale}Nobody is to be registered.`;
  const toApply = `${isStale ? '' : 'Nothing was changed. '}To do exactly this, add --apply ${hash}`;
  if (people.length === 0) return `${stale}${toApply}`;
  const mails = `${stale}${count(people.length)} would be registered and get an e-mail from Livestorm.`;
  if (people.length > limit)
    return `${mails} That is more than the limit of ${limit}: narrow it down, or say --limit.`;
  return `${mails} ${toApply}`;
}

function line({ registration }: BackfillPerson): string {
  return `  ${isoSeconds(registration.requestedAtMs)}  ${registration.sessionId}  ${registration.email}\n`;
}

function wordsFor(reason: LeftOut): string {
  if (reason === 'on_the_way') return 'on_the_way: is being registered';
  if (reason === 'again') return 'again: submitted more than once';
  return `${reason}: ${OUTCOMES[reason]}`;
}

interface Group {
  readonly session: KnownSession | undefined;
  readonly sessionId: string;
  readonly form: string;
  readonly name: string | null;
  readonly people: readonly BackfillPerson[];
}

/** By session and form. */
function groups({ people, sessions }: BackfillPlan): Group[] {
  const keyOf = ({ registration, candidate }: BackfillPerson): string =>
    `${registration.sessionId} ${formOf(candidate.known) ?? '-'}`;
  return [...Map.groupBy(people, keyOf)].map(([key, some]) => {
    const [sessionId = '', form = ''] = key.split(' ');
    const name = some[0]?.candidate.known.assetName ?? null;
    return { session: sessions.find(({ id }) => id === sessionId), sessionId, form, name, people: some };
  });
}

/** What `backfill --json` prints. */
export function backfillJson({ plan, limit, applied, isStale }: BackfillView): object {
  const { people, leftOut, admission, submissions, scope, hash } = plan;
  return {
    hash,
    applied,
    stale: isStale,
    limit,
    within_limit: people.length <= limit,
    since: isoSeconds(scope.sinceMs),
    ended: scope.ended,
    submissions,
    links_session: admission?.session.id ?? null,
    groups: groups(plan).map(({ sessionId, session, form, name, people: some }) => ({
      session_id: sessionId,
      title: session?.event?.title ?? null,
      status: session?.status ?? null,
      form,
      form_name: name,
      people: some.length,
    })),
    people: people.map(({ registration }) => ({
      email: registration.email,
      session_id: registration.sessionId,
      submitted_at: isoSeconds(registration.requestedAtMs),
    })),
    left_out: Object.fromEntries(leftOut),
  };
}
