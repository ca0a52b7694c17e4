import type { SwitchSpec } from './spec.ts';

/** The text that stands for a switch's value in a form. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The value a text stands for. `standard` is its default and shows what kind of value it takes.
 * Throws `RangeError` with a text for the person who wrote it.
 */
export function fromText(text: string, spec: SwitchSpec, standard: unknown): unknown {
  if (spec.choices) {
    const chosen = spec.choices.find((choice) => String(choice) === text);
    if (chosen === undefined) throw refused(text, `one of ${spec.choices.join(', ')}`);
    return chosen;
  }
  if (spec.timeZone && !isTimeZone(text)) throw refused(text, 'a time zone like Europe/Paris');
  if (typeof standard === 'string') return text;
  const value = parse(text);
  if (spec.nullable) {
    if (value === null || isAmount(value)) return value;
    throw refused(text, 'a number or null');
  }
  if (!sameKind(value, standard)) throw refused(text, `something like ${toText(standard)}`);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(text, 'a number, true, false, null or JSON');
  }
}

function sameKind(value: unknown, standard: unknown): boolean {
  if (typeof standard === 'number') return isAmount(value);
  if (Array.isArray(standard)) {
    return Array.isArray(value) && value.every((item) => typeof item === 'string');
  }
  if (!isRecord(standard)) return typeof value === typeof standard;
  if (!isRecord(value)) return false;
  return Object.entries(standard).every(([name, part]) => sameKind(value[name], part));
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(text: string, wanted: string): RangeError {
  return new RangeError(`“${text}” does not fit, write ${wanted}`);
}
