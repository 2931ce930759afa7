import type { Features } from "../harness/trace/run-facts.ts";

/** What a target can declare of itself, in words. Undeclared is not applicable. */
export const features: readonly { readonly name: keyof Features; readonly meaning: string }[] = [
  { name: "platforms", meaning: "the phones it serves: ios, android" },
  { name: "transports", meaning: "the SIP transports plans draw from: udp, tcp, tls, ws" },
  { name: "kind", meaning: "proxy, or b2bua with a Call-ID of its own per leg; proxy rules apply to proxies only" },
  {
    name: "wake",
    meaning: "when-disconnected: a push to a phone whose stream flow is up is a failure; always: not judged",
  },
  {
    name: "delivery",
    meaning: "hold: no INVITE before the wake-up REGISTER; parallel: one to the old contact at once is legal",
  },
  { name: "progress", meaning: "end-to-end, early-media or answers-first: which outcomes of the two legs may differ" },
  { name: "fallback", meaning: "none, or divert to voicemail or the telephone network" },
  { name: "video", meaning: "it carries video calls, and says so in the push" },
  { name: "multipleDevices", meaning: "several phones may share one account" },
  { name: "concurrentCalls", meaning: "several calls at once" },
  { name: "digest", meaning: "it challenges requests" },
  { name: "pushRetry", meaning: "it sends a push again after 5xx, 429 or a reset" },
  { name: "minExpiresS", meaning: "shortest expiry it grants; absent: no plans with expired bindings" },
  { name: "deadFlowDetectionMs", meaning: "how soon it sees a half-dead flow; absent: no such plans" },
];
