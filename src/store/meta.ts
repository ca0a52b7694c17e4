import { createHash } from 'node:crypto';
import type { Database } from './database.ts';

/** Facts about this installation that are decided once. */
export class Meta {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * When this installation was first started: nothing older is touched. Stored at the first call, in whole seconds,
   * since that is how the vendors date what is made in the same second.
   */
  activate(nowMs: number): number {
    this.#db.run(
      "INSERT INTO meta (key, value) VALUES ('activated_at_ms', ?) ON CONFLICT DO NOTHING",
      String(Math.floor(nowMs / 1000) * 1000),
    );
    return this.activatedAtMs() ?? nowMs;
  }

  activatedAtMs(): number | undefined {
    const value = this.#read('activated_at_ms');
    return value === undefined ? undefined : Number(value);
  }

  /** It turned out that the installation is older than this state. */
  correctActivation(activatedAtMs: number): void {
    this.#db.run(
      "UPDATE meta SET value = ? WHERE key = 'activated_at_ms'",
      String(Math.floor(activatedAtMs / 1000) * 1000),
    );
  }

  /** Says that the daemon is at work. */
  beat(nowMs: number): void {
    this.#db.run(
      "INSERT INTO meta (key, value) VALUES ('alive_at_ms', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      String(nowMs),
    );
  }

  /** When the daemon last said so; undefined when systemd never watched it. */
  aliveAtMs(): number | undefined {
    const value = this.#read('alive_at_ms');
    return value === undefined ? undefined : Number(value);
  }

  /** When the state was last put back: what the vendors were sent before may be missing in it. */
  recoveredAtMs(): number | undefined {
    const value = this.#read('recovered_at_ms');
    return value === undefined ? undefined : Number(value);
  }

  /** The key of the keyed hash under which people appear in logs; made at the first call, never leaves the file. */
  personKey(): string {
    this.#db.run(
      "INSERT INTO meta (key, value) VALUES ('person_key', lower(hex(randomblob(32)))) ON CONFLICT DO NOTHING",
    );
    return this.#read('person_key') ?? '';
  }

  /** The same for a state that is only read; undefined while there is none. */
  knownPersonKey(): string | undefined {
    return this.#read('person_key');
  }

  /** The key of another state of this installation, from now on. */
  takePersonKey(key: string): void {
    this.#db.run(
      "INSERT INTO meta (key, value) VALUES ('person_key', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      key,
    );
  }

  /** Since when external activities are told, without a pause; stored at the first call after they were off. */
  activitiesSinceMs(isOn: boolean, nowMs: number): number {
    if (!isOn) {
      this.#db.run("DELETE FROM meta WHERE key = 'activities_since_ms'");
      return nowMs;
    }
    this.#db.run(
      "INSERT INTO meta (key, value) VALUES ('activities_since_ms', ?) ON CONFLICT DO NOTHING",
      String(Math.floor(nowMs / 1000) * 1000),
    );
    return Number(this.#read('activities_since_ms'));
  }

  /** Whether these differ from the credentials of the last start; remembers only their digest. */
  haveCredentialsChanged(credentials: readonly string[]): boolean {
    const now = digest(JSON.stringify(credentials));
    const before = this.#read('credentials_digest');
    this.#db.run(
      "INSERT INTO meta (key, value) VALUES ('credentials_digest', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      now,
    );
    return before !== now;
  }

  /** Salesforce may replace a refresh token at its use: the configured one then only says which one it grew from. */
  keepRefreshToken(configured: string, rotated: string): void {
    this.#db.run(
      "INSERT INTO meta (key, value) VALUES ('refresh_token', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      JSON.stringify({ grownFrom: digest(configured), rotated }),
    );
  }

  /** The token to use: the kept one if it grew from the configured one, else the configured one. */
  newestRefreshToken(configured: string): string {
    const kept = this.#read('refresh_token');
    if (kept === undefined) return configured;
    const { grownFrom, rotated } = JSON.parse(kept) as { grownFrom: string; rotated: string };
    return grownFrom === digest(configured) ? rotated : configured;
  }

  /** When tokens were asked for in vain, of late. */
  tokensInVain(): readonly number[] {
    return JSON.parse(this.#read('tokens_in_vain') ?? '[]') as number[];
  }

  keepTokensInVain(atMs: readonly number[]): void {
    this.#db.run(
      "INSERT INTO meta (key, value) VALUES ('tokens_in_vain', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      JSON.stringify(atMs),
    );
  }

  #read(key: string): string | undefined {
    return this.#db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
