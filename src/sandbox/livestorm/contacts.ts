import type { Random } from '../kernel/clock.ts';
import type { PersonRecord } from './model.ts';
import type { LivestormSwitches } from './switches.ts';

/** Everybody the workspace knows, one row per address. */
export class Contacts {
  readonly #random: Random;
  readonly #switches: LivestormSwitches;
  readonly #byKey = new Map<string, PersonRecord>();
  readonly #byId = new Map<string, PersonRecord>();
  /** The team member that owns every event. */
  readonly owner: PersonRecord;

  constructor(random: Random, switches: LivestormSwitches, nowMs: number) {
    this.#random = random;
    this.#switches = switches;
    this.owner = this.#add('host@workspace.example', nowMs, { role: 'team_member', isAnonymous: false });
    this.owner.firstName = 'Harriet';
    this.owner.lastName = 'Host';
  }

  all(): readonly PersonRecord[] {
    return [...this.#byId.values()];
  }

  byId(id: string): PersonRecord | undefined {
    return this.#byId.get(id);
  }

  byEmail(email: string): PersonRecord | undefined {
    return this.#byKey.get(this.#key(email));
  }

  /** The contact with this address, made now when there is none. */
  obtain(email: string, nowMs: number): PersonRecord {
    return this.byEmail(email) ?? this.#add(email, nowMs, { role: 'participant', isAnonymous: false });
  }

  /** A person without address (vendor sheet §6.2, "e-mail missing"). */
  anonymous(nowMs: number): PersonRecord {
    const email = `${Math.floor(nowMs / 1000)}+${this.#random.uuid()}@unknown.livestorm.co`;
    return this.#add(email, nowMs, { role: 'participant', isAnonymous: true });
  }

  #add(email: string, nowMs: number, kind: Pick<PersonRecord, 'role' | 'isAnonymous'>): PersonRecord {
    const person: PersonRecord = {
      id: this.#random.uuid(),
      email: this.#switches.emailCase === 'folded' ? email.toLowerCase() : email,
      firstName: null,
      lastName: null,
      ...kind,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    this.#byKey.set(this.#key(email), person);
    this.#byId.set(person.id, person);
    return person;
  }

  #key(email: string): string {
    return this.#switches.emailCase === 'distinct' ? email : email.toLowerCase();
  }
}
