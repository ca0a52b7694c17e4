import type { LinkTarget } from '../../questions/link-facts.ts';
import { type Difference, isUnexplained, type Missing } from '../../questions/reconcile.ts';

export interface ReconcileView {
  readonly calls: { readonly livestorm: number; readonly pardot: number };
  /** The difference is null when Livestorm no longer knows the session. */
  readonly sessions: readonly { readonly target: LinkTarget; readonly difference: Difference | null }[];
}

/** What `reconcile --json` prints; `email` is null unless people are shown. */
export function reconcileJson({ calls, sessions }: ReconcileView, showPeople: boolean): object {
  return {
    calls,
    explained: sessions.every(({ difference }) => !difference?.missing.some(isUnexplained)),
    sessions: sessions.map(({ target, difference }) => ({
      session_id: target.session.id,
      name: target.link.name,
      gone: difference === null,
      submitted: difference?.submitted ?? 0,
      registered: difference?.registered ?? 0,
      missing: (difference?.missing ?? []).map((missing) => ({
        activity_id: missing.activityId,
        prospect_id: missing.prospectId,
        email: showPeople ? missing.email : null,
        reason: missing.reason,
        explained: !isUnexplained(missing),
        text: missing.text,
      })),
      without_submission: {
        direct: difference?.direct ?? 0,
        by_service: difference?.byService ?? 0,
        team_members: difference?.teamMembers ?? 0,
        guest_speakers: difference?.speakers ?? 0,
        anonymous: difference?.anonymous ?? 0,
      },
      moved_but_there: difference?.movedButThere ?? 0,
      repair: repairFor(target, difference?.missing ?? []),
    })),
  };
}

export function renderReconcile({ sessions }: ReconcileView, showPeople: boolean): string {
  if (sessions.length === 0)
    return 'No linked session is open or ended in the last week; --all takes every one.\n';
  const blocks = sessions.map(({ target, difference }) => renderSession(target, difference, showPeople));
  const unexplained = sessions.flatMap(({ difference }) => difference?.missing.filter(isUnexplained) ?? []);
  const end =
    unexplained.length === 0 ? 'Every difference is explained.' : `${unexplained.length} unexplained.`;
  return `${blocks.join('\n')}\n${end}\n`;
}

function renderSession(
  { session, link }: LinkTarget,
  difference: Difference | null,
  showPeople: boolean,
): string {
  const title = `${link.name} (${session.id})\n`;
  if (!difference) return `${title}  Livestorm no longer knows this session.\n`;
  const { submitted, registered, missing } = difference;
  const sum = `${submitted} submitted: ${registered} registered, ${missing.length} not`;
  const lines = [
    submitted === 0 ? 'nobody submitted' : sum,
    ...reasons(missing, showPeople),
    ...besides(difference),
  ];
  if (difference.movedButThere > 0) {
    lines.push(`${difference.movedButThere} are still in Livestorm although moved: take them out there`);
  }
  const repair = repairFor({ session, link }, missing);
  if (repair) lines.push(`→ ${repair}`);
  return title + lines.map((line) => `  ${line}\n`).join('');
}

function reasons(missing: readonly Missing[], showPeople: boolean): string[] {
  const byReason = Map.groupBy(missing, ({ reason }) => reason);
  return [...byReason.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const mark = isUnexplained(first) ? 'unexplained: ' : '';
    const people = group.map(
      ({ email, activityId, prospectId }) =>
        `    ${showPeople ? `${email ?? 'no address yet'}, ` : ''}activity ${activityId}, prospect ${prospectId ?? 'none'}`,
    );
    return [`  ${group.length}  ${mark}${first.text}`, ...(showPeople || mark ? people : [])];
  });
}

function besides({ direct, byService, teamMembers, speakers, anonymous }: Difference): string[] {
  const counted = [
    [direct, 'registered there directly'],
    [byService, 'moved here, or registered for an earlier submission'],
    [teamMembers, 'of the team'],
    [speakers, 'guest speaking'],
    [anonymous, 'anonymous'],
  ] as const;
  const told = counted.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? [] : [`besides in Livestorm: ${told.join(', ')}`];
}

/** The command that mends what is unexplained; null when there is none. */
function repairFor({ session }: LinkTarget, missing: readonly Missing[]): string | null {
  if (missing.some(({ reason }) => reason === 'never_read'))
    return `livestorm-pardot backfill --session ${session.id}`;
  if (missing.some(({ reason }) => reason === 'lost'))
    return 'look at the person in Livestorm; livestorm-pardot why EMAIL tells the rest';
  if (missing.some(({ reason }) => reason === 'dead')) return 'livestorm-pardot failed list';
  return missing.some(({ reason }) => reason === 'held') ? 'livestorm-pardot held list' : null;
}
