import { LivestormClient } from '../../src/clients/livestorm.ts';
import { LivestormJobsClient } from '../../src/clients/livestorm-jobs.ts';
import type { LivestormOptions } from '../../src/clients/livestorm-wire.ts';
import { PardotClient } from '../../src/clients/pardot.ts';
import { PardotCustomFields } from '../../src/clients/pardot-custom-fields.ts';
import { PardotImportsClient } from '../../src/clients/pardot-imports.ts';
import { PardotPeopleClient } from '../../src/clients/pardot-people.ts';
import type { PardotOptions } from '../../src/clients/pardot-wire.ts';
import { SalesforceClient } from '../../src/clients/salesforce.ts';
import type { SalesforceRestOptions } from '../../src/clients/salesforce-rest.ts';
import { SalesforceSetupClient } from '../../src/clients/salesforce-setup.ts';
import { HOUR } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';

/** What clients are made from, for one call: clients learn from answers, so each call has its own. */
export interface Connected {
  readonly livestorm: LivestormOptions;
  readonly pardot: PardotOptions;
  readonly salesforce: SalesforceRestOptions;
}

/** What is there to be asked for. */
export interface Stage {
  readonly nowMs: number;
  readonly eventId: string;
  readonly sessionId: string;
  readonly personId: string;
  readonly email: string;
  readonly campaignId: number;
  readonly listId: number;
  readonly prospectId: number;
  readonly activityId: number;
  readonly jobId: string;
  /** Complete, with an error file. */
  readonly importId: number;
  /** Takes batches. */
  readonly openImportId: number;
  readonly extensionId: string;
  readonly salesforceCampaignId: string;
}

export type ClientCall = (connected: Connected, stage: Stage, call: Call) => Promise<unknown>;

const FIELDS = ['firstName', 'company', 'jobTitle'];
const IMPORT = { columns: [{ name: 'matchEmail', overwrite: true }], createOnNoMatch: false } as const;

const livestorm = (
  ask: (client: LivestormClient, stage: Stage, call: Call) => Promise<unknown>,
): ClientCall => {
  return (connected, stage, call) => ask(new LivestormClient(connected.livestorm), stage, call);
};
const jobs = (
  ask: (client: LivestormJobsClient, stage: Stage, call: Call) => Promise<unknown>,
): ClientCall => {
  return (connected, stage, call) => ask(new LivestormJobsClient(connected.livestorm), stage, call);
};
const pardot = (ask: (client: PardotClient, stage: Stage, call: Call) => Promise<unknown>): ClientCall => {
  return (connected, stage, call) => ask(new PardotClient(connected.pardot), stage, call);
};
const people = (
  ask: (client: PardotPeopleClient, stage: Stage, call: Call) => Promise<unknown>,
): ClientCall => {
  return (connected, stage, call) => ask(new PardotPeopleClient(connected.pardot), stage, call);
};
const imports = (
  ask: (client: PardotImportsClient, stage: Stage, call: Call) => Promise<unknown>,
): ClientCall => {
  return (connected, stage, call) => ask(new PardotImportsClient(connected.pardot), stage, call);
};
const customFields = (
  ask: (client: PardotCustomFields, stage: Stage, call: Call) => Promise<unknown>,
): ClientCall => {
  return (connected, stage, call) => ask(new PardotCustomFields(connected.pardot), stage, call);
};
const salesforce = (
  ask: (client: SalesforceClient, stage: Stage, call: Call) => Promise<unknown>,
): ClientCall => {
  return (connected, stage, call) =>
    ask(
      new SalesforceClient({ ...connected.salesforce, externalIdField: 'Livestorm_Session_Id__c' }),
      stage,
      call,
    );
};
const setup = (
  ask: (client: SalesforceSetupClient, stage: Stage, call: Call) => Promise<unknown>,
): ClientCall => {
  return (connected, stage, call) => ask(new SalesforceSetupClient(connected.salesforce), stage, call);
};

