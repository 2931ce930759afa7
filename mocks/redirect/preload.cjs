"use strict";
// Preloaded (`node --require`, `NODE_OPTIONS`) into a program that cannot be told where to connect: connections to the
// hosts of RINGTRUE_REDIRECT go elsewhere. TLS still names and verifies the host that the program meant.
// CommonJS without dependencies, as it loads before anything else does, in worker threads too.

const net = require("node:net");

/** `api.push.apple.com:443=127.0.0.1:8443,...` by `host:port`. */
const redirects = new Map(
  (process.env.RINGTRUE_REDIRECT ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [, from, host, port] = /^([^=\s]+:\d+)=\[?([^=\s\]]+)\]?:(\d+)$/.exec(entry) ?? [];
      if (from === undefined) throw new Error(`RINGTRUE_REDIRECT: ${entry} is not host:port=host:port`);
      return [from.toLowerCase(), { host, port: Number(port) }];
    }),
);

function elsewhere(host, port) {
  return typeof host === "string" ? redirects.get(`${host.toLowerCase()}:${port}`) : undefined;
}

/** A copy of the options of `net.connect`: TLS reads the ones it was given, and verifies the host it finds there. */
function redirected(options) {
  if (typeof options !== "object" || options === null || options.path != null) return options;
  const target = elsewhere(options.host, options.port);
  return target === undefined ? options : { ...options, ...target };
}

if (redirects.size > 0) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    const [first, second, ...rest] = args;
    // What `net.connect` calls it with: an array of options and callback, which Node knows by a symbol.
    if (Array.isArray(first)) first[0] = redirected(first[0]);
    else if (typeof first === "object") args[0] = redirected(first);
    else {
      const target = elsewhere(second, first);
      if (target !== undefined) return connect.call(this, target.port, target.host, ...rest);
    }
    return connect.apply(this, args);
  };
}
