import assert from 'node:assert/strict';
import { test } from 'node:test';
import { START_MS } from '../business-unit.ts';
import { DURATION_MS, IMPORTS, importingUnit, multipart } from './import-unit.ts';

const HOUR_MS = 3_600_000;
const CSV = 'matchEmail,firstName\na@example.org,Ann\n';
const FULL = [['file', CSV]] as const;

test('an import is created open, filled, submitted, and goes through its states', () => {
  const { unit, create, upload, submit, read } = importingUnit();
  const id = create({ createOnNoMatch: true });
  assert.deepEqual(read(id, 'operation,object,status,isExpired,batchesRef,errorRef,createdCount'), {
    operation: 'Upsert',
    object: 'Prospect',
    status: 'Open',
    isExpired: false,
    batchesRef: `https://pi.pardot.com/api/v5/imports/${id}/batches`,
    errorRef: null,
    createdCount: null,
  });
  assert.deepEqual([upload(id, FULL).status, submit(id).status], [204, 204]);
  const seen: unknown[] = [];
  for (let passed = 0; passed <= DURATION_MS; passed += DURATION_MS / 100) {
    const status = read(id)?.status;
    if (seen.at(-1) !== status) seen.push(status);
    unit.advance(DURATION_MS / 100);
  }
  assert.deepEqual(seen, ['Ready', 'Waiting', 'Processing', 'Complete']);
  assert.deepEqual(read(id), { status: 'Complete', createdCount: 1, updatedCount: 0, errorCount: 0 });
  assert.equal(read(id, 'batchesRef')?.batchesRef, null);
});

test('rows are applied when the import is due, not when somebody looks', () => {
  const { unit, create, upload, submit } = importingUnit();
  const id = create({ createOnNoMatch: true });
  upload(id, FULL);
  submit(id);
  unit.advance(DURATION_MS - 1);
  assert.deepEqual(unit.world.prospects(), []);
  unit.advance(HOUR_MS);
  const [prospect] = unit.world.prospects();
  assert.equal(prospect?.createdAtMs, START_MS + DURATION_MS);
  assert.equal(prospect?.apiWrites[0]?.operation, 'import');
});

test('what reads show of an import and of its rows lags', () => {
  const { unit, create, upload, submit, read } = importingUnit({ readLagMs: { min: 60_000, max: 60_000 } });
  const id = create({ createOnNoMatch: true });
  assert.equal(read(id)?.code, 109);
  upload(id, FULL);
  submit(id);
  unit.advance(60_000);
  assert.equal(read(id)?.status, 'Waiting');
  unit.advance(DURATION_MS - 60_001);
  unit.advance(60_000);
  assert.deepEqual([read(id)?.status, unit.ids('prospects')], ['Processing', []]);
  unit.advance(1);
  assert.deepEqual([read(id)?.status, unit.ids('prospects').length], ['Complete', 1]);
});

test('one multipart create brings options, rows and Ready', () => {
  const { unit, read } = importingUnit();
  const input = JSON.stringify({
    ...{ operation: 'Upsert', object: 'Prospect', status: 'Ready', createOnNoMatch: true },
  });
  const created = unit.call(IMPORTS, {
    method: 'POST',
    query: { fields: 'id,status' },
    ...multipart([['input', input], ...FULL]),
  });
  assert.deepEqual([created.status, created.json?.status], [201, 'Ready']);
  unit.advance(DURATION_MS);
  assert.equal(read(Number(created.json?.id))?.createdCount, 1);
});

