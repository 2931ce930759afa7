import { z } from "zod";
import { fromApp, onlyOn, toApp } from "./message-definition.ts";

const callUUID = z.string().describe("UUID, compared case-insensitively");

function callAction<IdShape extends z.ZodRawShape>(id: IdShape) {
  return z.discriminatedUnion("type", [
    z.object({ ...id, type: z.enum(["answer", "end", "start"]), callUUID }),
    z.object({ ...id, type: z.literal("setHeld"), callUUID, onHold: z.boolean() }),
    z.object({ ...id, type: z.literal("setMuted"), callUUID, muted: z.boolean() }),
    z.object({ ...id, type: z.literal("playDTMF"), callUUID, digits: z.string() }),
  ]);
}

/** CXCallUpdate: what is absent is unknown, and in an update unchanged. */
const update = z.object({
  remoteHandle: z
    .object({ type: z.enum(["generic", "phoneNumber", "emailAddress"]), value: z.string() })
    .exactOptional(),
  localizedCallerName: z.string().exactOptional(),
  hasVideo: z.boolean().exactOptional(),
});

/** DEVICE-LINK section 3: PushKit and CallKit. */
export const iosMessages = onlyOn("ios", {
  "pushRegistry.didUpdatePushCredentials": toApp("The token, after each launch and when it changes", {
    type: z.literal("voip"),
    token: z.string(),
  }),
  "pushRegistry.didInvalidatePushToken": toApp("The token is void; register without pn-*", {
    type: z.literal("voip"),
  }),
  "pushRegistry.didReceiveIncomingPush": toApp("A push; answered when the delegate returns", {
    pushId: z.string(),
    type: z.literal("voip"),
    payload: z.unknown().describe("The PushKit dictionary, as the server sent it"),
    mustReport: z.boolean().describe("Absent: true").exactOptional(),
  }),
  "provider.perform": toApp("The user or the system asks; settled by action.fulfill or action.fail", {
    action: callAction({ id: z.string() }),
    timeoutMs: z.number().positive(),
  }),
  "provider.timedOutPerforming": toApp("The action's time is over", { actionId: z.string() }),
  "provider.didActivateAudioSession": toApp("Media may start", {}),
  "provider.didDeactivateAudioSession": toApp("Media must stop", {}),
  "provider.didReset": toApp("All calls are gone", {}),

  "provider.reportNewIncomingCall": fromApp("CXProvider.reportNewIncomingCall", { uuid: callUUID, update }),
  "provider.reportCallUpdated": fromApp("CXProvider.reportCall(with:updated:)", { uuid: callUUID, update }),
  "provider.reportCallEnded": fromApp("CXProvider.reportCall(with:endedAt:reason:)", {
    uuid: callUUID,
    reason: z.enum(["failed", "remoteEnded", "unanswered", "answeredElsewhere", "declinedElsewhere"]),
  }),
  "action.fulfill": fromApp("CXAction.fulfill", { actionId: z.string() }),
  "action.fail": fromApp("CXAction.fail", { actionId: z.string() }),
  "callController.request": fromApp("CXCallController.request: a transaction of the app's own", {
    actions: z.array(callAction({ id: z.string().exactOptional() })),
  }),
  "pushRegistry.completion": fromApp("The completion handler of a push, exactly once per push", {
    pushId: z.string(),
  }),
});
