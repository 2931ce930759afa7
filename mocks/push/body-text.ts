/** A body as UTF-8; bytes that are not are replaced. */
export function bodyText(body: Uint8Array): string {
  // One that was received in one piece is a Buffer already, and to make another is as much work as to decode it.
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.toString("utf8");
}
