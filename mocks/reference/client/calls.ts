import { randomUUID } from "node:crypto";
import { parseNameAddress, splitValues } from "../sip-fields.ts";
import { type SipRequest, valueOf, valuesOf } from "../sip-message.ts";
import type { Cancel, Timers } from "../timers.ts";
import type { ClientFault } from "./faults.ts";
import type { IncomingCall } from "./incoming-call.ts";
import { correlateOf, type LinkProfile, type PushedCall, uuidIn } from "./link-profile.ts";

/** How a call ended. `filtered`, `refused`: the phone never showed it. `reset`: the phone has forgotten it. */
export type EndWhy =
  | "remote"
  | "answered-elsewhere"
  | "declined-elsewhere"
  | "unanswered"
  | "failed"
  | "declined"
  | "hung-up"
  | "filtered"
  | "refused"
  | "reset";

export interface Caller {
  readonly handle: string | undefined;
  readonly name: string | undefined;
}

/** A call as the app knows it: of a push, of an INVITE, or of both. */
export interface AppCall {
  /** Its UUID on the phone: the payload's where it has one, else our own. */
  readonly id: string;
  pushed: PushedCall | undefined;
  leg: IncomingCall | undefined;
  caller: Caller;
  video: boolean | undefined;
  /** The phone shows it, or did. */
  isShown: boolean;
  isAnswered: boolean;
  /** The dialog is confirmed. */
  isConnected: boolean;
  isHeld: boolean;
  hasMedia: boolean;
  ended: EndWhy | undefined;
  stopWaiting: Cancel;
}

/** What the platform does for a call. Each is called once per call, `show` first. */
export interface CallScreen {
  show(call: AppCall): void;
  /** The INVITE of a call that is shown told who calls. */
  callerKnown(call: AppCall): void;
  /** The user answered, and the call is connected now. */
  connected(call: AppCall): void;
  /** Of a call that was shown, or was to be. */
  ended(call: AppCall, why: EndWhy): void;
  mayHaveMedia(call: AppCall): boolean;
}

export interface CallsOptions {
  readonly profile: LinkProfile;
  readonly fault: ClientFault;
  readonly timers: Timers;
  readonly inviteWaitMs: number;
  readonly platform: "ios" | "android";
  readonly screen: CallScreen;
  /** `media.started` or `media.stopped` for the call. */
  readonly media: (call: AppCall, on: boolean) => void;
  readonly crash: (message: string) => void;
}

/** The calls of one app, of one process: binds pushes and INVITEs in whatever order they come. */
export interface Calls {
  readonly live: readonly AppCall[];
  byId(id: string): AppCall | undefined;
  /** The call a push is about, over or not. */
  ofPush(push: PushedCall): AppCall | undefined;
  /** A push came whose call nobody has heard of: it is shown, and waits for its INVITE. */
  pushed(push: PushedCall): AppCall;
  /** The same, but nothing is shown before the INVITE comes. */
  remember(push: PushedCall): void;
  invited(leg: IncomingCall): void;
  /** The phone shows the call. */
  shown(call: AppCall): void;
  /** The phone will not show it. */
  notShown(call: AppCall, why: "filtered" | "refused"): void;
  /** The user answered. */
  answer(call: AppCall): void;
  /** The user declined or hung up. */
  hangUp(call: AppCall): void;
  hold(call: AppCall, onHold: boolean, settled: (done: boolean) => void): void;
  end(call: AppCall, why: EndWhy): void;
  /** REGISTER was refused: what has no INVITE yet cannot be connected any more. */
  unreachable(): void;
  /** The flow is another one: nothing that was not accepted can be answered over it. */
  flowLost(): void;
  /** What media depends on may have changed. */
  checkMedia(): void;
}

/** Late enough that nobody takes it for ringing that did not stop, and over before anybody takes it for a ghost. */
const AGAIN_MS = 1300;
const AGAIN_FOR_MS = 100;
const EARLY_FULFIL_MS = 300;
const CRASH_MS = 50;

