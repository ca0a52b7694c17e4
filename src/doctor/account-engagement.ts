import type { PardotClient } from '../clients/pardot.ts';
import { DAY, MINUTE } from '../clock.ts';
import { printable } from '../config/printable.ts';
import type { Call } from '../domain.ts';
import { VendorError } from '../errors.ts';
import type { Reading } from '../setup/facts.ts';
import { type Finding, ok, refused } from './finding.ts';

const AREA = 'account_engagement';
/** Campaigns of the last year are enough to see whether any comes from Salesforce. */
const CAMPAIGNS_SINCE_MS = 365 * DAY;
/** A name that no list has. */
const NO_LIST = 'livestorm-pardot doctor';

export interface AccountEngagementCheck {
  readonly client: Pick<PardotClient, 'listSubmissions' | 'listsNamed' | 'listCampaigns'>;
  readonly nowMs: number;
}

/** Whether token, host and business unit id fit together. */
export function tellAccount(account: Reading<{ readonly company: string | null }>): Finding {
  const what = 'Business unit and host';
  if ('error' in account) {
    return refused(
      AREA,
      what,
      account.error,
      'No submission is seen, no prospect is written, no list is made.',
    );
  }
  const { company } = account.value;
  return ok(AREA, what, company === null ? 'fit together' : `${printable(company)}`);
}

/** Whether what the connector reads may be read: 3 calls where a page holds the campaigns of a year. */
export async function checkReading(
  { client, nowMs }: AccountEngagementCheck,
  call: Call,
): Promise<Finding[]> {
  const query = { createdSinceMs: nowMs - MINUTE, prospectFields: [] };
  return [
    ...(await may('Reading submissions', 'Nobody who submits a form is seen.', async () => {
      await client.listSubmissions(query, call);
    })),
    ...(await may(
      'Reading lists',
      'A list whose creation was not confirmed cannot be found again.',
      async () => {
        await client.listsNamed(NO_LIST, call);
      },
    )),
    ...(await checkConnectedCampaigns({ client, nowMs }, call)),
  ];
}

async function may(what: string, why: string, read: () => Promise<void>): Promise<Finding[]> {
  try {
    await read();
    return [ok(AREA, what, 'allowed')];
  } catch (error) {
    if (error instanceof VendorError) return [refused(AREA, what, error, why)];
    throw error;
  }
}

/** No API tells whether it is on (salesforce.md §5); campaigns that came from Salesforce do. */
async function checkConnectedCampaigns(
  { client, nowMs }: AccountEngagementCheck,
  call: Call,
): Promise<Finding[]> {
  const what = 'Connected Campaigns';
  const why =
    'Without it no campaign reaches Account Engagement, so that no form can carry one: sessions stay “awaiting mirror”.';
  const fix =
    'In Account Engagement Settings › Connectors › Salesforce › Campaigns see that it is enabled, that the record type of new campaigns is selected, and that the connector is not paused.';
  try {
    const campaigns = await client.listCampaigns({ createdSinceMs: nowMs - CAMPAIGNS_SINCE_MS }, call);
    const mirrored = campaigns.filter(({ salesforceId }) => salesforceId !== null).length;
    if (mirrored > 0) {
      return [
        ok(
          AREA,
          what,
          `${mirrored} of the ${campaigns.length} campaigns of the last year come from Salesforce`,
        ),
      ];
    }
    if (campaigns.length === 0) {
      return [
        {
          area: AREA,
          level: 'note',
          what,
          found: 'no campaign of the last year shows whether it is on',
          why,
          fix,
        },
      ];
    }
    const found = `none of the ${campaigns.length} campaigns of the last year comes from Salesforce`;
    return [{ area: AREA, level: 'warning', what, found, why, fix }];
  } catch (error) {
    if (error instanceof VendorError) return [refused(AREA, 'Reading campaigns', error, why)];
    throw error;
  }
}