/** Every method of every client that reads an answer. */
export const CLIENT_CALLS: Readonly<Record<string, ClientCall>> = {
  'livestorm listSessions since': livestorm((client, { nowMs }, call) =>
    client.listSessions({ updatedSinceMs: nowMs - 24 * HOUR }, call),
  ),
  'livestorm listSessions planned': livestorm((client, { nowMs }, call) =>
    client.listSessions({ startsSinceMs: nowMs - 24 * HOUR }, call),
  ),
  'livestorm listOnDemand': livestorm((client, _, call) => client.listOnDemand(call)),
  'livestorm session': livestorm((client, { sessionId }, call) => client.session(sessionId, call)),
  'livestorm event': livestorm((client, { eventId }, call) => client.event(eventId, call)),
  'livestorm listRegistrants': livestorm((client, { sessionId }, call) =>
    client.listRegistrants(sessionId, call),
  ),
  'livestorm listNewRegistrants': livestorm((client, { sessionId, nowMs }, call) =>
    client.listNewRegistrants(sessionId, nowMs - HOUR, call),
  ),
  'livestorm listTeam': livestorm((client, { sessionId }, call) => client.listTeam(sessionId, call)),
  'livestorm findRegistrant': livestorm((client, { sessionId, email }, call) =>
    client.findRegistrant(sessionId, email, call),
  ),
  'livestorm register': livestorm((client, { sessionId }, call) =>
    client.register(sessionId, { email: 'new@example.org', first_name: 'New' }, call),
  ),
  'livestorm unregister': livestorm((client, { sessionId, personId }, call) =>
    client.unregister(sessionId, personId, call),
  ),
  'livestorm ping': livestorm((client, _, call) => client.ping(call)),
  'livestorm startRegistration': jobs((client, { sessionId }, call) =>
    client.startRegistration(sessionId, [{ email: 'bulk@example.org' }], call),
  ),
  'livestorm job status': jobs((client, { jobId }, call) => client.status(jobId, call)),
  'livestorm job tasks': jobs((client, { jobId }, call) => client.tasks(jobId, call)),
  'pardot listSubmissions': pardot((client, { nowMs }, call) =>
    client.listSubmissions({ createdSinceMs: nowMs - 24 * HOUR, prospectFields: FIELDS }, call),
  ),
  'pardot submissionsById': pardot((client, { activityId }, call) =>
    client.submissionsById([activityId], FIELDS, call),
  ),
  'pardot prospects': pardot((client, { prospectId }, call) => client.prospects([prospectId], FIELDS, call)),
  'pardot listCampaigns': pardot((client, _, call) => client.listCampaigns({}, call)),
  'pardot listsNamed': pardot((client, _, call) => client.listsNamed('A list', call)),
  'pardot lists': pardot((client, _, call) => client.lists(call)),
  'pardot createList': pardot((client, { campaignId }, call) =>
    client.createList({ name: 'New list', title: 'New', description: 'x', campaignId }, call),
  ),
  'pardot renameList': pardot((client, { listId }, call) =>
    client.renameList(listId, 'A list', 'Another', call),
  ),
  'pardot updateProspect': pardot((client, { prospectId }, call) =>
    client.updateProspect(prospectId, { company: 'New', jobTitle: null }, call),
  ),
  'pardot listAssets forms': pardot((client, _, call) => client.listAssets('form', call)),
  'pardot listAssets handlers': pardot((client, _, call) => client.listAssets('form_handler', call)),
  'pardot listAssets pages': pardot((client, _, call) => client.listAssets('landing_page', call)),
  'pardot account': pardot((client, _, call) => client.account(call)),
  'pardot prospectsByEmail': people((client, { email }, call) =>
    client.prospectsByEmail(email, FIELDS, call),
  ),
  'pardot createProspect': people((client, { campaignId }, call) =>
    client.createProspect({ email: 'made@example.org', campaignId, values: { company: 'New' } }, call),
  ),
  'pardot addToList': people((client, { listId, prospectId }, call) =>
    client.addToList(listId, prospectId, call),
  ),
  'pardot removeFromList': people((client, { listId, prospectId }, call) =>
    client.removeFromList(listId, prospectId, call),
  ),
  'pardot createExternalActivity': people((client, { email, nowMs }, call) =>
    client.createExternalActivity(
      { extension: 'Livestorm', type: 'Registered', email, value: 'x', happenedAtMs: nowMs - HOUR },
      call,
    ),
  ),
  'pardot externalActivitiesBetween': people((client, { nowMs }, call) =>
    client.externalActivitiesBetween(nowMs - 24 * HOUR, nowMs, call),
  ),
  'pardot import create': imports((client, _, call) => client.create(IMPORT, call)),
  'pardot import upload': imports((client, { openImportId, email }, call) =>
    client.upload(openImportId, IMPORT, [[email]], call),
  ),
  'pardot import submit': imports((client, { openImportId }, call) => client.submit(openImportId, call)),
  'pardot import read': imports((client, { importId }, call) => client.read(importId, call)),
  'pardot import errorRows': imports((client, { importId }, call) =>
    client.errorRows(importId, 'matchEmail', call),
  ),
  'pardot import membersOf': imports((client, { listId, email }, call) =>
    client.membersOf(listId, new Set([email]), call),
  ),
  'pardot custom fields': customFields((client, _, call) => client.list(call)),
  'pardot create custom field': customFields((client, _, call) =>
    client.create({ apiName: 'New_Field__c', label: 'New', type: 'Text' }, call),
  ),
  'salesforce ensureCampaign': salesforce((client, { sessionId }, call) =>
    client.ensureCampaign(
      { externalId: sessionId, name: 'N', startDate: '2026-03-05', description: 'D' },
      call,
    ),
  ),
  'salesforce renameCampaign': salesforce((client, { salesforceCampaignId }, call) =>
    client.renameCampaign(salesforceCampaignId, 'A campaign', 'Another', call),
  ),
  'salesforce describeCampaign': setup((client, _, call) => client.describeCampaign(call)),
  'salesforce createCampaignField': setup((client, _, call) =>
    client.createCampaignField({ name: 'New__c', label: 'New', length: 36 }, call),
  ),
  'salesforce businessUnits': setup((client, _, call) => client.businessUnits(call)),
  'salesforce findExtension': setup((client, _, call) => client.findExtension('Livestorm', call)),
  'salesforce extension': setup((client, { extensionId }, call) => client.extension(extensionId, call)),
  'salesforce createExtension': setup((client, _, call) => client.createExtension('New', 'New', call)),
  'salesforce activateExtension': setup((client, { extensionId }, call) =>
    client.activateExtension(extensionId, call),
  ),
  'salesforce assignedBusinessUnits': setup((client, { extensionId }, call) =>
    client.assignedBusinessUnits(extensionId, call),
  ),
  'salesforce activityTypes': setup((client, { extensionId }, call) =>
    client.activityTypes(extensionId, call),
  ),
  'salesforce findActivityType': setup((client, _, call) => client.findActivityType('Registered', call)),
  'salesforce createActivityType': setup((client, { extensionId }, call) =>
    client.createActivityType({ extensionId, developerName: 'New_type', label: 'New' }, call),
  ),
};