export function appCalls(options: CallsOptions): Calls {
  const { profile, fault, timers, inviteWaitMs, platform, screen } = options;
  const fulfilsEarly = fault === "fulfils-before-accepting" && platform === "ios";
  const all: AppCall[] = [];
  let remembered: readonly PushedCall[] = [];

  function open(push: PushedCall | undefined, leg: IncomingCall | undefined): AppCall {
    const wished = fault === "ignores-payload-uuid" ? undefined : uuidIn(push?.callUUID);
    const isFree = wished !== undefined && byId(wished) === undefined;
    const call: AppCall = {
      id: isFree ? wished : randomUUID(),
      pushed: push,
      leg,
      caller: { handle: push?.handle ?? leg?.caller.handle, name: push?.callerName ?? leg?.caller.name },
      video: push?.video ?? leg?.video,
      isShown: false,
      isAnswered: false,
      isConnected: false,
      isHeld: false,
      hasMedia: false,
      ended: undefined,
      stopWaiting: () => {},
    };
    all.push(call);
    if (fault === "crashes-on-second-call" && all.length === 2)
      timers.after(CRASH_MS, () => options.crash("the second call is too much"));
    if (leg === undefined) waitForInvite(call);
    else follow(call, leg);
    screen.show(call);
    checkMedia();
    return call;
  }

  function waitForInvite(call: AppCall): void {
    const waitMs = fault === "gives-up-early" ? inviteWaitMs / 2 : inviteWaitMs;
    call.stopWaiting = timers.after(waitMs, () => connectionFailed(call));
  }
  function connectionFailed(call: AppCall): void {
    if (call.leg !== undefined || (fault === "waits-for-ever" && !call.isAnswered)) return;
    end(call, call.isAnswered ? "failed" : "unanswered");
  }

  function follow(call: AppCall, leg: IncomingCall): void {
    call.leg = leg;
    call.stopWaiting();
    leg.listener = {
      cancelled: (cancel) => {
        if (fault !== "keeps-ringing-after-cancel") end(call, reasonOf(cancel));
      },
      confirmed: () => {
        call.isConnected = true;
        if (call.ended !== undefined) return;
        if (call.isAnswered) screen.connected(call);
        checkMedia();
      },
      ended: () => {
        if (fault === "ignores-bye-on-phone") stopMedia(call);
        else end(call, "remote");
      },
      failed: () => end(call, "failed"),
    };
  }
  function byId(id: string): AppCall | undefined {
    return all.find((call) => call.id.toLowerCase() === id.toLowerCase());
  }

  /** The call an INVITE belongs to: by the key it shares with a push, else by the caller where that is certain. */
  function ofInvite(leg: IncomingCall): AppCall | undefined {
    const waiting = all.filter((call) => call.leg === undefined && call.pushed !== undefined);
    if (fault === "matches-by-order") return waiting.find(({ ended }) => ended === undefined);
    if (fault === "reports-invite-again") return undefined;
    return (
      waiting.find(({ pushed }) => pushed !== undefined && isSameCall(pushed, leg)) ??
      only(
        waiting.filter(
          ({ ended, pushed, caller }) => ended === undefined && isKeyless(pushed, leg) && isFrom(caller, leg),
        ),
      )
    );
  }
  /** The INVITE repeats what its push said (the device link's `correlation`). */
  function isSameCall(pushed: PushedCall, leg: IncomingCall): boolean {
    const key = keyIn(leg);
    return key === undefined ? pushed.callId === leg.callId : correlateOf(profile, pushed) === key;
  }
  function keyIn({ invite, callId }: IncomingCall): string | undefined {
    return profile.correlation.sip === "call-id" ? callId : valueOf(invite, profile.correlation.sip.toLowerCase());
  }
  /** Push and INVITE have no key in common that could tell them apart. */
  function isKeyless(pushed: PushedCall | undefined, leg: IncomingCall): boolean {
    if (pushed === undefined) return false;
    return keyIn(leg) === undefined ? pushed.callId === undefined : correlateOf(profile, pushed) === undefined;
  }

  function ofPush(push: PushedCall): AppCall | undefined {
    const known = knownOf(push);
    return fault === "new-call-per-push" && known?.pushed !== undefined && known.ended === undefined
      ? undefined
      : known;
  }
  function knownOf(push: PushedCall): AppCall | undefined {
    return all.find(({ id, pushed, leg }) => {
      if (push.callUUID !== undefined && id.toLowerCase() === push.callUUID.toLowerCase()) return true;
      if (pushed !== undefined) {
        if (push.callUUID !== undefined && pushed.callUUID !== undefined)
          return push.callUUID.toLowerCase() === pushed.callUUID.toLowerCase();
        const key = correlateOf(profile, push);
        return key !== undefined && key === correlateOf(profile, pushed);
      }
      return leg !== undefined && (isSameCall(push, leg) || (isKeyless(push, leg) && isFrom(push, leg)));
    });
  }

  function invited(leg: IncomingCall): void {
    const known = ofInvite(leg);
    if (known === undefined) {
      if (fault === "waits-for-push") {
        leg.ring();
        return;
      }
      const push = remembered.find((one) => isSameCall(one, leg));
      remembered = remembered.filter((one) => one !== push);
      const call = open(push, leg);
      if (fault === "answers-by-itself" && call.ended === undefined) leg.accept();
      return;
    }
    follow(known, leg);
    if (known.ended !== undefined) {
      late(known, leg);
      return;
    }
    const { caller } = known;
    known.caller = { handle: caller.handle ?? leg.caller.handle, name: caller.name ?? leg.caller.name };
    if (known.isShown) leg.ring();
    if (known.caller.handle !== caller.handle || known.caller.name !== caller.name) screen.callerKnown(known);
    if (fault === "answers-by-itself") leg.accept();
    else if (known.isAnswered) accept(known);
  }
  /** The INVITE of a call that is over. */
  function late(call: AppCall, leg: IncomingCall): void {
    const isOwn = call.ended === "declined" || call.ended === "hung-up";
    if (isOwn && fault === "loses-early-decline") leg.ring();
    else if (isOwn && fault === "answers-after-decline") leg.accept();
    else if (call.ended === "filtered" && fault === "answers-filtered") leg.accept();
    else if (call.ended === "refused" && fault === "ignores-refusal") leg.ring();
    else leg.reject(statusFor(call.ended ?? "failed"));
  }

  function accept(call: AppCall): void {
    if (fault === "loses-answer") return;
    if (fulfilsEarly) {
      screen.connected(call);
      timers.after(EARLY_FULFIL_MS, () => call.leg?.accept());
    } else call.leg?.accept();
  }

  function end(call: AppCall, why: EndWhy): void {
    if (call.ended !== undefined) return;
    call.ended = why;
    call.stopWaiting();
    stopMedia(call);
    if (!(fault === "answers-after-decline" && why === "declined")) call.leg?.hangUp(statusFor(why));
    else call.leg?.accept();
    screen.ended(call, why);
    if (fault === "ends-all-calls") for (const other of live()) end(other, why);
    if (fault === "rings-again-after-end" && call.isShown && all.length < 2) again(call);
    checkMedia();
  }
  function again(call: AppCall): void {
    timers.after(AGAIN_MS, () => {
      const { caller, video } = call;
      const ghost = open({ isCancel: false }, undefined);
      ghost.caller = caller;
      ghost.video = video;
      timers.after(AGAIN_FOR_MS, () => end(ghost, "unanswered"));
    });
  }

  const live = (): readonly AppCall[] => all.filter(({ ended }) => ended === undefined);

  function wantsMedia(call: AppCall): boolean {
    if (call.ended !== undefined || fault === "never-starts-media") return false;
    if (fault === "starts-media-while-ringing") return call.isShown;
    if (!call.isAnswered || call.isHeld) return false;
    if (fault === "starts-media-before-connection") return platform === "android" || screen.mayHaveMedia(call);
    return call.isConnected && (fault === "starts-media-before-activation" || screen.mayHaveMedia(call));
  }
  function stopMedia(call: AppCall): void {
    if (!call.hasMedia || fault === "leaves-media-on") return;
    call.hasMedia = false;
    options.media(call, false);
  }
  function checkMedia(): void {
    for (const call of all) {
      const wants = wantsMedia(call);
      if (call.hasMedia && !wants) stopMedia(call);
    }
    for (const call of all) {
      if (call.hasMedia || !wantsMedia(call)) continue;
      call.hasMedia = true;
      options.media(call, true);
    }
  }

  return {
    get live() {
      return live();
    },
    byId,
    ofPush,
    pushed: (push) => open(push, undefined),
    remember(push) {
      remembered = [...remembered, push];
      timers.after(inviteWaitMs, () => {
        remembered = remembered.filter((one) => one !== push);
      });
    },
    invited,
    shown(call) {
      if (call.isShown || call.ended !== undefined) return;
      call.isShown = true;
      call.leg?.ring();
      checkMedia();
    },
    notShown(call, why) {
      if (call.ended !== undefined) return;
      if (why === "filtered" && fault === "answers-filtered") {
        call.ended = why;
        call.stopWaiting();
        call.leg?.accept();
        return;
      }
      if (why === "refused" && fault === "ignores-refusal") {
        call.isShown = true;
        call.leg?.ring();
        return;
      }
      end(call, why);
    },
    answer(call) {
      if (call.ended !== undefined || call.isAnswered) return;
      call.isAnswered = true;
      if (call.leg !== undefined) accept(call);
      checkMedia();
    },
    hangUp: (call) => end(call, call.isAnswered ? "hung-up" : "declined"),
    hold(call, onHold, settled) {
      if (call.isHeld === onHold || call.leg === undefined || !call.isConnected) {
        call.isHeld = onHold;
        checkMedia();
        settled(true);
        return;
      }
      call.isHeld = onHold;
      checkMedia();
      call.leg.hold(onHold, settled);
    },
    end,
    unreachable() {
      for (const call of live()) if (call.leg === undefined) end(call, "failed");
    },
    flowLost() {
      for (const call of live()) if (call.leg?.state === "ringing") end(call, "failed");
    },
    checkMedia,
  };
}

