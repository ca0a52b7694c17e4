import { isoSeconds } from '../../clock.ts';
import {
  MAILS_WITHOUT_ASKING,
  pausableNamed,
  pauseFlow,
  planResume,
  type ResumePlan,
  resumeFlow,
} from '../../repair/pausing.ts';
import { pauseJson } from '../../status/pause.ts';
import type { Pause } from '../../store/pauses.ts';
import { type BesideOptions, people, tell, withState } from '../beside.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

export interface PauseOptions extends BesideOptions {
  /** Everything when absent. */
  readonly flow: string | undefined;
  readonly reason: string | undefined;
}

/** `pause [FLOW]`: reads on, sends nothing, until `resume`. Returns 0, also when it was paused already. */
export async function pauseCommand(options: PauseOptions, terminal: Terminal): Promise<number> {
  const flow = pausableNamed(options.flow);
  await withState(options, terminal, (store, nowMs) => {
    const changed = pauseFlow(store, flow, options.reason ?? null, nowMs);
    const paused = store.pauses.all();
    tell(options, terminal, { changed, paused: paused.map(pauseJson) }, `${paused.map(sentence).join('')}`);
  });
  return EXIT.ok;
}

function sentence({ flow, sinceMs, waiting }: Pause): string {
  const what = flow === 'all' ? 'Everything is' : `${flow} is`;
  const sends = flow === 'all' ? 'nothing is sent' : 'nothing of it is sent';
  return `${what} paused since ${isoSeconds(sinceMs)}: ${sends}, reading goes on. ${waiting === 1 ? '1 write waits' : `${waiting} writes wait`}.\n`;
}

export interface ResumeOptions extends PauseOptions {
  /** Also when many people are mailed. */
  readonly yes: boolean;
}

/** `resume [FLOW]`: returns 3, and changes nothing, when many would be mailed and `yes` is not given. */
export async function resumeCommand(options: ResumeOptions, terminal: Terminal): Promise<number> {
  const flow = pausableNamed(options.flow);
  return await withState(options, terminal, (store, nowMs) => {
    const plan = planResume(store, flow);
    const isAgreed = options.yes || plan.mails <= MAILS_WITHOUT_ASKING;
    if (isAgreed) resumeFlow(store, plan, options.reason ?? null, nowMs);
    tell(options, terminal, resumeJson(plan, isAgreed), resumeText(plan, isAgreed));
    return isAgreed ? EXIT.ok : EXIT.partial;
  });
}

function resumeText({ ending, mails, tooLate }: ResumePlan, isDone: boolean): string {
  const names = ending.map(({ flow }) => (flow === 'all' ? 'everything' : flow)).join(', ');
  const everything = ending.find(({ flow }) => flow === 'all');
  const waiting = everything?.waiting ?? ending.reduce((sum, pause) => sum + pause.waiting, 0);
  return [
    isDone
      ? `Resumed: ${names}. ${waiting === 1 ? '1 write goes out' : `${waiting} writes go out`}.`
      : `Not resumed yet: ${names}.`,
    ...(mails > 0 ? [`${people(mails)} will be registered and get Livestorm's e-mail.`] : []),
    ...(tooLate > 0 ? [`${people(tooLate)} are too late: their session has ended or was canceled.`] : []),
    ...(isDone ? [] : ['Add --yes if that is what you want.']),
    '',
  ].join('\n');
}

function resumeJson({ flow, ending, mails, tooLate }: ResumePlan, done: boolean): object {
  return { flow, done, mails, too_late: tooLate, ended: done ? ending.map(pauseJson) : [] };
}