test('creates that cannot be leave nothing behind', () => {
  const { unit } = importingUnit();
  const refusal = (body: unknown) => unit.refusal(IMPORTS, { method: 'POST', body });
  const upsert = { operation: 'Upsert', object: 'Prospect' };
  assert.equal(refusal({ operation: 'Upsert' }), '400/153');
  assert.equal(refusal({ ...upsert, operation: 'Delete' }), '400/154');
  assert.equal(refusal({ ...upsert, object: 'List' }), '400/154');
  assert.equal(refusal({ ...upsert, nonsense: 1 }), '400/154');
  assert.equal(refusal({ ...upsert, restoreDeleted: 'perhaps' }), '400/50');
  assert.equal(refusal({ ...upsert, fields: 'email' }), '400/154');
  assert.equal(refusal({ ...upsert, fields: [{ overwrite: true }] }), '400/197');
  assert.equal(refusal({ ...upsert, status: 'Ready' }), '400/156');
  assert.equal(refusal({ ...upsert, status: 'Complete' }), '400/161');
  const noInput = unit.call(IMPORTS, { method: 'POST', ...multipart(FULL) });
  assert.equal(noInput.json?.code, 153);
  const noJson = unit.call(IMPORTS, { method: 'POST', ...multipart([['input', '{']]) });
  assert.equal(noJson.json?.code, 150);
  assert.deepEqual(unit.ids(IMPORTS), []);
});

test('the name of the file part: either, or only one', () => {
  const { unit, create, upload } = importingUnit();
  const named = (name: string) => upload(create(), [[name, CSV]]);
  assert.equal(named('file').status, 204);
  assert.equal(named('importFile').status, 204);
  assert.equal(named('csv').json?.code, 162);
  unit.pardot.switches.importParts = 'file';
  assert.equal(named('importFile').json?.code, 162);
  unit.pardot.switches.importParts = 'importFile';
  assert.equal(named('file').json?.code, 162);
  assert.equal(named('importFile').status, 204);
});

test('uploads that are none', () => {
  const { unit, create, upload, refusal } = importingUnit();
  const id = create();
  const path = `${IMPORTS}/${id}/batches`;
  const { body, headers } = multipart(FULL);
  const code = (sent: object) => unit.call(path, { method: 'POST', ...sent }).json?.code;
  assert.equal(code({}), 152);
  assert.equal(code({ body: CSV }), 151);
  assert.equal(code({ body, headers: { 'content-type': 'multipart/form-data' } }), 158);
  assert.equal(code({ body: body.subarray(0, -8), headers }), 158);
  assert.equal(upload(id, [...FULL, ...FULL]).json?.code, 163);
  assert.equal(refusal(id, ''), '400/204');
  assert.equal(refusal(id, '\n'), '400/159');
  assert.equal(refusal(id, 'matchEmail\n"a\n'), '400/159');
  assert.equal(refusal(id, Buffer.alloc(10_000_000, 'x')), '400/158');
  assert.equal(unit.call(path, { method: 'GET' }).json?.code, 60);
  assert.equal(unit.call(`${IMPORTS}/${id}/rows`, { method: 'POST' }).json?.code, 198);
  assert.equal(unit.call(`${IMPORTS}/1/batches`, { method: 'POST', body, headers }).json?.code, 109);
  assert.equal(unit.patch(`${IMPORTS}/${id}`, { status: 'Ready' }).json?.code, 156);
});

test('headers that cannot be', () => {
  const { unit, create, upload, refusal } = importingUnit();
  const id = create({ fields: [{ field: 'firstName', overwrite: false }] });
  const one = '\na@example.org,x\n';
  assert.equal(refusal(id, `email,firstName${one}`), '400/197');
  assert.equal(refusal(id, `matchEmail,shoeSize${one}`), '400/227');
  assert.equal(refusal(id, `matchEmail,lastActivityAt${one}`), '400/227');
  assert.equal(refusal(id, `matchEmail,matchId${one}`), '400/227');
  assert.equal(refusal(id, `matchEmail,matchEmail${one}`), '400/227');
  assert.equal(refusal(id, `matchEmail,lastName${one}`), '400/165');
  assert.equal(upload(id, FULL).status, 204);
  assert.equal(refusal(id, 'firstName,matchEmail\nBob,b@example.org\n'), '400/226');
  unit.pardot.switches.importFieldsCoverAll = true;
  assert.equal(refusal(id, CSV), '400/165');
});

