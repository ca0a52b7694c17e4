import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, json, Org } from './org.ts';

interface Found {
  totalSize: number;
  done: boolean;
  records: Record<string, unknown>[];
}

function setUp(): { query: (soql: string) => Found; refusal: (soql: string) => string; ids: string[] } {
  const org = new Org();
  const token = org.token();
  const ask = (soql: string) => org.rest('GET', `/query?q=${encodeURIComponent(soql)}`, token);
  const create = (body: Record<string, unknown>): string => {
    org.nowMs += 60_000;
    return String(json(org.rest('POST', '/sobjects/Campaign', token, body)).id);
  };
  const ids = [
    create({ Name: "Anna's webinar", IsActive: true, Livestorm_Session_Id__c: 's-1' }),
    create({ Name: 'Second' }),
  ];
  return {
    query: (soql) => json(ask(soql)) as unknown as Found,
    refusal: (soql) => errorOf(ask(soql)).errorCode,
    ids,
  };
}

test('a query answers the asked fields with the address of each record', () => {
  const { query, ids } = setUp();
  const found = query('SELECT Id, Name FROM Campaign');
  assert.equal(found.totalSize, 2);
  assert.equal(found.done, true);
  assert.deepEqual(found.records[1], {
    attributes: { type: 'Campaign', url: `/services/data/v66.0/sobjects/Campaign/${ids[1]}` },
    Id: ids[1],
    Name: 'Second',
  });
});

test('conditions select', () => {
  const { query, ids } = setUp();
  const CASES: [string, number[]][] = [
    [`Id = '${ids[1]}'`, [1]],
    [`Id='${ids[1]?.slice(0, 15)}'`, [1]],
    ["Name = 'anna\\'s webinar'", [0]],
    ["Livestorm_Session_Id__c = 'S-1'", [0]],
    ['Livestorm_Session_Id__c = null', [1]],
    ['Livestorm_Session_Id__c != null AND IsActive = true', [0]],
    ['IsActive = false', [1]],
    ['LastModifiedDate > 2026-03-01T09:01:00Z', [1]],
    ['LastModifiedDate >= 2026-03-01T10:01:00.000+01:00', [0, 1]],
    ['LastModifiedDate < 2026-03-01T09:02:00Z', [0]],
    ['LastModifiedDate <= 2026-03-01T09:02:00Z LIMIT 1', [0]],
    ["Name = 'none'", []],
  ];
  for (const [where, expected] of CASES) {
    const found = query(`SELECT Id FROM Campaign WHERE ${where}`).records.map((record) => record.Id);
    assert.deepEqual(
      found,
      expected.map((index) => ids[index]),
      where,
    );
  }
});

test('what the subset does not cover is refused, never misread', () => {
  const { refusal } = setUp();
  const CASES: [string, string][] = [
    ['SELECT Id FROM Lead', 'INVALID_TYPE'],
    ['SELECT Foo FROM Campaign', 'INVALID_FIELD'],
    ["SELECT Id FROM Campaign WHERE Foo = 'x'", 'INVALID_FIELD'],
    ["SELECT Id FROM Campaign WHERE Description = 'x'", 'INVALID_FIELD'],
    ["SELECT Id FROM Campaign WHERE LastModifiedDate > '2026-03-01T09:01:00Z'", 'INVALID_FIELD'],
    ['SELECT Id FROM Campaign WHERE Name = x', 'INVALID_FIELD'],
    ['SELECT Id FROM Campaign WHERE LastModifiedDate > yesterday', 'MALFORMED_QUERY'],
    ["SELECT Id FROM Campaign WHERE Name = 'a' OR Name = 'b'", 'MALFORMED_QUERY'],
    ["SELECT Id FROM Campaign WHERE Name LIKE 'a%'", 'MALFORMED_QUERY'],
    ['SELECT Id', 'MALFORMED_QUERY'],
    ['', 'MALFORMED_QUERY'],
  ];
  for (const [soql, errorCode] of CASES) assert.equal(refusal(soql), errorCode, soql);
});
