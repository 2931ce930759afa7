import { isAsleepAt } from "../../../harness/judge/call-view-phones.ts";
import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { appleArchive } from "./documents.ts";
import { demandPush } from "./push-demand.ts";
import { unregisteredTokens } from "./unregistered-tokens.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "Stop pushing notifications until the device registers a token with a later timestamp with your provider."
// (Apple, Communicating with APNs, Table 8-5)
export const olderUnregisteredIgnored: Requirement = {
  id: "flow/older-unregistered-ignored",
  title: "A token registered after the time a 410 names is pushed at the next call",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    appleArchive(
      "Communicating with APNs",
      "Stop pushing notifications until the device registers a token with a later timestamp with your provider.",
    ),
  ],
  applies: ({ features }) => features.platforms.includes("ios") || "only APNs says since when a token is unregistered",
  judge: (trace) =>
    conclude(
      unregisteredTokens(trace)
        .filter(({ than }) => than === "older")
        .map(({ phone, response }) => {
          const next = callsOf(trace).find((call) => call.placed.seq > response.seq && call.phones.includes(phone));
          if (next === undefined || !isAsleepAt(phone, next.placed)) return notExercised;
          return demandPush(trace, next, phone, { missing: "token-dropped", late: "token-dropped" });
        }),
    ),
};
