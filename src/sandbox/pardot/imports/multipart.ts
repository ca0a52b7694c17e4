import type { Exchange } from '../../kernel/exchange.ts';
import { Failure } from '../failure.ts';

export interface Part {
  readonly name: string;
  readonly content: Buffer;
}

export function isMultipart(exchange: Exchange): boolean {
  return /^multipart\/form-data\b/i.test(exchange.headers['content-type'] ?? '');
}

/** The parts of a `multipart/form-data` body; Failure 152, 151 or 158 when it is none. */
export function readParts(exchange: Exchange): Part[] {
  if (exchange.body.length === 0) throw new Failure(152);
  if (!isMultipart(exchange)) throw new Failure(151);
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(exchange.headers['content-type'] ?? '');
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) throw new Failure(158, 'no boundary');
  // Latin-1 keeps every byte as one character, so that text functions can cut binary content.
  const [, ...pieces] = `\r\n${exchange.body.toString('latin1')}`.split(`\r\n--${name}`);
  if (!pieces.pop()?.startsWith('--')) throw new Failure(158, 'the body does not end');
  return pieces.map(readPart);
}

function readPart(piece: string): Part {
  const [, head, content] = /^\s*?\r\n(.*?)\r\n\r\n(.*)$/s.exec(piece) ?? [];
  const name = /^content-disposition:\s*form-data\b.*?;\s*name="([^"]*)"/im.exec(head ?? '')?.[1];
  if (name === undefined || content === undefined) throw new Failure(158, 'a part without a name');
  return { name, content: Buffer.from(content, 'latin1') };
}
