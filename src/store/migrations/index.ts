import { initial } from './0001-initial.ts';
import { repair } from './0002-repair.ts';
import { keeping } from './0003-keeping.ts';
import { lookups } from './0004-lookups.ts';
import { unpublished } from './0005-unpublished.ts';

/** In order; the position is the version. Never change one that has shipped, add the next. */
export const MIGRATIONS: readonly string[] = [initial, repair, keeping, lookups, unpublished];
