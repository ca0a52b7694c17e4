import { OUTCOMES } from '../../domain.ts';
import type { MoveRequest } from '../../repair/move-facts.ts';
import type { Leaving, LeftAlone, MovePlan } from '../../repair/plan-move.ts';

export interface MoveView {
  readonly request: MoveRequest;
  readonly plan: MovePlan;
  /** How many of it were written; null when nothing was. */
  readonly moved: number | null;
  /** The plan asked for is not the one that the state has now. */
  readonly isStale: boolean;
  readonly isServiceAtWork: boolean;
  /** The campaign that the form carried at its last submission. */
  readonly formCampaignId: number | null;
}

const LEAVING: Readonly<Record<Leaving, string>> = {
  unregister: 'to be taken out of the wrong session in Livestorm',
  by_hand:
    'to be taken out by hand: also in another session of that event, and Livestorm may take them out of all',
  not_there: 'not in the wrong session in Livestorm',
  over: 'left in the wrong session in Livestorm, which is over',
  stays: 'left in the wrong session, where they belong, too',
};

/** What `move --json` prints. With addresses: it is as confidential as the plan. */
export function moveJson({ request, plan, moved, isStale, isServiceAtWork }: MoveView): object {
  return {
    form: request.form,
    from: request.from.session.id,
    to: request.to.session.id,
    plan: plan.hash,
    applied: moved !== null,
    moved: moved ?? 0,
    changed: isStale,
    service_at_work: isServiceAtWork,
    people: plan.people.map(({ emailKey, register, isHeld, leaving, prospectOffList }) => ({
      email: emailKey,
      register: register !== null,
      held: isHeld,
      wrong_session: leaving,
      leaves_list: prospectOffList !== null,
    })),
    left_alone: plan.leftAlone.map(({ emailKey, because }) => ({ email: emailKey, because })),
  };
}

export function renderMove(view: MoveView, options: { showPeople: boolean; call: string }): string {
  const { request, plan } = view;
  const { from, to, form } = request;
  const { people, leftAlone } = plan;
  const held = people.filter(({ isHeld }) => isHeld).length;
  const registered = people.filter(({ register }) => register !== null).length - held;
  const offList = people.filter(({ prospectOffList }) => prospectOffList !== null).length;
  const counts = [
    ...(registered > 0
      ? [`${registered} to be registered; Livestorm sends each of them its confirmation mail`]
      : []),
    ...(held > 0 ? [`${held} held, for the right session from then on; see livestorm-pardot held`] : []),
    ...(people.length > registered + held
      ? [`${people.length - registered - held} of those to be moved are there already`]
      : []),
    ...countLeaving(view),
    ...(offList > 0 ? [`${offList} to be taken off list ${from.link.listId ?? 'none'}`] : []),
    ...countLeftAlone(leftAlone),
  ];
  const lines = [
    `${form.replace(':', ' ').replace('_', ' ')}: from ${from.link.name} (${from.session.id})`,
    `  to ${to.link.name} (${to.session.id})`,
    '',
    ...(counts.length > 0 ? [...counts, ''] : []),
    ...(options.showPeople && counts.length > 0 ? [...listPeople(plan), ''] : []),
    ...advice(view),
    ...ending(view, options),
  ];
  return `${lines.join('\n')}\n`;
}

function countLeaving({ plan: { people } }: MoveView): string[] {
  return (Object.keys(LEAVING) as Leaving[]).flatMap((leaving) => {
    const count = people.filter((person) => person.leaving === leaving).length;
    return count === 0 ? [] : [`${count} ${LEAVING[leaving]}`];
  });
}

function countLeftAlone(leftAlone: readonly LeftAlone[]): string[] {
  const reasons = new Set(leftAlone.map(({ because }) => because));
  return [...reasons].map((reason) => {
    const count = leftAlone.filter(({ because }) => because === reason).length;
    return `${count} not moved: ${reasonText(reason)}`;
  });
}

function reasonText(reason: LeftAlone['because']): string {
  if (reason === 'on_its_way') return 'on the way to the wrong session; run this again in a few minutes';
  if (reason === 'session_live') return 'the wrong session is live; run this again when it is over';
  return OUTCOMES[reason];
}

function listPeople({ people, leftAlone }: MovePlan): string[] {
  return [
    ...people.map(
      ({ emailKey, register, isHeld, leaving }) =>
        `  ${emailKey}: ${isHeld ? 'held' : register ? 'to be registered' : 'is there already'}, ${LEAVING[leaving]}`,
    ),
    ...leftAlone.map(({ emailKey, because }) => `  ${emailKey}: not moved, ${reasonText(because)}`),
  ];
}

function advice({ request: { from }, formCampaignId }: MoveView): string[] {
  if (formCampaignId === null || formCampaignId !== from.link.pardotCampaignId) return [];
  return [
    `The form carried the wrong campaign (${formCampaignId}) when it was last submitted. Give it the right one in Account`,
    'Engagement first: until then whoever submits goes to the wrong session.',
    '',
  ];
}

function ending({ plan, moved, isStale, isServiceAtWork }: MoveView, { call }: { call: string }): string[] {
  if (isStale) {
    return [
      'This is not the plan that was asked for: something has changed meanwhile. Nothing was written. Look at it,',
      'then carry it out with',
      `  ${call} --apply ${plan.hash}`,
    ];
  }
  if (plan.people.length === 0) return ['Nothing is left to be moved.'];
  if (moved === null) return ['Nothing was written. To carry it out:', `  ${call} --apply ${plan.hash}`];
  const missed = plan.people.length - moved;
  return [
    ...(missed > 0
      ? [`${missed} were left out, since something about them has just changed: run this again.`]
      : []),
    isServiceAtWork
      ? 'Written down; the running service carries it out from now on.'
      : 'Written down; the service is not running, and carries it out when it is started.',
  ];
}
