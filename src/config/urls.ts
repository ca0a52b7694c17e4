const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Checks a base URL: https, or plain http to this machine; no credentials, query or fragment. The reason never
 * repeats the text, which may contain a password.
 */
export function readBaseUrl(text: string): { url: string } | { reason: string } {
  if (/[\s\\]/.test(text) || !URL.canParse(text)) return { reason: 'this is not a URL' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { reason: 'this is not an https URL' };
  if (url.username !== '' || url.password !== '')
    return { reason: 'a URL may not contain a name or password' };
  if (/[?#]/.test(text)) return { reason: 'a base URL may not have a query or fragment' };
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    return { reason: 'plain http is allowed only to this machine (localhost, 127.0.0.0/8, ::1)' };
  }
  return { url: url.origin + url.pathname.replace(/\/+$/, '') };
}

/** Why an address cannot be called by us: it must be https, or plain http to this machine. Null when it can. */
export function readHookUrl(text: string): string | null {
  const [address = '', query] = text.split('?', 2);
  if (query?.includes('#')) return 'a URL to call may not have a fragment';
  const read = readBaseUrl(address);
  return 'reason' in read ? read.reason : null;
}
