import { bestOutcome, isDead, type Outcome } from "./best-response.ts";
import type { ClientHandlers, ClientTransaction } from "./client-transaction.ts";
import type { Fault } from "./faults.ts";
import type { Patience, PushResult } from "./push-service.ts";
import type { Binding } from "./registrar.ts";
import { type Header, header, type SipRequest, type SipResponse } from "./sip-message.ts";
import type { Cancel, Timers } from "./timers.ts";
import type { Flow } from "./transport.ts";

/** One INVITE on its way to a phone. */
export interface Branch {
  readonly binding: Binding;
  readonly request: SipRequest;
  readonly flow: Flow;
}

/** What a call needs of the server it is in: how a proxy and a B2BUA differ. */
export interface CallParts {
  readonly timers: Timers;
  readonly fault: Fault;
  readonly holdMs: number;
  /** `parallel`: the INVITE goes to a sleeping phone's old UDP contact at once, too. */
  readonly delivery: "hold" | "parallel";
  /** The INVITE for this phone over this flow. */
  makeInvite(binding: Binding, flow: Flow): SipRequest;
  send(request: SipRequest, flow: Flow, handlers: ClientHandlers): ClientTransaction;
  /** Asks the push service to wake the phone. */
  push(binding: Binding, token: string, patience: Patience): Promise<PushResult>;
  /** A phone's 1xx above 100, or its 2xx, for the caller. */
  relay(response: SipResponse, branch: Branch): void;
  /** The final response for the caller: what a phone said, or a status of our own. */
  finish(outcome: Outcome<SipResponse>): void;
  /** Nothing can change for the caller any more. */
  ended(): void;
}

/** A call that is not answered yet, from its INVITE to its final response. */
export interface Call {
  /** The caller hung up. */
  readonly cancel: () => void;
  /** A phone of the account registered; the devices it takes the place of are no more. */
  readonly registered: (binding: Binding, replaces: readonly string[]) => void;
}

interface LiveBranch extends Branch {
  transaction: ClientTransaction | undefined;
  provisional: boolean;
  /** CANCEL must go out, as soon as it may (RFC 3261 9.1). */
  cancelWanted: readonly Header[] | undefined;
  /** Its outcome does not count any more. */
  abandoned: boolean;
  done: boolean;
  /** Until a sign of life: how long the phone may be silent; then how long it may ring. */
  stopTimer: Cancel;
}

/** How long a phone has to answer our CANCEL before the caller is told without it. */
const CANCEL_GRACE_MS = 1000;
/** Timer C (RFC 3261 16.6 step 11): how long a phone may ring; "larger than 3 minutes". */
const TIMER_C_MS = 200_000;
/** So late comes what a fault sends that nobody can take it for having crossed with what it comes after. */
const LATE_MS = 200;
const impatient: Patience = () => Promise.resolve(false);
const COMPLETED_ELSEWHERE = header("Reason", 'SIP;cause=200;text="Call completed elsewhere"');

/**
 * Brings one call to every phone of an account: awake ones at once, sleeping ones by push and by the registration it leads
 * to (RFC 8599 5.6.2), with the forking rules of RFC 3261 16.7.
 */