test('an import takes ten batches, the account so many a day', () => {
  const { unit, create, upload, refusal } = importingUnit({ accountTimeZone: 'UTC' });
  const id = create();
  for (let i = 0; i < 10; i++) assert.equal(upload(id, FULL).status, 204);
  assert.equal(refusal(id, CSV), '400/160');
  unit.pardot.switches.importBatchesPerDay = 10;
  assert.equal(refusal(create(), CSV), '400/164');
  unit.advance(12 * HOUR_MS);
  assert.equal(upload(create(), FULL).status, 204);
});

test('after Ready nothing can be added', () => {
  const { create, upload, submit, refusal } = importingUnit();
  const id = create();
  upload(id, FULL);
  submit(id);
  assert.equal(refusal(id, CSV), '400/155');
  assert.equal(submit(id).json?.code, 155);
});

test('open imports expire after 24 hours, results after 7 days', () => {
  const { unit, create, upload, submit, read, refusal } = importingUnit();
  const [open, done] = [create(), create()];
  upload(open, FULL);
  upload(done, FULL);
  submit(done);
  unit.advance(24 * HOUR_MS);
  assert.equal(read(open, 'isExpired')?.isExpired, true);
  assert.equal(refusal(open, CSV), '400/155');
  assert.equal(submit(open).json?.code, 155);
  const errors = () => unit.call(`${IMPORTS}/${done}/errors`).status;
  assert.deepEqual(
    [read(done, 'isExpired,errorCount'), errors()],
    [{ isExpired: false, errorCount: 1 }, 200],
  );
  unit.advance(7 * 24 * HOUR_MS);
  assert.deepEqual([read(done, 'isExpired')?.isExpired, errors()], [true, 404]);
});

test('an import may fail as a whole', () => {
  const { unit, create, upload, submit, read } = importingUnit({ importEnd: 'failed' });
  const id = create({ createOnNoMatch: true });
  upload(id, FULL);
  submit(id);
  unit.advance(DURATION_MS);
  assert.equal(read(id)?.status, 'Failed');
  assert.deepEqual(unit.world.prospects(), []);
});

test('the error file: not before the end, not without errors', () => {
  const { unit, create, upload, submit, read } = importingUnit({ importRefs: 'path' });
  const errors = (id: number) => unit.call(`${IMPORTS}/${id}/errors`);
  const [bad, good] = [create(), create({ createOnNoMatch: true })];
  for (const id of [bad, good]) {
    upload(id, [['file', 'matchEmail,company\na@example.org,"Smith, ""Lee"" & Co"\n']]);
    submit(id);
  }
  assert.equal(errors(bad).json?.code, 161);
  unit.advance(DURATION_MS);
  assert.equal(read(bad, 'errorRef')?.errorRef, `${IMPORTS}/${bad}/errors`);
  assert.match(errors(bad).headers['content-type'] ?? '', /^text\/csv/);
  assert.equal(
    errors(bad).text,
    'matchEmail,company,error\r\na@example.org,"Smith, ""Lee"" & Co",Prospect not found: a@example.org\r\n',
  );
  assert.deepEqual([read(good, 'errorRef')?.errorRef, errors(good).status], [null, 404]);
});

test('what is open in the answers', () => {
  const { unit, create, upload, submit } = importingUnit({
    importBatchStatus: 200,
    importErrorColumn: 'Errors',
    importDurationMs: 0,
  });
  const id = create();
  assert.equal(upload(id, FULL).status, 200);
  submit(id);
  assert.match(unit.call(`${IMPORTS}/${id}/errors`).text, /^matchEmail,firstName,Errors\r\n/);
});

test('abilities', () => {
  const { unit, create, refusal } = importingUnit();
  const id = create();
  unit.pardot.switches.deniedAbilities = ['Marketing > Segmentation > Lists > View'];
  assert.equal(refusal(id, 'matchEmail,addToList\na@example.org,1\n'), '405/46');
  unit.pardot.switches.deniedAbilities = ['Prospect > Prospects > Import'];
  assert.equal(refusal(id, CSV), '405/46');
  assert.equal(unit.refusal(`${IMPORTS}/${id}`, { query: { fields: 'id' } }), '405/46');
});
