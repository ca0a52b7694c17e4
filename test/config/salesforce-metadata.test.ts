import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ACTIVITY_EXTENSION, ACTIVITY_TYPES } from '../../src/activity-types.ts';
import { SCHEMA } from '../../src/config/schema.ts';
import { NEW_EXTERNAL_ID_FIELD } from '../../src/setup/step.ts';

const ROOT = new URL('../../config/salesforce-metadata/', import.meta.url);
const FIELD = SCHEMA.salesforce.keys.campaign_external_id_field.default;
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const EXTENSION = `external-activities/marketingappextensions/${ACTIVITY_EXTENSION}.marketingappextension`;

/** Contents of every element of this name, in order. */
function all(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(
    ([, content]) => content ?? '',
  );
}

const one = (xml: string, name: string): string => {
  const [content, ...others] = all(xml, name);
  assert.ok(content !== undefined && others.length === 0, `one <${name}>`);
  return content;
};

/** `Type Name` of every member. */
function members(path: string): string[] {
  return all(read(path), 'types').flatMap((type) =>
    all(type, 'members').map((member) => `${one(type, 'name')} ${member}`),
  );
}

function files(path: string): string[] {
  return readdirSync(new URL(path, ROOT), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

describe('config/salesforce-metadata', () => {
  it('has the external id field that the configuration names by default, as setup makes it', () => {
    const field = one(read('campaign/objects/Campaign.object'), 'fields');
    const { label, length } = NEW_EXTERNAL_ID_FIELD;
    assert.equal(one(field, 'fullName'), FIELD);
    assert.equal(one(field, 'label'), label);
    assert.equal(one(field, 'length'), String(length));
    assert.equal(one(field, 'type'), 'Text');
    assert.deepEqual([one(field, 'externalId'), one(field, 'unique')], ['true', 'true']);
  });

  it('grants the field, and Campaign without deletion', () => {
    const set = read('campaign/permissionsets/Livestorm_Pardot_Connector.permissionset');
    const field = one(set, 'fieldPermissions');
    assert.equal(one(field, 'field'), `Campaign.${FIELD}`);
    assert.deepEqual([one(field, 'readable'), one(field, 'editable')], ['true', 'true']);
    const campaign = one(set, 'objectPermissions');
    assert.equal(one(campaign, 'object'), 'Campaign');
    const rights = ['allowRead', 'allowCreate', 'allowEdit', 'allowDelete'].map((name) =>
      one(campaign, name),
    );
    assert.deepEqual(rights, ['true', 'true', 'true', 'false']);
  });

  it('has the extension with its types, all active, under the names that the connector sends', () => {
    const extension = read(EXTENSION);
    const types = all(extension, 'marketingAppExtActivities');
    const named = types.map((type) => [one(type, 'fullName'), one(type, 'masterLabel')]);
    assert.deepEqual(Object.fromEntries(named), ACTIVITY_TYPES);
    assert.ok(types.every((type) => one(type, 'isActive') === 'true'));
    assert.ok(types.every((type) => one(type, 'marketingAppExtension') === ACTIVITY_EXTENSION));
    const own = extension.replace(/<marketingAppExtActivities>[\s\S]*<\/marketingAppExtActivities>/, '');
    assert.deepEqual([one(own, 'isActive'), one(own, 'masterLabel')], ['true', ACTIVITY_EXTENSION]);
  });

  it('lists in its packages what the folders hold, for the default API version', () => {
    assert.deepEqual(members('campaign/package.xml'), [
      `CustomField Campaign.${FIELD}`,
      'PermissionSet Livestorm_Pardot_Connector',
    ]);
    assert.deepEqual(members('external-activities/package.xml'), [
      `MarketingAppExtension ${ACTIVITY_EXTENSION}`,
    ]);
    assert.deepEqual(files('campaign'), [
      'Campaign.object',
      'Livestorm_Pardot_Connector.permissionset',
      'package.xml',
    ]);
    assert.deepEqual(files('external-activities'), [
      `${ACTIVITY_EXTENSION}.marketingappextension`,
      'package.xml',
    ]);
    for (const path of ['campaign/package.xml', 'external-activities/package.xml']) {
      assert.equal(one(read(path), 'version'), SCHEMA.salesforce.keys.api_version.default);
    }
  });

  it('is well formed', () => {
    const paths = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.\w*(xml|object|set|extension)$/.test(path),
    );
    assert.equal(paths.length, 5);
    for (const path of paths) {
      const open: string[] = [];
      for (const [, slash, name = ''] of read(path).matchAll(/<(\/?)([A-Za-z]+)[^>]*>/g)) {
        if (slash) assert.equal(open.pop(), name, path);
        else open.push(name);
      }
      assert.deepEqual(open, [], path);
    }
  });
});
