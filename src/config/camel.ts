type CamelName<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelName<Tail>>}`
  : Name;

export type CamelKeys<Section> = {
  readonly [Name in keyof Section as CamelName<Name>]: Section[Name];
};

/** `{ daily_budget: 1 }` → `{ dailyBudget: 1 }`, one level deep: from the names of the file to those of the code. */
export function camelKeys<Section extends object>(section: Section): CamelKeys<Section> {
  const renamed = Object.entries(section).map(([name, value]) => [
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(renamed) as CamelKeys<Section>;
}
