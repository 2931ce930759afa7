import * as fc from "fast-check";
import {
  changesNetwork,
  fallsAsleep,
  logsIn,
  logsOut,
  losesNetwork,
  losesToken,
  on,
  opensApp,
  places,
  pushes,
  regainsNetwork,
  registrar,
  rotatesToken,
  start,
} from "../../../harness/plan/plan-parts.ts";
import type { AppState, PushForm, RegistrarAnswer } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import { together, type Steps } from "../../arbitraries/call-courses.ts";
import { ringsOnPhone } from "../../arbitraries/client/client-courses.ts";
import { wireDisturbances } from "../../arbitraries/client/client-disturbances.ts";
import { clientDraft } from "../../arbitraries/client/client-draft.ts";
import { reachable, ringing } from "../../arbitraries/client/client-moments.ts";
import { anyClientPhone, clientPhone } from "../../arbitraries/client/client-phone.ts";
import { mostly, rarely } from "../../arbitraries/disturbances.ts";
import { instantOrPause, pause } from "../../arbitraries/moments.ts";
import type { Cast } from "../../arbitraries/plan-arbitrary.ts";
import { planArbitrary } from "../../arbitraries/plan-arbitrary.ts";
import type { RolePart } from "../both-roles.ts";
import { allClientWitnesses } from "./all-client-witnesses.ts";
import { clientDelayedDeliveryWitnesses } from "./delayed-delivery-witnesses.ts";
import { answeredAndEnded, onTheWire, shownForPush } from "./exercises.ts";

/** The push or the INVITE comes late, twice, unreadable or never; tokens, accounts and networks are no longer what they were. */
export const clientDelayedDelivery: RolePart = {
  exercises: [
    ...onTheWire,
    ...shownForPush,
    ...answeredAndEnded,
    "flow/app-gives-up",
    "flow/app-one-call",
    "flow/app-registers-again",
    "flow/app-waits",
    "pushkit/bad-uuid-shown",
    "pushkit/duplicate-push",
    "pushkit/malformed-push-failed",
    "pushkit/not-obliged-silent",
    "pushkit/push-of-ended-call",
    "pushkit/report-not-delayed",
    "sip/deregister-without-prid",
    "sip/logout-deregisters",
    "sip/new-token-registered",
    "sip/old-binding-removed",
    "sip/void-token-withdrawn",
  ],
  witnesses: (facts) => allClientWitnesses(clientDelayedDeliveryWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("delayed-delivery", facts, [
      lateInvite(facts),
      pushesAgain(facts),
      slowRegistrar(facts),
      oddPush(facts),
      notObliged(facts),
      whileDozing(facts),
      newIdentity(facts),
      network(facts),
    ]),
};

const apps: readonly AppState[] = ["suspended", "killed", "background", "foreground"];

/** Long after the push, or now and then never. */
function lateInvite(facts: RunFacts): Cast {
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    ringsOnPhone("phone:1", "call:1", ringing()),
    mostly(fc.constantFrom(400, 800, 1500).map((delayMs) => places("call:1", reachable(facts), delayMs))),
    fc.constant([pushes("phone:1", "call:1")]),
  );
  return { weight: 3, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, apps)]) };
}

function pushesAgain(facts: RunFacts): Cast {
  const again = fc
    .array(
      fc.record({
        after: fc.constantFrom(
          on("push.delivered", "phone:1"),
          on("invite.received", "phone:1"),
          on("call.rejected", "call:1"),
        ),
        delayMs: instantOrPause,
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((moments) => moments.map(({ after, delayMs }) => pushes("phone:1", "call:1", after, delayMs)));
  const steps = together(
    again,
    ringsOnPhone("phone:1", "call:1", ringing()),
    pause.map((delayMs) => [pushes("phone:1", "call:1"), places("call:1", reachable(facts), delayMs)]),
  );
  return { weight: 3, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, apps)]) };
}

/** An app that starts cannot register for a while. */
function slowRegistrar(facts: RunFacts): Cast {
  const answer = fc.constantFrom<RegistrarAnswer>("hold", "silence", 503);
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    ringsOnPhone("phone:1", "call:1", ringing()),
    fc
      .tuple(answer, pause)
      .map(([answer, delayMs]) => [
        registrar("phone:1", answer),
        pushes("phone:1", "call:1", start, 50),
        registrar("phone:1", "accept", on("phone.registering", "phone:1"), delayMs),
        places("call:1", on("phone.registered", "phone:1"), 100),
      ]),
  );
  return { weight: 2, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, ["killed"])]) };
}

