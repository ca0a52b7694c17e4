import type { Definition } from '../definition.ts';

/** What an admin does about what went wrong. */
export const REPAIRING: readonly Definition[] = [];
