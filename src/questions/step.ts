import type { Outcome } from '../domain.ts';

/** One thing that happened to a person, or was decided about them. */
export interface Step {
  /** null when nobody knows the time. */
  readonly atMs: number | null;
  readonly what:
    | 'submission'
    | 'decision'
    | 'registration'
    | 'people list'
    | 'prospect'
    | 'write'
    | 'attendance';
  readonly text: string;
  /** The outcome by its name, where one was decided. */
  readonly decision: Outcome | null;
  /** What will happen by itself, or what to do; null when nothing will. */
  readonly next: string | null;
  /** Whose ids they are → id. */
  readonly ids: Readonly<Record<string, string | number>>;
}
