export type Vendor = 'livestorm' | 'pardot' | 'salesforce';

/** What a world must have switched on for an endpoint to be called at all. */
export type Feature = 'jobs' | 'imports' | 'removals' | 'moves' | 'landing_pages' | 'replays';

export interface Endpoint {
  readonly vendor: Vendor;
  /** As the table prints it. */
  readonly label: string;
  /** On `METHOD path`. */
  readonly pattern: RegExp;
  readonly needs?: Feature;
  /** Called seldom: its faults have a turn of their own. */
  readonly isRare?: boolean;
  /** What goes wrong here keeps the feature's other endpoints from being called. */
  readonly isEntry?: boolean;
}

function endpoint(vendor: Vendor, label: string, needs?: Feature): Endpoint {
  const [method = '', path = ''] = label.split(' ');
  const pattern = new RegExp(`^${method} ${path.replaceAll('{id}', '[^/]+')}$`);
  return { vendor, label, pattern, ...(needs ? { needs } : {}) };
}

/** An endpoint that most worlds call once or not at all. */
function rare(vendor: Vendor, label: string): Endpoint {
  return { ...endpoint(vendor, label), isRare: true };
}

const OBJECTS = '/api/v5/objects';
const CAMPAIGN = '/services/data/v66.0/sobjects/Campaign';

/** Every endpoint that the daemon calls. A request to any other is a violation. */
export const ENDPOINTS: readonly Endpoint[] = [
  endpoint('livestorm', 'GET /v1/sessions'),
  rare('livestorm', 'GET /v1/sessions/{id}'),
  endpoint('livestorm', 'GET /v1/events/{id}'),
  endpoint('livestorm', 'GET /v1/sessions/{id}/people'),
  endpoint('livestorm', 'POST /v1/sessions/{id}/people'),
  { ...endpoint('livestorm', 'POST /v1/sessions/{id}/people/bulk', 'jobs'), isEntry: true },
  endpoint('livestorm', 'GET /v1/jobs/{id}', 'jobs'),
  endpoint('livestorm', 'GET /v1/jobs/{id}/tasks', 'jobs'),
  endpoint('pardot', `GET ${OBJECTS}/visitor-activities`),
  endpoint('pardot', `GET ${OBJECTS}/campaigns`),
  endpoint('pardot', `GET ${OBJECTS}/landing-pages`, 'landing_pages'),
  endpoint('pardot', `GET ${OBJECTS}/forms`, 'landing_pages'),
  endpoint('pardot', `GET ${OBJECTS}/lists`),
  endpoint('pardot', `POST ${OBJECTS}/lists`),
  endpoint('pardot', `GET ${OBJECTS}/lists/{id}`, 'moves'),
  endpoint('pardot', `PATCH ${OBJECTS}/lists/{id}`, 'moves'),
  endpoint('pardot', `GET ${OBJECTS}/prospects`),
  rare('pardot', `POST ${OBJECTS}/prospects`),
  endpoint('pardot', `PATCH ${OBJECTS}/prospects/{id}`),
  endpoint('pardot', `GET ${OBJECTS}/list-memberships`, 'removals'),
  endpoint('pardot', `POST ${OBJECTS}/list-memberships`),
  endpoint('pardot', `DELETE ${OBJECTS}/list-memberships/{id}`, 'removals'),
  endpoint('pardot', 'POST /api/v5/external-activities'),
  rare('pardot', 'GET /api/v5/external-activities'),
  endpoint('pardot', 'POST /api/v5/imports', 'imports'),
  endpoint('pardot', 'POST /api/v5/imports/{id}/batches', 'imports'),
  endpoint('pardot', 'PATCH /api/v5/imports/{id}', 'imports'),
  endpoint('pardot', 'GET /api/v5/imports/{id}', 'imports'),
  endpoint('pardot', 'GET /api/v5/imports/{id}/errors', 'imports'),
  endpoint('salesforce', 'POST /services/oauth2/token'),
  endpoint('salesforce', 'GET /services/data/v66.0/query'),
  endpoint('salesforce', `PATCH ${CAMPAIGN}/Livestorm_Session_Id__c/{id}`),
  endpoint('salesforce', `PATCH ${CAMPAIGN}/{id}`, 'moves'),
  endpoint('salesforce', `GET ${CAMPAIGN}/{id}`, 'moves'),
];

/** The endpoint of a request; undefined when the table lacks it. */
export function endpointOf(vendor: string, method: string, path: string): Endpoint | undefined {
  const label = `${method} ${path}`;
  return ENDPOINTS.find((each) => each.vendor === vendor && each.pattern.test(label));
}
