import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** A place on loopback where nobody may come: it counts who connects, and answers nobody. */
export class Trap {
  visits = 0;
  readonly #server = createServer((socket: Socket) => {
    this.visits++;
    socket.destroy();
  });

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
