/** Maps become objects, all the way down: as JSON says the same. */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(
    [...(value as Map<string, unknown>)].map(([key, entry]) => [key, plainValue(entry)]),
  );
}
