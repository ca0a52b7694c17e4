import type { Config } from '../../src/config/config.ts';
import type { Dice } from './dice.ts';
import type { Feature } from './endpoints.ts';

/** What the admin has chosen in the configuration; may be another from some restart on. */
export interface Choices {
  readonly formRegistrations: boolean;
  readonly externalActivities: boolean;
  readonly removeUnregistered: boolean;
  readonly recycleBin: Config['safety']['recycleBin'];
  readonly deniedDomains: readonly string[];
  /** People of one session; 0: no imports. */
  readonly importFrom: number;
  readonly livestormJobs: boolean;
  /** Calls of Livestorm in 30 days, of Pardot in a day. */
  readonly monthlyBudget: number;
  readonly dailyBudget: number;
  /** So many people through one form in ten minutes are ordinary; 0: no limit. */
  readonly burst: number;
}

/** Out of reach for any world. */
const PLENTY = 10_000;

/** The first configuration and, now and then, the one that follows it. */
export function drawChoices(
  dice: Dice,
  { features, crowd }: { readonly features: ReadonlySet<Feature>; readonly crowd: number },
): readonly Choices[] {
  const first: Choices = {
    formRegistrations: true,
    // Of many people they cost more than all the rest.
    externalActivities: dice.chance(crowd > 0 ? 0.1 : 0.85),
    removeUnregistered: features.has('removals') || dice.chance(0.2),
    recycleBin: dice.pick(['leave_alone', 'leave_alone', 'create_new']),
    deniedDomains: dice.chance(0.3) ? ['denied.example'] : [],
    importFrom: features.has('imports') ? 2 : 0,
    livestormJobs: features.has('jobs'),
    ...drawBudgets(dice, crowd),
    burst: crowd === 0 && dice.chance(0.06) ? dice.between(2, 3) : 0,
  };
  if (!dice.chance(0.15)) return [first];
  const changes: readonly ((choices: Choices) => [Choices, Choices])[] = [
    (was) => [{ ...was, formRegistrations: false }, was],
    (was) => [was, { ...was, externalActivities: !was.externalActivities }],
    (was) => [was, { ...was, removeUnregistered: !was.removeUnregistered }],
    (was) => [was, { ...was, recycleBin: was.recycleBin === 'create_new' ? 'leave_alone' : 'create_new' }],
    (was) => [was, { ...was, deniedDomains: was.deniedDomains.length > 0 ? [] : ['denied.example'] }],
    (was) => [was, { ...was, importFrom: was.importFrom > 0 ? 0 : 2 }],
    (was) => [was, { ...was, livestormJobs: !was.livestormJobs }],
  ];
  return dice.pick(changes)(first);
}

function drawBudgets(dice: Dice, crowd: number): Pick<Choices, 'monthlyBudget' | 'dailyBudget'> {
  const isShort = crowd === 0 && dice.chance(0.06);
  const ofLivestorm = dice.chance(0.4);
  return {
    monthlyBudget: isShort && ofLivestorm ? dice.between(15, 60) : PLENTY,
    dailyBudget: isShort && !ofLivestorm ? dice.between(30, 90) : PLENTY,
  };
}
