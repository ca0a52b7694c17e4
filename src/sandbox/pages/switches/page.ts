import { DEFAULT_SWITCHES } from '../../livestorm/switches.ts';
import { switchesWith } from '../../pardot/switches.ts';
import { SALESFORCE_DEFAULTS } from '../../salesforce/switches.ts';
import { Html, html } from '../html.ts';
import type { Page } from '../layout.ts';
import { actionButton } from '../parts.ts';
import type { World } from '../world.ts';
import { LIVESTORM_SPECS } from './livestorm.ts';
import { PARDOT_SPECS } from './pardot.ts';
import { SALESFORCE_SPECS } from './salesforce.ts';
import type { SwitchSpec } from './spec.ts';
import { fromText, toText } from './values.ts';

const NAMES = {
  livestorm: 'Livestorm',
  pardot: 'Account Engagement (Pardot)',
  salesforce: 'Salesforce',
} as const;
export type SwitchVendor = keyof typeof NAMES;
const VENDORS = Object.keys(NAMES) as readonly SwitchVendor[];

interface Switch {
  readonly name: string;
  readonly spec: SwitchSpec;
  readonly standard: unknown;
  readonly value: unknown;
}

/** Every switch of every vendor, each with the value it has now. */
export function switchesPage(world: World, note: string | undefined): Page {
  return {
    title: 'Switches',
    section: '/switches',
    note,
    lead: 'What the vendors leave unsaid, and how an account may be set up. A change counts from the next request on.',
    body: VENDORS.map((vendor) => vendorCard(vendor, switchesOf(world, vendor))),
  };
}

/** Sets one switch from a filled-in form; throws `RangeError` when it cannot take the value. */
export function setSwitch(world: World, vendor: SwitchVendor, name: string, text: string): void {
  const found = switchesOf(world, vendor).find((each) => each.name === name);
  if (!found) throw new RangeError(`${NAMES[vendor]} has no switch “${name}”`);
  Object.assign(world.switches[vendor], { [name]: fromText(text, found.spec, found.standard) });
}

/** Puts every switch of a vendor back. */
export function resetSwitches(world: World, vendor: SwitchVendor): void {
  Object.assign(world.switches[vendor], defaultsOf(vendor));
}

export function isSwitchVendor(text: string): text is SwitchVendor {
  return VENDORS.some((vendor) => vendor === text);
}

function switchesOf(world: World, vendor: SwitchVendor): Switch[] {
  const specs: Readonly<Record<string, SwitchSpec>> = {
    livestorm: LIVESTORM_SPECS,
    pardot: PARDOT_SPECS,
    salesforce: SALESFORCE_SPECS,
  }[vendor];
  const values = new Map<string, unknown>(Object.entries(world.switches[vendor]));
  const standards = new Map<string, unknown>(Object.entries(defaultsOf(vendor)));
  return Object.entries(specs).map(([name, spec]) => ({
    name,
    spec,
    standard: standards.get(name),
    value: values.get(name),
  }));
}

/** Fresh each time: nobody may change the defaults through a nested value. */
function defaultsOf(vendor: SwitchVendor): object {
  return structuredClone(
    { livestorm: DEFAULT_SWITCHES, pardot: switchesWith(), salesforce: SALESFORCE_DEFAULTS }[vendor],
  );
}

function vendorCard(vendor: SwitchVendor, switches: readonly Switch[]): Html {
  const changed = switches.filter(isChanged).length;
  const state = changed === 0 ? 'all at their defaults' : `${changed} changed`;
  return html`<details class="card"${new Html(changed > 0 ? ' open' : '')}><summary>${NAMES[vendor]}: ${switches.length} switches, ${state}</summary>
${switches.map((each) => switchRow(vendor, each))}
${changed > 0 && actionButton('Reset these', `/switches/${vendor}/reset`, {}, 'danger')}</details>`;
}

function switchRow(vendor: SwitchVendor, each: Switch): Html {
  const id = `${vendor}-${each.name}`;
  return html`<form class="switch${isChanged(each) && ' changed'}" method="post" action="/switches/${vendor}">
<div><label for="${id}">${each.spec.text}</label><code class="name quiet">${each.name}</code></div>
<div class="row"><input type="hidden" name="name" value="${each.name}">${control(id, each)}<button class="second tiny">Set</button></div></form>`;
}

function control(id: string, { spec, standard, value }: Switch): Html {
  const choices = spec.choices ?? (typeof standard === 'boolean' ? [true, false] : undefined);
  if (!choices) return html`<input id="${id}" name="value" value="${toText(value)}">`;
  const options = choices.map(
    (choice) =>
      html`<option value="${String(choice)}"${choice === value && new Html(' selected')}>${String(choice)}</option>`,
  );
  return html`<select id="${id}" name="value">${options}</select>`;
}

function isChanged({ standard, value }: Switch): boolean {
  return JSON.stringify(value) !== JSON.stringify(standard);
}
