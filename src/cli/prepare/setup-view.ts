import type { AppliedStep } from '../../setup/apply.ts';
import { describeAction, STATES } from '../../setup/step.ts';
import { isOpen, type Verdict, verdictOf } from '../../setup/verdict.ts';

export interface SetupView {
  readonly steps: readonly AppliedStep[];
  readonly applied: boolean;
}

const WIDTH = Math.max(...Object.values(STATES).map((text) => text.length));

/** For people: one line per thing, and under it what to do. */
export function renderSetup({ steps, applied }: SetupView): string {
  const lines = steps.flatMap((step) => [headline(step), ...advice(step).map(indented)]);
  return `${lines.join('\n')}\n\n${summary(steps, applied)}\n`;
}

function headline({ what, state, found, result }: AppliedStep): string {
  if (!result) return `${STATES[state].padEnd(WIDTH)}  ${what}: ${found}`;
  const [word, text] = result.done ? ['done', result.note] : ['failed', result.problem];
  return `${word.padEnd(WIDTH)}  ${what}: ${text}`;
}

function advice({ action, byHand, result }: AppliedStep): string[] {
  if (result?.done) return [];
  if (result) return [result.hint, byHand].flatMap((text) => text ?? []);
  return [
    ...(action ? [`with --apply: ${describeAction(action)}`] : []),
    ...(byHand ? [action ? `or by hand: ${byHand}` : byHand] : []),
  ];
}

function indented(text: string): string {
  return `${' '.repeat(WIDTH + 2)}  ${text}`;
}

const VERDICTS: Readonly<Record<Exclude<Verdict, 'complete'>, string>> = {
  incomplete: '',
  permission: ' Permissions are missing.',
  configuration: ' The configuration has to be corrected.',
};

function summary(steps: readonly AppliedStep[], applied: boolean): string {
  const verdict = verdictOf(steps);
  if (verdict === 'complete') return 'Everything that can be checked is set up.';
  const open = steps.filter(isOpen).length;
  const left = `${open} ${open === 1 ? 'thing is' : 'things are'} left to do.`;
  return `${left}${VERDICTS[verdict]}${applied ? '' : ' Nothing was changed.'}`;
}

/** What `setup --json` prints. */
export function setupJson({ steps, applied }: SetupView): unknown {
  return {
    verdict: verdictOf(steps),
    applied,
    steps: steps.map(({ what, state, found, action, byHand, advisory = false, result }) => ({
      what,
      state,
      found,
      advisory,
      apply: action ? describeAction(action) : null,
      by_hand: byHand ?? null,
      result: result && {
        done: result.done,
        text: result.done ? result.note : result.problem,
        hint: (!result.done && result.hint) || null,
      },
    })),
  };
}
