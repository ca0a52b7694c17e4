/** The slugs of vendor sheet §12. */
const SLUGS: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  402: 'payment_required',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  422: 'unprocessable_entity',
  429: 'too_many_requests',
};

/** The API says no: thrown anywhere below the service, which turns it into an answer. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** One member of `errors`: `code` is the HTTP number, `status` a slug (vendor sheet §2.3). */
export function renderError(status: number, detail: string): Record<string, string> {
  const slug = SLUGS[status] ?? 'error';
  const title = slug.replace(/(^|_)([a-z])/g, (_, gap: string, letter: string) => {
    return (gap ? ' ' : '') + letter.toUpperCase();
  });
  return { title, detail, code: String(status), status: slug };
}
