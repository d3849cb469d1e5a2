/** Digests of texts, in browsers and in Node alike. */

/** `sha256:` and 64 hex digits, of the UTF-8 bytes of a text. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `sha256:${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