function oddPush(facts: RunFacts): Cast {
  const forms: readonly PushForm[] = ["no-caller", "bad-uuid", "no-keys", "not-an-object"];
  const cancelling: readonly PushForm[] = facts.profile.cancelByPush === false ? [] : ["cancel"];
  const steps = together(
    ringsOnPhone("phone:1", "call:1", ringing()),
    fc
      .constantFrom(...forms, ...cancelling)
      .chain((form): Steps =>
        form === "cancel"
          ? pause.map((delayMs) => [
              pushes("phone:1", "call:1"),
              pushes("phone:1", "call:1", on("ringing.shown", "phone:1"), delayMs, { form }),
              places("call:1", on("push.delivered", "phone:1", 3)),
            ])
          : pause.map((delayMs) => [
              pushes("phone:1", "call:1", start, 0, { form }),
              places("call:1", reachable(facts), delayMs),
            ]),
      ),
  );
  return { weight: 2, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, apps)]) };
}

function notObliged(facts: RunFacts): Cast {
  const steps = together(
    ringsOnPhone("phone:1", "call:1", ringing()),
    mostly(pause.map((delayMs) => places("call:1", on("push.delivered", "phone:1"), delayMs))),
    fc.constant([pushes("phone:1", "call:1", start, 0, { form: "not-obliged" })]),
  );
  const phone = fc
    .constantFrom<AppState>("foreground", "background")
    .map((app) => clientPhone(1, { platform: "ios", app, settings: { osVersion: "26.4" } }));
  return {
    weight: 1,
    when: facts.features.platforms.includes("ios"),
    draft: clientDraft(steps, [1], facts, [phone]),
  };
}

/** What is sent with normal priority waits until the user picks the phone up. */
function whileDozing(facts: RunFacts): Cast {
  const steps = together(
    ringsOnPhone("phone:1", "call:1", ringing()),
    mostly(pause.map((delayMs) => opensApp("phone:1", start, delayMs))),
    fc.constant([
      pushes("phone:1", "call:1", start, 0, { priority: "normal" }),
      places("call:1", { all: [on("push.delivered", "phone:1"), on("phone.registered", "phone:1")] }, 200),
    ]),
  );
  const phone = fc
    .boolean()
    .map((deprioritised) =>
      clientPhone(1, { platform: "android", app: "killed", android: { doze: true, deprioritised } }),
    );
  return {
    weight: 1,
    when: facts.features.platforms.includes("android"),
    draft: clientDraft(steps, [1], facts, [phone]),
  };
}

/** Another token, or the same user once more; then the phone is called. */
function newIdentity(facts: RunFacts): Cast {
  const again = { after: on("phone.unregistered", "phone:1"), delayMs: 300 };
  const before: Steps = fc.constantFrom(
    [rotatesToken("phone:1")],
    [rotatesToken("phone:1"), rotatesToken("phone:1", start, 300)],
    [logsOut("phone:1"), logsIn("phone:1", again.after, again.delayMs)],
  );
  const steps = together(
    ringsOnPhone("phone:1", "call:1", ringing()),
    rarely(fc.constant(fallsAsleep("phone:1", start, 1000))),
    before,
    fc.constant([pushes("phone:1", "call:1", start, 1500), places("call:1", on("push.delivered", "phone:1"), 800)]),
  );
  const phone = anyClientPhone(facts.features, 1, ["foreground", "background"]);
  return { weight: 2, draft: clientDraft(steps, [1], facts, [phone]) };
}

/** Away and back, or another network, before the call; on iPhones the token may be void meanwhile. */
function network(facts: RunFacts): Cast {
  const onIphone = facts.features.platforms.length === 1 && facts.features.platforms[0] === "ios";
  const before: Steps = fc.constantFrom(
    [changesNetwork("phone:1")],
    [losesNetwork("phone:1"), regainsNetwork("phone:1", start, 400)],
    ...(onIphone ? [[losesToken("phone:1")]] : []),
  );
  const steps = together(
    ringsOnPhone("phone:1", "call:1", ringing()),
    rarely(fc.constant(pushes("phone:1", "call:1", start, 1000))),
    before,
    fc.constant([places("call:1", start, 1500)]),
  );
  return { weight: 2, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, ["foreground"])]) };
}
