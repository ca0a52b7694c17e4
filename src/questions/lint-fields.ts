import type { FormRoute, LinkTarget, Warning } from './link-facts.ts';

/** What Livestorm asks for and does not get: registered all the same, by the address alone (livestorm.md §6.1). */
export function fieldWarnings(
  { session, link }: LinkTarget,
  routes: readonly FormRoute[],
  mapping: ReadonlyMap<string, string>,
): Warning[] {
  if (routes.length === 0) return [];
  const required = (session.event?.fields ?? []).filter((field) => field.required && field.id !== 'email');
  return required.flatMap(({ id }): Warning[] => {
    const pardotField = mapping.get(id);
    const warn = (kind: Warning['kind'], form: string | null, text: string): Warning => ({
      ...{ severity: 'warning' as const, kind, form, sessionId: session.id, text },
    });
    if (pardotField === undefined) {
      return [
        warn(
          'field_unmapped',
          null,
          `${link.name} requires "${id}", which fields.registration does not fill`,
        ),
      ];
    }
    return routes
      .filter(({ neverFilled }) => neverFilled?.has(pardotField) === true)
      .map(({ form, name }) =>
        warn(
          'field_never_filled',
          form,
          `${link.name} requires "${id}", but nobody who submitted "${name}" of late has a ${pardotField}`,
        ),
      );
  });
}
