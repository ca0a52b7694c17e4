import type { PardotSwitches } from '../../../../src/sandbox/pardot/switches.ts';
import { type Answer, unitWithForm } from '../business-unit.ts';

export const IMPORTS = '/api/v5/imports';
export const DURATION_MS = 300_000;
const UPSERT = { operation: 'Upsert', object: 'Prospect' };
const STATE_FIELDS = 'status,createdCount,updatedCount,errorCount';

type Files = readonly (readonly [name: string, content: string | Buffer])[];

/** A multipart body and its header, as any HTTP client writes them. */
export function multipart(files: Files): { body: Buffer; headers: Record<string, string> } {
  const boundary = '----boundary-7';
  const parts = files.map(([name, content]) =>
    Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="rows.csv"\r\nContent-Type: text/csv\r\n\r\n`,
      ),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
  );
  const body = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

/** A business unit whose clock goes through imports. */
export function importingUnit(switches: Partial<PardotSwitches> = {}) {
  const { unit, campaignId } = unitWithForm({ importDurationMs: DURATION_MS, ...switches });
  const create = (more: object = {}): number => Number(unit.post(IMPORTS, { ...UPSERT, ...more }).json?.id);
  const upload = (id: number, files: Files): Answer =>
    unit.call(`${IMPORTS}/${id}/batches`, { method: 'POST', ...multipart(files) });
  const submit = (id: number): Answer => unit.patch(`${IMPORTS}/${id}`, { status: 'Ready' });
  const read = (id: number, fields = STATE_FIELDS) =>
    unit.call(`${IMPORTS}/${id}`, { query: { fields } }).json;
  /** Status and code of a refused upload. */
  const refusal = (id: number, csv: string | Buffer): string => {
    const { status, json } = upload(id, [['file', csv]]);
    return `${status}/${String(json?.code)}`;
  };
  /** A whole import: what became of it and its error file. */
  const run = (csv: string, more: object = {}) => {
    const id = create(more);
    upload(id, [['file', csv]]);
    submit(id);
    unit.advance(DURATION_MS);
    const { createdCount, updatedCount, errorCount } = read(id) ?? {};
    const errors = unit.call(`${IMPORTS}/${id}/errors`);
    return {
      counts: [createdCount, updatedCount, errorCount],
      errors: errors.status === 200 ? errors.text.split('\r\n').slice(1, -1).sort() : [],
    };
  };
  return { unit, campaignId, create, upload, submit, read, refusal, run };
}
