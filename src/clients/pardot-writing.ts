import type { Call, FieldValue } from '../domain.ts';
import { understand } from './answers.ts';
import { requireBody, requireId } from './json.ts';
import type { PardotWire, Route } from './pardot-wire.ts';

/** Writes one record. Returns its id; null when it was written but may not be read (204, pardot.md §2.1). */
export function writeRecord(
  wire: PardotWire,
  target: Pick<Route, 'method' | 'path' | 'operation'>,
  record: object,
  call: Call,
): Promise<number | null> {
  const route: Route = { ...target, query: { fields: 'id' }, body: JSON.stringify(record) };
  return wire.ask(route, call, (context, response) => {
    if (response.status === 204) return null;
    return understand(context, response, () => requireId(requireBody(response.body).id, 'id'));
  });
}

/** As fields are written: null empties a field, several values are joined by `;` (pardot.md §8.1). */
export function writtenFields(
  values: Readonly<Record<string, FieldValue | null>>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [
      field,
      value === null || typeof value === 'string' ? value : value.join(';'),
    ]),
  );
}
