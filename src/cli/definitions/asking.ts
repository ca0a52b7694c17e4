import type { Definition } from '../definition.ts';

/** What only looks, and tells. */
export const ASKING: readonly Definition[] = [];
