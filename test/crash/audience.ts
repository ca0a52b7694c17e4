import Sqlite from 'better-sqlite3';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openStoreReadOnly, stateFile } from '../../src/store/store.ts';

interface Webinar {
  readonly title: string;
  readonly sessionId: string;
  /** There is one as soon as the campaign is mirrored. */
  formId: number | undefined;
}

interface Person {
  readonly email: string;
  readonly webinar: Webinar;
  readonly by: 'api' | 'page';
}

/** People who submit forms and register, and what must have become of them. */
export class Audience {
  readonly #sandbox: Sandbox;
  readonly #stateDir: string;
  readonly #webinars: Webinar[] = [];
  readonly #people: Person[] = [];

  constructor(sandbox: Sandbox, stateDir: string) {
    this.#sandbox = sandbox;
    this.#stateDir = stateDir;
  }

  /** How many have come in this way. */
  count(by: Person['by']): number {
    return this.#people.filter((person) => person.by === by).length;
  }

  newSession(startsAtMs: number): void {
    const { world } = this.#sandbox.livestorm;
    const title = `Webinar ${this.#webinars.length}`;
    const { id } = world.createSession(world.createEvent({ title }).id, { startsAtMs });
    this.#webinars.push({ title, sessionId: id, formId: undefined });
  }

  /** One person on the page of the newest session, and one by the newest form. */
  arrive(): void {
    const { livestorm, pardot } = this.#sandbox;
    const newest = this.#webinars.at(-1);
    if (!newest) throw new Error('there is no session');
    const page = `page${this.#people.length}@example.org`;
    livestorm.world.registerOnPage(newest.sessionId, { email: page, firstName: 'Page' });
    this.#people.push({ email: page, webinar: newest, by: 'page' });
    for (const webinar of this.#webinars) webinar.formId ??= this.#newForm(webinar);
    const webinar = this.#webinars.findLast(({ formId }) => formId !== undefined);
    if (webinar?.formId === undefined) return;
    const form = `form${this.#people.length}@example.org`;
    pardot.world.submitForm(webinar.formId, { email: form, firstName: 'Form' });
    this.#people.push({ email: form, webinar, by: 'api' });
  }

  /** Whatever is not as it must be; empty when everything is done, once. */
  problems(): string[] {
    return [
      ...this.#problemsOfState(),
      ...this.#webinars.flatMap((webinar) => this.#problemsOfLink(webinar)),
      ...this.#people.flatMap((person) => this.#problemsOf(person)),
    ];
  }

  #newForm({ title }: Webinar): number | undefined {
    const { world } = this.#sandbox.pardot;
    const campaign = world.campaigns().find(({ name }) => name.startsWith(`${title} - `));
    return campaign && world.createForm({ name: title, campaignId: campaign.id });
  }

  #problemsOfState(): string[] {
    const sqlite = new Sqlite(stateFile(this.#stateDir), { readonly: true });
    const integrity = String(sqlite.pragma('integrity_check', { simple: true }));
    sqlite.close();
    using store = openStoreReadOnly(this.#stateDir);
    const open = Map.groupBy(store.effects.open(), ({ kind, state, problem }) =>
      [kind, 'is', state, problem?.message ?? ''].join(' ').trim(),
    );
    return [
      ...(integrity === 'ok' ? [] : [integrity]),
      ...[...open].map(([what, effects]) => `${effects.length} × ${what}`),
    ];
  }

  #problemsOfLink({ title }: Webinar): string[] {
    const { salesforce, pardot } = this.#sandbox;
    const named = ({ name }: { readonly name: string }): boolean => name.startsWith(`${title} - `);
    return [
      ...unless(salesforce.world.campaigns().filter(named).length, 1, `${title}: campaigns`),
      ...unless(pardot.world.lists().filter(named).length, 1, `${title}: lists`),
    ];
  }

  #problemsOf({ email, webinar, by }: Person): string[] {
    const { livestorm, pardot } = this.#sandbox;
    const people = livestorm.world.people(webinar.sessionId).filter((person) => person.email === email);
    const prospects = pardot.world.prospectsByEmail(email);
    const activities = prospects.flatMap(({ externalActivities }) => externalActivities);
    return [
      ...unless(people.length, 1, `${email}: registrations`),
      ...unless(people[0]?.registeredBy, by, `${email}: registered by`),
      ...unless(people[0]?.confirmationsSent, 1, `${email}: mails`),
      ...unless(prospects.length, 1, `${email}: prospects`),
      ...unless(prospects[0]?.lists.length, 1, `${email}: lists`),
      ...unless(activities.filter(({ type }) => type === 'Registered').length, 1, `${email}: activities`),
    ];
  }
}

function unless(found: unknown, wanted: unknown, what: string): string[] {
  return found === wanted ? [] : [`${what}: ${found ?? 'none'}, not ${wanted}`];
}