/** What an INVITE is refused with. */
function statusFor(why: EndWhy): number {
  if (why === "declined" || why === "hung-up") return 603;
  return why === "filtered" || why === "refused" ? 486 : 480;
}

/** RFC 3326: why a proxy cancelled. Answered or declined somewhere else leaves no missed call. */
function reasonOf(cancel: SipRequest): EndWhy {
  for (const value of valuesOf(cancel, "reason").flatMap((one) => splitValues(one))) {
    const found = /^\s*(SIP|Q\.850)\s*;(?:.*;)?\s*cause\s*=\s*(\d+)/i.exec(value);
    if (found === null) continue;
    const protocol = (found[1] ?? "").toUpperCase();
    const cause = Number(found[2]);
    if ((protocol === "SIP" && cause === 200) || (protocol === "Q.850" && cause === 26)) return "answered-elsewhere";
    if ((protocol === "SIP" && cause === 603) || (protocol === "Q.850" && cause === 21)) return "declined-elsewhere";
  }
  return "remote";
}

function isFrom({ handle }: { readonly handle?: string | undefined }, leg: IncomingCall): boolean {
  const theirs = addressOf(leg.caller.handle);
  return theirs === undefined || handle === undefined || addressOf(handle) === theirs;
}

/** The number or the user part, however it is spelled. */
function addressOf(handle: string | undefined): string | undefined {
  if (handle === undefined) return undefined;
  const uri = parseNameAddress(handle)?.uri ?? handle;
  return (/^(?:sips?|tel):([^@;]*)/i.exec(uri)?.[1] ?? uri.split("@")[0] ?? uri)
    .replaceAll(/[\s().-]/g, "")
    .toLowerCase();
}

function only<T>(some: readonly T[]): T | undefined {
  return some.length === 1 ? some[0] : undefined;
}
