export const SALESFORCE_AUTH_METHODS = ['jwt', 'client_credentials', 'refresh_token'] as const;
export type SalesforceAuthMethod = (typeof SALESFORCE_AUTH_METHODS)[number];

/** The kinds of value. None is a name that convict has for a format of its own. */
export type FormatName =
  | 'text'
  | 'whole_number'
  | 'on_or_off'
  | 'choice'
  | 'base_url'
  | 'api_version'
  | 'cron'
  | 'secret'
  | 'listen'
  | 'domains'
  | 'globs'
  | 'existing_links'
  | 'registration_fields'
  | 'prospect_fields'
  | 'attendance_fields';

/** One key of the configuration. Everything that is said about it anywhere is derived from here. */
export interface Key<T = unknown> {
  /** One or two sentences for the admin, in Markdown. */
  readonly doc: string;
  readonly format: FormatName;
  /** Null when there is none. */
  readonly default: T | null;
  /** Says in words what a missing value means, where `default` cannot. */
  readonly otherwise?: string;
  /** YAML text to show where a value is missing. */
  readonly example?: string;
  /** Needed always, or with these `salesforce.auth` methods. */
  readonly required?: true | readonly SalesforceAuthMethod[];
  /** Used with these `salesforce.auth` methods only. */
  readonly only?: readonly SalesforceAuthMethod[];
  readonly limits?: Limits;
}

/** What a format may be narrowed by; each format looks at its own. */
export interface Limits {
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  readonly pattern?: RegExp;
  /** The pattern in words, to follow "expected". */
  readonly patternText?: string;
  /** The URL may have no path. */
  readonly originOnly?: boolean;
  readonly secret?: SecretKind;
}

/**
 * `livestorm_token`: goes raw into a header. `private_key`: RSA, PEM. `access_token`: ours to choose, so it has to be
 * long. `url`: an address that works for whoever knows it. `text`: anything on one line.
 */
export type SecretKind = 'livestorm_token' | 'private_key' | 'access_token' | 'url' | 'text';

export interface Section<K extends Keys = Keys> {
  readonly doc: string;
  readonly keys: K;
}

export interface Keys {
  readonly [name: string]: Key | Section;
}

/** The values that a set of keys describes, under the names of the file. */
export type ValuesOf<K> = {
  readonly [N in keyof K]: K[N] extends Section<infer Inner>
    ? ValuesOf<Inner>
    : K[N] extends Key<infer T>
      ? T
      : never;
};

export function isSection(node: Key | Section): node is Section {
  return 'keys' in node;
}

/** Gives a key the type of its checked value. */
export function key<T>(about: Key<T>): Key<T> {
  return about;
}

/** A key that is on or off; `preset` when it is not given. */
export function onOrOff(doc: string, preset: boolean): Key<boolean> {
  return { doc, format: 'on_or_off', default: preset };
}

/** A key that counts; the limits belong to it. */
export function wholeNumber(
  doc: string,
  { default: preset, ...limits }: { readonly default: number; readonly min: number; readonly max: number },
): Key<number> {
  return { doc, format: 'whole_number', default: preset, limits };
}

export function section<K extends Keys>(doc: string, keys: K): Section<K> {
  return { doc, keys };
}

/** Every key of the tree with its full path, in order. */
export function* eachKey(keys: Keys, prefix = ''): Generator<{ path: string; key: Key }> {
  for (const [name, node] of Object.entries(keys)) {
    const path = prefix + name;
    if (isSection(node)) yield* eachKey(node.keys, `${path}.`);
    else yield { path, key: node };
  }
}
