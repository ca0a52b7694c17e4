import { dirname, isAbsolute, join } from 'node:path';

/** Relative paths in the configuration start at its own folder; without a file they stay as they are. */
export function besideFile(path: string, file: string | undefined): string {
  return isAbsolute(path) || file === undefined ? path : join(dirname(file), path);
}
