import type { Config } from '../config/config.ts';
import { nearest } from '../config/nearest.ts';
import { printable } from '../config/printable.ts';
import type { LivestormEvent } from '../domain.ts';
import { type Finding, ok } from './finding.ts';

const AREA = 'fields';

/** Whether the mapped Livestorm fields are those of the next events, and the required ones are mapped (livestorm.md §6.1). */
export function planEventFields(events: readonly LivestormEvent[], config: Config): Finding[] {
  if (events.length === 0) return [UNCHECKED];
  return [...planSent(events, config), ...planRequired(events, config), ...planAnswers(events, config)];
}

const UNCHECKED: Finding = {
  area: AREA,
  level: 'note',
  what: 'Fields of Livestorm events',
  found: 'no connected event has a session to come',
  why: 'Whether the mapped fields exist can be seen on an event only.',
  fix: 'Run doctor again once the next event is there.',
};

/** What goes from the prospect to Livestorm. */
function planSent(events: readonly LivestormEvent[], { flows, fields }: Config): Finding[] {
  if (!flows.formRegistrations) return [];
  return [...fields.registration.keys()].map((id) =>
    planKnown(events, id, 'fields.registration', 'The value is left out of every registration.'),
  );
}

/** What comes from Livestorm to the prospect. */
function planAnswers(events: readonly LivestormEvent[], { flows, fields }: Config): Finding[] {
  if (!flows.registrants) return [];
  const sent = new Set(flows.formRegistrations ? fields.registration.keys() : []);
  const ids = new Set([...fields.prospect.values()].map(({ from }) => from));
  return [...ids]
    .filter((id) => !sent.has(id))
    .map((id) => planKnown(events, id, 'fields.prospect', 'The prospect field is never written.'));
}

function planKnown(events: readonly LivestormEvent[], id: string, key: string, why: string): Finding {
  const what = `Livestorm field ${printable(id)}`;
  const having = events.filter((event) => event.fields.some((field) => field.id === id)).length;
  if (having > 0) return ok(AREA, what, `asked for by ${having} of ${events.length} events to come`);
  const known = new Set(events.flatMap((event) => event.fields.map((field) => field.id)));
  const meant = nearest(id, known);
  const fix =
    meant === null
      ? `known: ${[...known].map((other) => printable(other)).join(', ')}`
      : `did you mean ${printable(meant)}?`;
  const found = `none of ${events.length} events to come has it`;
  return { area: AREA, level: 'warning', what, found, why, fix: `In ${key}: ${fix}` };
}

/** Registered anyway: the attendee is asked for the rest later. */
function planRequired(events: readonly LivestormEvent[], { flows, fields }: Config): Finding[] {
  if (!flows.formRegistrations) return [];
  const mapped = new Set(['email', ...fields.registration.keys()]);
  const missing = new Set(
    events.flatMap((event) =>
      event.fields.filter(({ id, required }) => required && !mapped.has(id)).map(({ id }) => id),
    ),
  );
  return [...missing].map((id) => ({
    area: AREA,
    level: 'warning',
    what: `Livestorm field ${printable(id)}`,
    found: 'an event requires it, and fields.registration does not fill it',
    why: 'Who comes through a Pardot form is registered without it and may be asked for it by Livestorm.',
    fix: 'Map it in fields.registration, or make it optional in the event.',
  }));
}
