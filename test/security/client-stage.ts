import { guardJsforce } from '../../src/clients/jsforce-guard.ts';
import { LivestormJobsClient } from '../../src/clients/livestorm-jobs.ts';
import { PardotImportsClient } from '../../src/clients/pardot-imports.ts';
import { PardotPeopleClient } from '../../src/clients/pardot-people.ts';
import type { SalesforceAuth } from '../../src/clients/salesforce-grant.ts';
import { SalesforceSetupClient } from '../../src/clients/salesforce-setup.ts';
import { createTokenSource } from '../../src/clients/salesforce-token.ts';
import type { LoginSource } from '../../src/clients/token-source.ts';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import type { Exchange, Reply, VendorService } from '../../src/sandbox/kernel/exchange.ts';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { fake, START } from '../support/builders.ts';
import { InProcessDispatcher } from '../support/in-process.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import type { ClientCall, Connected, Stage } from './client-calls.ts';

const TIMEOUT_MS = 10_000;
const SEE_AT_ONCE = { min: 0, max: 0 };
const EMAIL = 'ada@example.org';

type Answering = (vendor: VendorService['name'], exchange: Exchange) => Reply;

/** Clients whose requests are answered by the sandbox, or by whatever a test puts in its place. */
export class ClientStage {
  readonly clock = new VirtualClock(START, { virtualDeadlines: true });
  readonly call: Call = { work: 'registrations', signal: new AbortController().signal };
  readonly #sandbox = Sandbox.create({
    clock: this.clock,
    keys: newKeyPair(),
    switches: { pardot: { readLagMs: SEE_AT_ONCE }, livestorm: { burstLimit: 10_000 } },
  });
  readonly #dispatcher: InProcessDispatcher;
  #answer: Answering = (vendor, exchange) => this.#sandboxAnswer(vendor, exchange);
  #facts: Stage | undefined;

  constructor() {
    const standIn = fake<Sandbox>({
      urls: this.#sandbox.urls,
      answer: (vendor, exchange) => ({ kind: 'reply', reply: this.#answer(vendor, exchange) }),
    });
    this.#dispatcher = new InProcessDispatcher(standIn, this.clock);
    guardJsforce(this.#dispatcher, TIMEOUT_MS);
  }

  static async set(): Promise<ClientStage> {
    const stage = new ClientStage();
    stage.#facts = await stage.#furnish();
    return stage;
  }

  /** The answers that the sandbox gives to one call, in order. Rejects as the call does. */
  async record(ask: ClientCall): Promise<Reply[]> {
    const replies: Reply[] = [];
    this.#answer = (vendor, exchange) => this.#sandboxAnswer(vendor, exchange);
    const { accessToken, instanceUrl } = await this.#logins().login(this.call);
    this.#answer = (vendor, exchange) => {
      const reply = this.#sandboxAnswer(vendor, exchange);
      replies.push(reply);
      return reply;
    };
    await this.#ask(ask, fixedLogins(accessToken, instanceUrl));
    return replies;
  }

  /** The same call, its answers given by `answer`, whatever it asks for. */
  async replay(ask: ClientCall, answer: (index: number) => Reply): Promise<unknown> {
    let count = 0;
    this.#answer = () => answer(count++);
    return await this.#ask(ask, fixedLogins('a-token-of-no-value', this.#sandbox.urls.salesforce));
  }

  /** One token request by a grant, as `record` and `replay` take it. */
  tokenRequest(kind: SalesforceAuth['kind']): ClientCall {
    return (_connected, _stage, call) => this.#logins(kind).login(call);
  }

  #ask(ask: ClientCall, tokens: LoginSource): Promise<unknown> {
    if (!this.#facts) throw new Error('the stage is not set');
    return ask(this.#connect(tokens), this.#facts, this.call);
  }

  #connect(tokens: LoginSource): Connected {
    const { clock } = this;
    const { urls, credentials } = this.#sandbox;
    const http = { dispatcher: this.#dispatcher, clock, timeoutMs: TIMEOUT_MS, maxBytes: 5_000_000 };
    const livestorm = { http, baseUrl: urls.livestorm, token: () => credentials.livestorm.apiToken };
    const rest = {
      clock,
      apiVersion: '66.0',
      timeoutMs: TIMEOUT_MS,
      governor: new OpenGovernor('salesforce'),
    };
    return {
      livestorm: { ...livestorm, governor: new OpenGovernor('livestorm') },
      pardot: {
        http,
        baseUrl: urls.pardot,
        businessUnitId: credentials.pardot.businessUnitId,
        tokens,
        governor: new OpenGovernor('pardot'),
      },
      salesforce: { ...rest, tokens },
    };
  }

  #logins(kind: SalesforceAuth['kind'] = 'jwt'): LoginSource {
    const { salesforce } = this.#sandbox.credentials;
    const { clientId, clientSecret, refreshToken, username, privateKeyPem: privateKey } = salesforce;
    const loginUrl = this.#sandbox.urls.salesforce;
    const auth = {
      jwt: { kind: 'jwt', clientId, username, privateKey, audience: loginUrl },
      client_credentials: { kind: 'client_credentials', clientId, clientSecret },
      refresh_token: { kind: 'refresh_token', clientId, clientSecret, refreshToken },
    } as const;
    return createTokenSource({
      auth: auth[kind],
      loginUrl,
      apiVersion: '66.0',
      clock: this.clock,
      governor: new OpenGovernor('salesforce'),
      timeoutMs: TIMEOUT_MS,
    });
  }

  #sandboxAnswer(vendor: VendorService['name'], exchange: Exchange): Reply {
    const played = this.#sandbox.answer(vendor, exchange);
    if (played.kind !== 'reply') throw new Error('no faults are armed here');
    return played.reply;
  }

  /** One of everything, and a second person beside the one that is asked for. */
  async #furnish(): Promise<Stage> {
    const { livestorm, pardot, salesforce } = this.#sandbox;
    const { id: eventId } = livestorm.world.createEvent({ title: 'An event' });
    const { id: sessionId } = livestorm.world.createSession(eventId, { startsAtMs: START + HOUR });
    const person = livestorm.world.registerOnPage(sessionId, { email: EMAIL });
    livestorm.world.registerOnPage(sessionId, { email: 'bob@example.org' });
    const { id: onDemand } = livestorm.world.createSession(eventId, { startsAtMs: START - DAY });
    livestorm.world.makeOnDemand(onDemand);
    const campaignId = pardot.world.createCampaign({ name: 'A campaign', createdAtMs: START - DAY });
    const formId = pardot.world.createForm({ name: 'A form', campaignId });
    pardot.world.createFormHandler({ name: 'A handler', campaignId });
    pardot.world.createLandingPage({ name: 'A page', campaignId, formId });
    pardot.world.submitForm(formId, { email: EMAIL, firstName: 'Ada', company: 'Engines' });
    pardot.world.submitForm(formId, { email: 'bob@example.org' });
    const listId = pardot.world.createList({ name: 'A list', campaignId });
    const salesforceCampaignId = salesforce.world.createCampaign({ name: 'A campaign' });
    await this.clock.advance(MINUTE);
    const [first, second] = pardot.world.prospects();
    const connected = this.#connect(this.#logins());
    const people = new PardotPeopleClient(connected.pardot);
    await people.addToList(listId, second?.id ?? 0, this.call);
    const activity = { extension: 'Livestorm', type: 'Registered', email: EMAIL, value: 'x' };
    await people.createExternalActivity({ ...activity, happenedAtMs: this.clock.now() - MINUTE }, this.call);
    const { jobId } = await new LivestormJobsClient(connected.livestorm).startRegistration(
      sessionId,
      [{ email: 'carl@example.org' }],
      this.call,
    );
    const extension = await new SalesforceSetupClient(connected.salesforce).findExtension(
      'Livestorm',
      this.call,
    );
    return {
      nowMs: this.clock.now(),
      ...{ eventId, sessionId, personId: person.personId, email: EMAIL, campaignId, listId, jobId },
      prospectId: first?.id ?? 0,
      activityId: pardot.world.activities()[0]?.id ?? 0,
      ...(await this.#imports(connected)),
      extensionId: extension?.id ?? '',
      salesforceCampaignId,
    };
  }

  async #imports(connected: Connected): Promise<Pick<Stage, 'importId' | 'openImportId'>> {
    const imports = new PardotImportsClient(connected.pardot);
    const columns = [{ name: 'matchEmail', overwrite: true }];
    const create = async (): Promise<number> => {
      const { id } = await imports.create({ columns, createOnNoMatch: false }, this.call);
      return id ?? 0;
    };
    const importId = await create();
    await imports.upload(importId, { columns }, [['nobody@example.org'], [EMAIL]], this.call);
    await imports.submit(importId, this.call);
    await this.clock.advance(HOUR);
    return { importId, openImportId: await create() };
  }
}

function fixedLogins(accessToken: string, instanceUrl: string): LoginSource {
  return {
    token: async () => accessToken,
    login: async () => ({ accessToken, instanceUrl }),
    invalidate: () => {},
  };
}
