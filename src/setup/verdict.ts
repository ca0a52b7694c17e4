import type { AppliedStep } from './apply.ts';

/** `incomplete`: something is left to do, for `--apply` or by hand; the other two say who has to do it first. */
export type Verdict = 'complete' | 'incomplete' | 'permission' | 'configuration';

/** What all steps together amount to. */
export function verdictOf(steps: readonly AppliedStep[]): Verdict {
  const open = steps.filter(isOpen);
  if (open.length === 0) return 'complete';
  const blames = open.map(({ result, blame }) => (result?.done === false && result.blame) || blame);
  if (blames.includes('configuration')) return 'configuration';
  return blames.includes('permission') ? 'permission' : 'incomplete';
}

/** Whether the step still stands in the way of a complete setup. */
export function isOpen({ state, advisory = false, result }: AppliedStep): boolean {
  return !advisory && state !== 'ok' && state !== 'unneeded' && result?.done !== true;
}
