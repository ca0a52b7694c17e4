import { fetch } from 'undici';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { JWT_BEARER, signAssertion } from './salesforce/assertion.ts';

export const START_MS = Date.UTC(2026, 2, 1, 9);
const MINUTE = 60_000;
const keys = newKeyPair();

/** A started sandbox on a clock that the test moves, spoken to over HTTP as any client would. */
export class Rehearsal {
  readonly sandbox: Sandbox;
  readonly #clock: { nowMs: number };
  #token = '';

  private constructor(sandbox: Sandbox, clock: { nowMs: number }) {
    this.sandbox = sandbox;
    this.#clock = clock;
  }

  static async start(options: SandboxOptions = {}): Promise<Rehearsal> {
    const clock = { nowMs: START_MS };
    const sandbox = await Sandbox.start({ clock: { now: () => clock.nowMs }, keys, ...options });
    return new Rehearsal(sandbox, clock);
  }

  pass(minutes: number): void {
    this.#clock.nowMs += minutes * MINUTE;
  }

  /** A token by a JWT grant; the same one each time. */
  async token(): Promise<string> {
    if (this.#token !== '') return this.#token;
    const { salesforce } = this.sandbox.urls;
    const { clientId: iss, username: sub, privateKeyPem } = this.sandbox.credentials.salesforce;
    const exp = this.#clock.nowMs / 1000 + 180;
    const assertion = signAssertion({ iss, sub, aud: salesforce, exp }, privateKeyPem);
    const reply = await fetch(`${salesforce}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: JWT_BEARER, assertion }),
    });
    this.#token = ((await reply.json()) as { access_token: string }).access_token;
    return this.#token;
  }

  /** One call to Pardot; the parsed answer. */
  async pardot(path: string): Promise<Record<string, unknown>> {
    const reply = await fetch(`${this.sandbox.urls.pardot}/api/v5${path}`, {
      headers: {
        authorization: `Bearer ${await this.token()}`,
        'pardot-business-unit-id': this.sandbox.credentials.pardot.businessUnitId,
      },
    });
    return (await reply.json()) as Record<string, unknown>;
  }

  /** A session with a campaign of its own, mirrored in Pardot, and a form on it. */
  link(): { sessionId: string; campaignId: number; formId: number } {
    const { livestorm, salesforce, pardot } = this.sandbox;
    const event = livestorm.world.createEvent({ title: 'Product tour' });
    const session = livestorm.world.createSession(event.id, { startsAtMs: START_MS + 1440 * MINUTE });
    const salesforceId = salesforce.world.createCampaign({ name: 'Product tour', externalId: session.id });
    this.pass(10);
    const mirror = pardot.world.campaigns().find((campaign) => campaign.salesforceId === salesforceId);
    if (!mirror) throw new Error('the campaign is not mirrored');
    const formId = pardot.world.createForm({ name: 'Registration', campaignId: mirror.id });
    return { sessionId: session.id, campaignId: mirror.id, formId };
  }

  async get(path: string): Promise<{ status: number; text: string; cookie: string }> {
    return this.#page(path, {});
  }

  /** Posts a form to a page, without following where it leads. */
  async post(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string; cookie: string; location: string }> {
    return this.#page(path, { method: 'POST', body: new URLSearchParams(form), headers });
  }

  async #page(path: string, init: Parameters<typeof fetch>[1]) {
    const reply = await fetch(this.sandbox.urls.pages + path, { ...init, redirect: 'manual' });
    return {
      status: reply.status,
      text: await reply.text(),
      cookie: reply.headers.get('set-cookie')?.split(';')[0] ?? '',
      location: reply.headers.get('location') ?? '',
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]();
  }
}
