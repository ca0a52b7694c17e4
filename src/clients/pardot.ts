import type {
  Asset,
  AssetKind,
  Call,
  FieldValue,
  PardotCampaign,
  PardotList,
  Prospect,
  Submission,
} from '../domain.ts';

export class PardotClient {
  /** Type-4 activities with `createdAt >= createdSinceMs`, every page, ascending id. */
  listSubmissions(
    _query: { createdSinceMs: number; prospectFields: readonly string[] },
    _call: Call,
  ): Promise<Submission[]> {
    throw new Error('not built yet');
  }
  /** By single reads or idList, whatever the fields need; missing and deleted prospects are absent or marked. */
  prospects(_ids: readonly number[], _fields: readonly string[], _call: Call): Promise<Prospect[]> {
    throw new Error('not built yet');
  }
  /** Campaigns created or changed since. */
  listCampaigns(
    _query: { createdSinceMs?: number; updatedSinceMs?: number },
    _call: Call,
  ): Promise<PardotCampaign[]> {
    throw new Error('not built yet');
  }
  listsNamed(_name: string, _call: Call): Promise<PardotList[]> {
    throw new Error('not built yet');
  }
  createList(
    _list: { name: string; title: string; description: string; campaignId: number },
    _call: Call,
  ): Promise<{ id: number | null }> {
    throw new Error('not built yet');
  }
  updateProspect(
    _id: number,
    _values: Readonly<Record<string, FieldValue | null>>,
    _call: Call,
  ): Promise<void> {
    throw new Error('not built yet');
  }
  listAssets(_kind: AssetKind, _call: Call): Promise<Asset[]> {
    throw new Error('not built yet');
  }
  account(_call: Call): Promise<{ id: number; company: string | null }> {
    throw new Error('not built yet');
  }
}
