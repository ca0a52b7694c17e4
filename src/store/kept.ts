import type { Database } from './database.ts';

type Name = 'alerts' | 'tally';

/** What parts of the program keep for themselves, as JSON under a name. */
export class Kept {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** As it was saved under the name; undefined when nothing was. */
  load<T>(name: Name): T | undefined {
    const row = this.#db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', name);
    return row && (JSON.parse(row.value) as T);
  }

  save(name: Name, value: unknown): void {
    this.#db.run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      name,
      JSON.stringify(value),
    );
  }
}
