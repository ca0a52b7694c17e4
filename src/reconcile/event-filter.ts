export interface EventFilter {
  /** Globs on title or id, `*` stands for anything; empty means all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Which events the configuration connects. Letter case does not matter. */
export function eventFilter(filter: EventFilter): (event: { id: string; title: string }) => boolean {
  const include = filter.include.map(globToRegExp);
  const exclude = filter.exclude.map(globToRegExp);
  return ({ id, title }) => {
    const matches = (pattern: RegExp): boolean => pattern.test(title) || pattern.test(id);
    return (include.length === 0 || include.some(matches)) && !exclude.some(matches);
  };
}

function globToRegExp(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'is');
}