export function openCall(bindings: readonly Binding[], parts: CallParts): Call {
  const { timers, fault } = parts;
  const branches: LiveBranch[] = [];
  const outcomes: Outcome<SipResponse>[] = [];
  /** Phones that were pushed and have not registered yet. */
  const waiting = new Map<string, Cancel>();
  const pushedTokens = new Set<string>();
  /** Phones that have said no. */
  const declined = new Set<string>();
  let cancelled = false;
  let closedToNew = false;
  let over = false;

  const live = (): readonly LiveBranch[] => branches.filter((branch) => !branch.done && !branch.abandoned);
  const stopWaiting = (device: string): void => {
    waiting.get(device)?.();
    waiting.delete(device);
  };
  const stopAllWaiting = (): void => {
    for (const device of waiting.keys()) stopWaiting(device);
  };
  const end = (outcome?: Outcome<SipResponse>): void => {
    if (over) return;
    over = true;
    stopAllWaiting();
    for (const branch of branches) branch.stopTimer();
    if (outcome !== undefined && !(fault === "no-487" && cancelled)) parts.finish(outcome);
    if (fault === "rings-again-after-decline" && outcome?.response !== undefined) ringAgain();
    if (!(fault === "invite-after-cancel" && cancelled)) parts.ended();
  };
  const settle = (): void => {
    if (over || live().length > 0) return;
    if (cancelled) end({ status: 487 });
    else if (waiting.size === 0) end(bestOutcome(outcomes) ?? { status: 480 });
  };

  const stopBranch = (branch: LiveBranch, headers: readonly Header[] = []): void => {
    if (branch.done) return;
    branch.stopTimer();
    if (branch.provisional) branch.transaction?.cancel(headers);
    else branch.cancelWanted = headers;
  };
  const abandon = (branch: LiveBranch): void => {
    branch.abandoned = true;
    stopBranch(branch);
  };

  /** A phone is there now: the INVITE goes to it, and an older one on another flow of the same phone is taken back. */
  const ring = (binding: Binding): void => {
    stopWaiting(binding.device);
    const older = live().filter((branch) => branch.binding.device === binding.device);
    if (older.some((branch) => branch.flow === binding.flow && branch.binding.uri === binding.uri)) return;
    for (const branch of older) abandon(branch);
    startBranch(binding);
    if (fault === "forks-twice") startBranch(binding);
  };
  const startBranch = (binding: Binding): void => {
    const reached = fault === "invite-to-oldest-contact" ? (binding.first ?? binding) : binding;
    const branch: LiveBranch = {
      binding,
      flow: reached.flow,
      request: parts.makeInvite(reached, reached.flow),
      transaction: undefined,
      provisional: false,
      cancelWanted: undefined,
      abandoned: false,
      done: false,
      // No sign of life for as long as we would wait for a sleeping phone: nobody is there.
      stopTimer: timers.after(fault === "dead-branch-ends-call" ? 300 : parts.holdMs, () => giveUpOn(branch)),
    };
    branches.push(branch);
    branch.transaction = parts.send(branch.request, branch.flow, {
      onResponse: (response) => onResponse(branch, response),
      onFailed: (why) => {
        const counted = !branch.abandoned && !branch.done;
        branch.done = true;
        branch.stopTimer();
        if (counted) branchDied(branch, why === "timeout" ? 408 : 503);
      },
    });
  };
  const giveUpOn = (branch: LiveBranch): void => {
    abandon(branch);
    branchDied(branch, 408);
  };
  /** The phone may only sleep: its flow broke or nothing came from it. */
  const branchDied = (branch: LiveBranch, status: number): void => {
    outcomes.push({ status: status === 503 ? 480 : status });
    const { binding } = branch;
    if (!cancelled && !closedToNew && !over && status === 503 && binding.token !== undefined)
      wake(binding, binding.token);
    if (fault === "dead-branch-ends-call") end({ status });
    else settle();
  };

  const onResponse = (branch: LiveBranch, response: SipResponse): void => {
    const { status } = response;
    if (status < 200) {
      branch.provisional = true;
      branch.stopTimer();
      if (branch.cancelWanted !== undefined) branch.transaction?.cancel(branch.cancelWanted);
      else if (!branch.abandoned && !over && !cancelled) {
        branch.stopTimer = timers.after(TIMER_C_MS, () => giveUpOn(branch));
        if (status > 100) progress(branch, response);
      }
      return;
    }
    const counted = !branch.abandoned;
    branch.done = true;
    branch.stopTimer();
    if (status < 300) answered(branch, response);
    else if (counted) rejected(branch, response);
  };
  const progress = (branch: LiveBranch, response: SipResponse): void => {
    if (fault === "answers-for-phone") {
      parts.relay({ ...response, status: 200, reason: "OK" }, branch);
      return;
    }
    if (fault === "update-push") pushLate(branch.binding);
    if (fault !== "no-180") parts.relay(response, branch);
  };
  const answered = (branch: LiveBranch, response: SipResponse): void => {
    closedToNew = true;
    if (fault !== "answer-swallowed") parts.relay(response, branch);
    if (fault === "final-after-answer" && !over) timers.after(50, () => parts.finish({ status: 480 }));
    if (fault !== "no-fork-cancel") {
      for (const other of live()) stopBranch(other, [COMPLETED_ELSEWHERE]);
    }
    end();
  };
  const rejected = (branch: LiveBranch, response: SipResponse): void => {
    const { status } = response;
    outcomes.push({ status, response });
    if (!isDead(status)) {
      declined.add(branch.binding.device);
      stopWaiting(branch.binding.device);
    }
    if (status >= 600) {
      // RFC 3261 16.7 step 5: nobody else is asked, and who rings stops ringing.
      closedToNew = true;
      stopAllWaiting();
      for (const other of live()) stopBranch(other);
    }
    if (fault === "decline-swallowed") return;
    if (status >= 600) timers.after(CANCEL_GRACE_MS, () => end(bestOutcome(outcomes)));
    if (fault === "dead-branch-ends-call" && isDead(status)) end({ status });
    else settle();
  };

  const wake = (binding: Binding, token: string): void => {
    stopWaiting(binding.device);
    const forEver = fault === "waits-for-ever" || fault === "push-failure-hangs";
    const stop = forEver ? () => undefined : timers.after(parts.holdMs, () => gaveUp(binding.device));
    waiting.set(binding.device, stop);
    if (pushedTokens.has(token) || fault === "no-push") return;
    pushedTokens.add(token);
    if (fault === "push-after-log-out" && !binding.flow.open) {
      pushLate(binding);
      return;
    }
    const patience = patienceFor(binding.device, Date.now() + parts.holdMs);
    void parts.push(binding, token, patience).then((result) => {
      if (result.accepted || fault === "push-failure-hangs" || !waiting.has(binding.device)) return;
      gaveUp(binding.device);
    });
    if (fault === "push-twice") void parts.push(binding, token, impatient);
    if (fault === "push-old-token" && binding.previousToken !== undefined) {
      void parts.push(binding, binding.previousToken, impatient);
    }
  };
  /** A refused push may be sent again as long as the phone is waited for; `untilMs`: epoch milliseconds. */
  const patienceFor =
    (device: string, untilMs: number): Patience =>
    (delayMs) =>
      new Promise((resolve) => {
        if (Date.now() + delayMs >= untilMs) resolve(false);
        else timers.after(delayMs, () => resolve(waiting.has(device)));
      });
  const pushLate = (binding: Binding): void => {
    const { token } = binding;
    if (token !== undefined) timers.after(LATE_MS, () => void parts.push(binding, token, impatient));
  };
  const gaveUp = (device: string): void => {
    stopWaiting(device);
    outcomes.push({ status: 480 });
    settle();
  };
  const ringAgain = (): void => {
    const last = branches.at(-1);
    if (last !== undefined) timers.after(100, () => startBranch(last.binding));
  };

  const asked = fault === "first-device-only" ? bindings.slice(0, 1) : bindings;
  for (const binding of asked) {
    const sleeping = binding.token !== undefined && (binding.flow.transport === "udp" || !binding.flow.open);
    if (sleeping && binding.token !== undefined) {
      wake(binding, binding.token);
      const atOnce = parts.delivery === "parallel" || fault === "invite-at-once";
      if (atOnce && binding.flow.transport === "udp" && binding.flow.open) startBranch(binding);
    } else if (binding.flow.open && fault !== "ignores-connected-phone") {
      startBranch(binding);
      if (fault === "push-always") pushLate(binding);
    }
  }
  // Not before the caller of this function has the call in hand.
  timers.after(0, settle);

  return {
    cancel: () => {
      if (over || cancelled) return;
      cancelled = true;
      if (fault === "cancel-push") for (const binding of asked) pushLate(binding);
      stopAllWaiting();
      if (fault === "cancel-not-forwarded") {
        end({ status: 487 });
        return;
      }
      for (const branch of live()) stopBranch(branch);
      timers.after(CANCEL_GRACE_MS, () => end({ status: 487 }));
      settle();
    },
    registered: (binding, replaces) => {
      for (const device of replaces) {
        if (device === binding.device) continue;
        stopWaiting(device);
        for (const branch of live()) if (branch.binding.device === device) abandon(branch);
      }
      if (fault === "invite-after-cancel" && cancelled) startBranch(binding);
      if (over || cancelled || closedToNew || declined.has(binding.device)) return;
      if (fault === "forgets-held-call") return;
      if (fault === "ignores-connected-phone" && asked.some((one) => one.flow === binding.flow)) return;
      if (fault === "first-device-only" && !asked.some((one) => one.device === binding.device)) return;
      if (fault === "invite-to-oldest-contact") timers.after(LATE_MS, () => ring(binding));
      else ring(binding);
    },
  };
}
