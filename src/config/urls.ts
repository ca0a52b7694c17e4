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
