import { isoSeconds } from '../clock.ts';
import type { Pause } from '../store/pauses.ts';

export interface PauseJson {
  readonly flow: Pause['flow'];
  readonly since: string;
  /** Writes that it keeps back so far. */
  readonly waiting: number;
}

/** As every command prints a pause with `--json`. */
export function pauseJson({ flow, sinceMs, waiting }: Pause): PauseJson {
  return { flow, since: isoSeconds(sinceMs), waiting };
}
