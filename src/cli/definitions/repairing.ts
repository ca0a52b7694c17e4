import type { Definition } from '../definition.ts';
import { BACKFILL } from './backfill.ts';
import { FAILED } from './failed.ts';
import { HELD } from './held.ts';
import { PAUSING } from './pausing.ts';

/** What an admin does about what went wrong. */
export const REPAIRING: readonly Definition[] = [...FAILED, ...HELD, ...PAUSING, ...BACKFILL];
