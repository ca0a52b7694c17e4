import type { Config } from '../../config/config.ts';
import type { ProspectField } from '../../config/field-maps.ts';
import { loadConfig, loadStateDir } from '../../config/load.ts';
import { printable } from '../../config/printable.ts';
import { ConfigError } from '../../errors.ts';
import { EXIT, errorJson, renderError } from '../exit.ts';

export interface CheckConfigOptions {
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly json: boolean;
  /** Everything but the secrets, for systemd's `ExecReload=`, which is handed none. */
  readonly withoutSecrets?: boolean;
}

/**
 * `check-config`: loads the configuration with its secrets and says what it would do, or everything that is wrong.
 * Resolves to the exit code, 0 or 78. Calls no vendor, writes no file, shows no secret.
 */
export async function checkConfigCommand(options: CheckConfigOptions): Promise<number> {
  const { file, env, json, write, writeError } = options;
  try {
    if (options.withoutSecrets) {
      await loadStateDir(file, env);
      write(json ? toJson({ ok: true, file }) : `${file}: ok, as far as can be told without the secrets\n`);
      return EXIT.ok;
    }
    const config = await loadConfig(file, env);
    write(json ? toJson({ ok: true, file, ...summary(config) }) : renderSummary(file, config));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (json) write(toJson({ ok: false, file, ...errorJson(error) }));
    else writeError(renderError(error));
    return EXIT.configuration;
  }
}

interface Summary {
  readonly flows: readonly string[];
  /** Livestorm field → prospect field. */
  readonly registration_fields: Readonly<Record<string, string>>;
  /** Prospect field → Livestorm field, and whether over what is there. */
  readonly prospect_fields: Readonly<Record<string, ProspectField>>;
  /** Prospect field → what is written into it. */
  readonly attendance_fields: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

function summary({ flows, fields, warnings }: Config): Summary {
  const names = {
    form_registrations: flows.formRegistrations,
    registrants: flows.registrants,
    attendance: flows.attendance,
    replays: flows.replays,
    external_activities: flows.externalActivities,
    custom_fields: flows.customFields,
  };
  return {
    flows: Object.entries(names).flatMap(([name, on]) => (on ? [name] : [])),
    registration_fields: Object.fromEntries(fields.registration),
    prospect_fields: Object.fromEntries(fields.prospect),
    attendance_fields: Object.fromEntries(fields.attendance),
    warnings,
  };
}

function renderSummary(file: string, config: Config): string {
  const { fields, warnings } = config;
  const { flows } = summary(config);
  const pair = ([to, from]: readonly [string, string]): string => `${printable(to)} ← ${printable(from)}`;
  const pairs = (map: ReadonlyMap<string, string>): string => [...map].map(pair).join(', ') || 'none';
  const prospect = [...fields.prospect].map(
    ([to, { from, overwrite }]) => `${pair([to, from])} (${overwrite.replace('_', ' ')})`,
  );
  return [
    `${file}: ok`,
    `  flows on:            ${flows.join(', ') || 'none'}`,
    `  registration fields: ${pairs(fields.registration)}`,
    `  prospect fields:     ${prospect.join(', ') || 'none'}`,
    `  attendance fields:   ${pairs(fields.attendance)}`,
    ...warnings.map((warning) => `  warning: ${warning}`),
    '',
  ].join('\n');
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
