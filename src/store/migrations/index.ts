import { initial } from './0001-initial.ts';

/** In order; the position is the version. Never change one that has shipped, add the next. */
export const MIGRATIONS: readonly string[] = [initial];
