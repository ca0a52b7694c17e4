/** The JSON:API flavour of vendor sheet §2.1: no `links`, no `jsonapi` member. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, unknown>>;
}

/** Unix seconds; a missing time is 0 (vendor sheet §2.1). */
export function seconds(ms: number | null): number {
  return ms === null ? 0 : Math.floor(ms / 1000);
}
