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

/** What an offered direction is answered with (RFC 3264 section 6.1). */
const answers = { sendrecv: "sendrecv", sendonly: "recvonly", recvonly: "sendonly", inactive: "inactive" };

/** An answer to `offer`: each of its media is taken as it was offered, with the first format. */
export function answerTo(offer) {
  const answer = session();
  for (const section of offer.split(/\r?\n(?=m=)/).slice(1)) {
    const [media, ...attributes] = section.split(/\r?\n/);
    const [kind, , protocol, format] = media.slice(2).split(" ");
    answer.push(`m=${kind} 9 ${protocol} ${format}`);
    if (protocol.includes("UDP/TLS"))
      answer.push(
        "a=ice-ufrag:ring",
        "a=ice-pwd:ringtrueringtrueringtrue",
        `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`,
        "a=setup:active",
        "a=rtcp-mux",
      );
    answer.push(...attributes.filter((line) => line.startsWith(`a=rtpmap:${format} `) || line.startsWith("a=mid:")));
    const direction = attributes.map((line) => line.slice(2)).find((name) => name in answers);
    answer.push(`a=${answers[direction ?? "sendrecv"]}`);
  }
  return written(answer);
}

/** An offer, for an INVITE that has none. */
export function offer() {
  return written([...session(), "m=audio 9 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv"]);
}

/** An offer that follows a description of ours: the next version of it, on hold or not. */
export function nextOffer(before, onHold) {
  return before
    .replace(/^(o=\S+ \S+) (\d+)/m, (_line, origin, version) => `${origin} ${Number(version) + 1}`)
    .replace(/^a=(sendrecv|sendonly|recvonly|inactive)/gm, `a=${onHold ? "sendonly" : "sendrecv"}`);
}

function session() {
  return ["v=0", `o=- ${Date.now()} 1 IN IP4 127.0.0.1`, "s=-", "c=IN IP4 127.0.0.1", "t=0 0"];
}

function written(lines) {
  return `${lines.join("\r\n")}\r\n`;
}
