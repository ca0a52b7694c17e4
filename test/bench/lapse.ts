import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const PRELOAD = new URL('./time-lapse.mjs', import.meta.url).href;
const UNIT = fileURLToPath(new URL('../../systemd/livestorm-pardot.service', import.meta.url));

/** Shorter than anything that must not be passed over: a skip goes through no second twice and sleeps through none. */
const HURRY = 5_000;

/** What the process holds, in bytes, and the processor time it took so far. */
export interface Holding {
  readonly rss: number;
  readonly heapUsed: number;
  readonly peak: number;
  readonly cpuMs: number;
}

export interface LapseOptions {
  /** How much faster than real time it goes. */
  readonly speed: number;
  readonly switches?: SandboxOptions['switches'];
  /** Changes the text of the configuration. */
  readonly yaml?: (text: string) => string;
}

/** The program as built, with the flags of the unit, against the sandbox in this process; their time runs faster. */
export class Lapse {
  readonly sandbox: Sandbox;
  readonly #child: ChildProcess;
  readonly #dir: string;
  readonly #clock: { now(): number; skippedMs: number };
  readonly #speed: number;
  readonly log: string[] = [];

  private constructor(parts: {
    sandbox: Sandbox;
    child: ChildProcess;
    dir: string;
    clock: Lapse['clock'];
    speed: number;
  }) {
    this.sandbox = parts.sandbox;
    this.#child = parts.child;
    this.#dir = parts.dir;
    this.#clock = parts.clock;
    this.#speed = parts.speed;
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.log.push(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.log.push(text));
  }

  static async start(options: LapseOptions): Promise<Lapse> {
    const { speed, switches = {}, yaml: change = (same) => same } = options;
    const base = Date.now();
    const clock = { skippedMs: 0, now: () => base + (Date.now() - base) * speed + clock.skippedMs };
    const sandbox = await Sandbox.start({ clock, switches });
    const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-lapse-'));
    const file = await sandbox.writeConfig(dir);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    const flags = [...unitFlags(), '--import', PRELOAD];
    const child = spawn(process.execPath, [...flags, MAIN, 'run', '--config', file], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { PATH: process.env.PATH, TIME_LAPSE: `${base},${speed}` },
    });
    const lapse = new Lapse({ sandbox, child, dir, clock, speed });
    await lapse.until('it has started', () => lapse.log.some((text) => text.includes('"started"')));
    return lapse;
  }

  get clock(): { now(): number; skippedMs: number } {
    return this.#clock;
  }

  /** Lets time skip ahead for both. */
  async skip(ms: number): Promise<void> {
    this.#clock.skippedMs += ms;
    await this.#ask({ skipMs: ms });
  }

  /** Lets so much of its time pass. */
  async pass(ms: number): Promise<void> {
    await delay(ms / this.#speed);
  }

  holding(): Promise<Holding> {
    return this.#ask({ skipMs: 0 });
  }

  /** Hurries through the waits until it is so. Rejects when that takes ten real minutes, or the program ended. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    for (const untilMs = Date.now() + 600_000; !isSo(); await this.#hurry()) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`ended: ${this.log.slice(-3).join('')}`);
      if (Date.now() > untilMs)
        throw new Error(`not within ten minutes: ${what}\n${this.log.slice(-3).join('')}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'close');
    }
    await this.sandbox[Symbol.asyncDispose]();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #hurry(): Promise<void> {
    await delay(HURRY / this.#speed);
    if (this.log.some((text) => text.includes('"started"'))) await this.skip(HURRY);
  }

  async #ask(question: { skipMs: number }): Promise<Holding> {
    const answered = once(this.#child, 'message') as Promise<[Holding]>;
    this.#child.send(question);
    const [holding] = await answered;
    return holding;
  }
}

/** Node's flags in the shipped unit: what production runs with. */
export function unitFlags(): string[] {
  const start = /^ExecStart=.*\/node (.*?)\S*dist\/main\.js/m.exec(readFileSync(UNIT, 'utf8'));
  if (start?.[1] === undefined) throw new Error('the unit starts no dist/main.js');
  return start[1]
    .trim()
    .split(/\s+/)
    .filter((flag) => flag !== '');
}
