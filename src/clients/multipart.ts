import { createHash } from 'node:crypto';

/** A body of `multipart/form-data` and the content type that announces it. */
export interface Multipart {
  readonly body: Buffer;
  readonly contentType: string;
}

/** One file as a form. The boundary follows from the content, so the same file gives the same bytes. */
export function fileForm(part: string, filename: string, content: Buffer, contentType: string): Multipart {
  const boundary = `----${createHash('sha256').update(content).digest('hex')}`;
  const head = `Content-Disposition: form-data; name="${part}"; filename="${filename}"\r\nContent-Type: ${contentType}`;
  return {
    body: Buffer.concat([
      Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
      content,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}
