/** Registers over UDP when it gets its token, and answers whatever it is asked: enough for a case to be played. */
export const createApp = (host) => callingApp(host);
export const throws = (host) => callingApp(host, "throws");
export const rejects = (host) => callingApp(host, "rejects");
export const exits = (host) => callingApp(host, "exits");
export const hangs = (host) => callingApp(host, "hangs");
export const leavesTimer = (host) => callingApp(host, "leaves-timer");
export const agrees = (host) => callingApp(host, "agrees");

/** `flaw`: what it does when it is told of its token, instead of registering or beside it; `agrees`: to methods that do not exist. */
function callingApp(host, flaw) {
  const heartbeat = setInterval(() => {}, 60_000);
  const accounts = new Map();
  let sent = 0;

  function register(device) {
    const { aor, registrar } = accounts.get(device);
    const connection = host.sip.connect("udp");
    const { host: name, port } = connection.local;
    sent += 1;
    connection.send(
      [
        `REGISTER sip:${registrar.domain} SIP/2.0`,
        `Via: SIP/2.0/UDP ${name}:${port};branch=z9hG4bK${sent};rport`,
        "Max-Forwards: 70",
        `From: <${aor}>;tag=${sent}`,
        `To: <${aor}>`,
        `Call-ID: ${sent}@app`,
        "CSeq: 1 REGISTER",
        `Contact: <sip:app@${name}:${port}>`,
        "Expires: 600",
        "Content-Length: 0",
        "",
        "",
      ].join("\r\n"),
    );
  }

  function token(device) {
    if (flaw === "throws") throw new Error("the app throws");
    if (flaw === "rejects") void Promise.reject(new Error("the app rejects"));
    if (flaw === "exits") process.exit(3);
    if (flaw === "leaves-timer") setInterval(() => {}, 30_000);
    if (flaw === "hangs") for (;;);
    register(device);
  }

  host.link.onMessage(({ id, method, params = {} }) => {
    const device = String(params["device"]);
    const isKnown = /^(device|pushRegistry|provider|network|account)\./.test(method ?? "");
    if (method === "initialize") {
      const app = { name: "Test", version: "1" };
      const result = { protocol: "ringtrue.device/1", app, platforms: ["ios"], transports: ["udp"] };
      host.link.send({ jsonrpc: "2.0", id, result });
    } else if (!isKnown && flaw !== "agrees")
      host.link.send({ jsonrpc: "2.0", id, error: { code: -32_601, message: "no such method" } });
    else {
      if (method === "device.launch") accounts.set(device, params["account"]);
      host.link.send({ jsonrpc: "2.0", id, result: {} });
      if (method === "pushRegistry.didUpdatePushCredentials") token(device);
    }
  });
  host.log("the app is there");
  return { close: () => clearInterval(heartbeat) };
}
