import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Case, Ended } from './enumeration.ts';

const WORKER = fileURLToPath(new URL('./crash-worker.ts', import.meta.url));

/** A process of its own that plays what it is given, one case after the other. */
export class Player {
  readonly #child: ChildProcess = fork(WORKER, { execArgv: ['--import', 'tsx'] });
  #answer: PromiseWithResolvers<Ended> | undefined;

  constructor() {
    this.#child.on('message', (ended: Ended) => this.#answer?.resolve(ended));
    this.#child.on('exit', (code) => this.#answer?.reject(new Error(`a player broke off with ${code}`)));
  }

  async play(what: Case): Promise<Ended> {
    this.#answer = Promise.withResolvers();
    this.#child.send(what);
    return await this.#answer.promise;
  }

  [Symbol.dispose](): void {
    this.#child.disconnect();
  }
}

export type Task = (player: Player) => Promise<void>;

/** Every task is done by one of the players, as one of them is free. */
export async function share(players: readonly Player[], tasks: Iterable<Task>): Promise<void> {
  const queue = tasks[Symbol.iterator]();
  await Promise.all(
    players.map(async (player) => {
      for (let next = queue.next(); !next.done; next = queue.next()) await next.value(player);
    }),
  );
}
