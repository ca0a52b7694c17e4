import { LIVESTORM_EXTENSION } from '../livestorm-extension.ts';
import { Failure } from './failure.ts';
import { salesforceKey } from './mirrors.ts';
import type { MarketingExtensionView, PardotState } from './state.ts';

/** What an admin has set up when no Salesforce says otherwise. */
export function builtInExtension(businessUnitId: string): MarketingExtensionView {
  const { developerName, types } = LIVESTORM_EXTENSION;
  return {
    developerName,
    isActive: true,
    assignedBusinessUnitIds: [businessUnitId],
    types: types.map((type) => ({ developerName: type.developerName, isActive: true })),
  };
}

/** Both must be active and the extension assigned to this business unit; the code is unknown, by switch. */
export function demandActivityType(state: PardotState, extension: string, type: string): void {
  const refused = (what: string): Failure => new Failure(state.switches.unknownActivityType, what);
  const found = state.marketingExtensions().find((row) => row.developerName === extension && row.isActive);
  const unit = salesforceKey(state.businessUnitId);
  if (!found?.assignedBusinessUnitIds.some((id) => salesforceKey(id) === unit)) throw refused('extension');
  if (!found.types.some((row) => row.developerName === type && row.isActive)) throw refused('type');
}
