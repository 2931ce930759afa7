/** True when a session description has a video stream that is not refused: `m=video` with a port other than 0 (RFC 3264 section 5.1). */
export function offersVideo(body: Uint8Array): boolean {
  return /^m=video[ \t]+0*[1-9]/m.test(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1"));
}
