import type { FieldValue, Registrant } from '../domain.ts';
import { type AnswerContext, isHtml, understand } from './answers.ts';
import type { HttpResponse } from './http.ts';
import { objectOrNull, requireBody, requireObject, requireText } from './json.ts';
import { failureOf, messageOf } from './livestorm-answers.ts';
import { readRole } from './livestorm-shapes.ts';

export type RegistrationAnswer =
  | { readonly result: 'registered'; readonly personId: string; readonly role: Registrant['role'] }
  | { readonly result: 'already_registered' }
  | { readonly result: 'unknown_field'; readonly fieldId: string | null };

/** Everything goes into `fields`: a top-level e-mail is ignored by the vendor (livestorm.md §6.1). */
export function registrationBody(fields: Readonly<Record<string, FieldValue>>): string {
  return JSON.stringify({ data: { type: 'people', attributes: { fields: fieldRows(fields) } } });
}

/** Fields as the vendor takes them, from one person and from many. */
export function fieldRows(fields: Readonly<Record<string, FieldValue>>): { id: string; value: FieldValue }[] {
  return Object.entries(fields).map(([id, value]) => ({ id, value }));
}

/** The outcome matrix of livestorm.md §6.2; throws for everything that says nothing about the person. */
export function readRegistration(context: AnswerContext, response: HttpResponse): RegistrationAnswer {
  const { status, body } = response;
  if ((status === 200 || status === 201) && !isHtml(body)) {
    return understand(context, response, () => readPerson(body));
  }
  if (isDefinite(status) && !isHtml(body)) {
    const text = messageOf(body);
    const unknownField = /\bfield (?:'([^']+)' )?(?:doesn['’]t|does not) exist/i.exec(text);
    if (unknownField) return { result: 'unknown_field', fieldId: unknownField[1] ?? null };
    if (saysAlreadyThere(text) || (status === 409 && !saysClosed(text)))
      return { result: 'already_registered' };
  }
  throw failureOf(context, response);
}

function readPerson(body: string): RegistrationAnswer {
  const person = requireObject(requireBody(body).data, 'data');
  return {
    result: 'registered',
    personId: requireText(person.id, 'data.id'),
    role: readRole(objectOrNull(person.attributes)?.role),
  };
}

/** Answers about this person in this session, not about the account (401, 402, 403, 429) or the transport (408). */
function isDefinite(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 402, 403, 408, 429].includes(status);
}

/** "already registered", "already been taken", ...; but not a session that has "already ended". */
export function saysAlreadyThere(text: string): boolean {
  return /already/i.test(text) && !saysClosed(text);
}

/** What a session can have done already, in one or two words more: taken for somebody who is there, they would be lost. */
function saysClosed(text: string): boolean {
  return /\balready (?:\w+ )?(?:ended|over|past|passed|finished|closed|cancell?ed|completed|expired|archived|deleted|happened|occurred|started|begun|began|live|full|reached|taken place|took place)\b/i.test(
    text,
  );
}
