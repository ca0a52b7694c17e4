import type { ErrorCode } from 'yaml';

interface Advice {
  readonly message: string;
  readonly fix: string;
}

const COLON_IN_TEXT: Advice = {
  message: 'a second "key: value" on one line, or a wrong indentation',
  fix: 'put quotes around text that contains ": ", and align keys of one section',
};
const UNCLOSED: Advice = {
  message: 'a quote, bracket, comma or colon is missing before this place',
  fix: 'close quotes and brackets, and write keys as "key: value"',
};
const UNEXPECTED: Advice = {
  message: 'this does not belong here',
  fix: 'write keys as "key: value", lists as [a, b], and put quotes around text with special characters',
};
const INDENT: Advice = {
  message: 'the indentation is wrong, or a bracket is not closed',
  fix: 'indent by two spaces per level, and align keys of one section',
};
const TAG: Advice = { message: 'tags (!name) are not supported', fix: 'write the plain value' };
const ANCHOR: Advice = {
  message: 'anchors and aliases (& and *) are not supported',
  fix: 'write the value out, or put quotes around it when it is text',
};

/**
 * Our words for what the parser found. Its own are not used: some of them repeat the text they stumbled on,
 * which may be a pasted secret.
 */
const ADVICE: Partial<Record<ErrorCode, Advice>> = {
  ALIAS_PROPS: ANCHOR,
  BAD_ALIAS: ANCHOR,
  MULTIPLE_ANCHORS: ANCHOR,
  MULTIPLE_TAGS: TAG,
  TAG_RESOLVE_FAILED: TAG,
  BAD_COLLECTION_TYPE: TAG,
  BAD_PROP_ORDER: UNEXPECTED,
  UNEXPECTED_TOKEN: UNEXPECTED,
  BAD_INDENT: INDENT,
  BLOCK_IN_FLOW: INDENT,
  MISSING_CHAR: UNCLOSED,
  BLOCK_AS_IMPLICIT_KEY: COLON_IN_TEXT,
  MULTILINE_IMPLICIT_KEY: {
    message: 'a line without ": "',
    fix: 'write keys as "key: value", and indent what belongs to a longer text',
  },
  KEY_OVER_1024_CHARS: { message: 'a key of more than 1024 characters', fix: 'check the quotes before it' },
  TAB_AS_INDENT: { message: 'a tab is used for indentation', fix: 'indent with spaces' },
  BAD_SCALAR_START: {
    message: 'a value may not start with @, ` or %',
    fix: 'put quotes around the value',
  },
  BAD_DQ_ESCAPE: {
    message: 'an unknown escape after \\ in double quotes',
    fix: 'use single quotes, or write \\\\ for a backslash',
  },
  BAD_DIRECTIVE: { message: 'directives (lines starting with %) are not supported', fix: 'remove the line' },
};

/** What to tell an admin about a parser error. */
export function syntaxAdvice(code: ErrorCode): Advice {
  return ADVICE[code] ?? { message: 'this is not valid YAML', fix: UNEXPECTED.fix };
}
