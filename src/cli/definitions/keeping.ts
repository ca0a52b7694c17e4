import type { Definition } from '../definition.ts';

/** What is kept of people, and of the state itself. */
export const KEEPING: readonly Definition[] = [];
