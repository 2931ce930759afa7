// The media engine. On a phone this is react-native-webrtc; here it makes an answer of the right form and opens no device.
let onMedia = () => {};

/** Tells that microphone and speaker are in use for a call, or no longer. */
export function observeMedia(listener) {
  onMedia = listener;
}

export function startMedia(callUUID) {
  onMedia("started", callUUID);
}

export function stopMedia(callUUID) {
  onMedia("stopped", callUUID);
}

/** An answer to `offer`: each of its media is taken as it was offered, with the first format. */
export function answerTo(offer) {
  const lines = offer.split(/\r?\n/).filter((line) => line !== "");
  const answer = ["v=0", `o=- ${Date.now()} 1 IN IP4 127.0.0.1`, "s=-", "c=IN IP4 127.0.0.1", "t=0 0"];
  let format;
  for (const line of lines) {
    if (line.startsWith("m=")) {
      const [kind, , protocol, first] = line.slice(2).split(" ");
      format = first;
      answer.push(`m=${kind} 9 ${protocol} ${first}`);
      if (protocol.includes("UDP/TLS"))
        answer.push(
          "a=ice-ufrag:ring",
          "a=ice-pwd:ringtrueringtrueringtrue",
          `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`,
          "a=setup:active",
          "a=rtcp-mux",
        );
      answer.push("a=sendrecv");
    } else if (format !== undefined && (line.startsWith(`a=rtpmap:${format} `) || line.startsWith("a=mid:"))) {
      answer.push(line);
    }
  }
  return `${answer.join("\r\n")}\r\n`;
}

/** An offer, for an INVITE that has none. */
export function offer() {
  return [
    "v=0",
    `o=- ${Date.now()} 1 IN IP4 127.0.0.1`,
    "s=-",
    "c=IN IP4 127.0.0.1",
    "t=0 0",
    "m=audio 9 RTP/AVP 0",
    "a=rtpmap:0 PCMU/8000",
    "a=sendrecv",
    "",
  ].join("\r\n");
}
