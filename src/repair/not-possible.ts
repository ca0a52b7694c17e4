import { AppError } from '../errors.ts';

/** What the admin asked for makes no sense as things stand. Nothing was changed. */
export class NotPossibleError extends AppError {}
