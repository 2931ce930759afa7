import { HarnessFault } from "../../errors.ts";
import type { CallRef, EventOf, PhoneRef } from "../../trace/trace-event.ts";
import { testFacts, type FactsChange } from "./default-facts.ts";
import {
  ackOfRejectionText,
  cancelText,
  inDialogText,
  requestText,
  responseText,
  testHeader,
  testSdp,
  via,
  type TestResponse,
} from "./sip-text.ts";
import { testIdentities, testPlan, testToken, type PlanChange } from "./test-plan.ts";
import { recordPush, type PushDetails, type PushTrail } from "./record-push.ts";
import { traceRecording, type SipDetails, type TraceRecording } from "./trace-recording.ts";

export interface TraceSetup extends FactsChange, PlanChange {
  /** False: the trace starts empty, without the phones' registrations. */
  readonly registered?: boolean;
}

type Sip = EventOf<"sip">;
type Exchange = { readonly request: Sip; readonly response: Sip };

/**
 * Traces for tests of judges, written as a ladder: one call per arrow, each giving back the event(s) it recorded.
 * Ordinary messages are correct; `edit` and the other details break one. A phone's INVITEs of one call are numbered from 1
 * (`nth`); without a number its newest is meant.
 */
export interface TraceBuilder extends TraceRecording {
  /** A REGISTER and its answer over the phone's present flow. `token` gives the phone a new one; `expires: 0` logs out. */
  registers(phone: PhoneRef, details?: SipDetails & { token?: string; expires?: number; status?: number }): Exchange;
  /** A REGISTER that is not answered. */
  registering(phone: PhoneRef, details?: SipDetails & { token?: string; expires?: number }): Sip;
  /** The phone's socket closes, or stays open and silent. */
  sleeps(phone: PhoneRef, how?: "closed" | "silent"): void;
  /** `app.woken`, a new flow, and a REGISTER that is answered 200. */
  wakes(phone: PhoneRef, details?: SipDetails & { status?: number }): Exchange;
  /** A new flow only: for a REGISTER of the test's own. */
  opensFlow(phone: PhoneRef): string;
  flowOf(phone: PhoneRef): string;

  callerInvites(call: CallRef, details?: SipDetails): Sip;
  callerGets(call: CallRef, status: number, details?: SipDetails & TestResponse): Sip;
  callerAcks(call: CallRef, details?: SipDetails): Sip;
  callerCancels(call: CallRef, details?: SipDetails): Sip;
  callerGetsForCancel(call: CallRef, status?: number, details?: SipDetails): Sip;
  /** The caller's BYE and the target's answer to it. */
  callerHangsUp(call: CallRef, details?: SipDetails & { status?: number }): Exchange;
  /** The target's BYE and the caller's answer to it. */
  callerGetsBye(call: CallRef, details?: SipDetails): Exchange;

  push(phone: PhoneRef, call: CallRef | undefined, details?: PushDetails): PushTrail;

  inviteReaches(
    phone: PhoneRef,
    call: CallRef,
    details?: SipDetails & { callId?: string; branch?: string; vias?: readonly string[] },
  ): Sip;
  phoneSends(phone: PhoneRef, call: CallRef, status: number, details?: SipDetails & { nth?: number }): Sip;
  ackReaches(phone: PhoneRef, call: CallRef, details?: SipDetails & { nth?: number }): Sip;
  /** The target's CANCEL; the phone answers it and its INVITE (487) unless `answered` is false. */
  cancelReaches(phone: PhoneRef, call: CallRef, details?: SipDetails & { nth?: number; answered?: boolean }): Sip;
  byeReaches(phone: PhoneRef, call: CallRef, details?: SipDetails & { nth?: number }): Exchange;
  phoneHangsUp(phone: PhoneRef, call: CallRef, details?: SipDetails & { nth?: number; status?: number }): Exchange;
}

interface CallerLeg {
  invite: string;
  final: string;
}

interface PhoneLeg {
  readonly invite: string;
  readonly flow: string;
  response: string;
}

export function traceBuilder(setup: TraceSetup = {}): TraceBuilder {
  const facts = testFacts(setup);
  const plan = testPlan(setup);
  const made = testIdentities(plan);
  const tokens = new Map(Object.entries(made.phones).map(([ref, phone]) => [ref, [...phone.tokens]]));
  const recording = traceRecording(facts, plan, () => ({
    calls: made.calls,
    phones: Object.fromEntries(
      Object.entries(made.phones).map(([ref, phone]) => [ref, { ...phone, tokens: tokens.get(ref) ?? [] }]),
    ),
  }));
  const flows = new Map<string, string>();
  const callerLegs = new Map<string, CallerLeg>();
  const phoneLegs = new Map<string, PhoneLeg[]>();
  const numbers = new Map<string, number>();

  const next = (what: string): number => {
    const number = (numbers.get(what) ?? 0) + 1;
    numbers.set(what, number);
    return number;
  };
  const identityOf = (call: CallRef) => known(made.calls[call], call);
  const callerFlow = (call: CallRef) => `caller-${call}`;
  const flowOf = (phone: PhoneRef) => known(flows.get(phone), `an open flow of ${phone}`);
  const targetVia = () => via(plan.transport, "127.0.0.1:5060", `z9hG4bK-target-${next("target")}`);
  const ownVia = (flow: string) =>
    via(plan.transport, `${flow.replaceAll(":", "-")}.invalid`, `z9hG4bK-own-${next("own")}`);
  const contactOf = (flow: string) => `<sip:it@${flow.replaceAll(":", "-")}.invalid;transport=${plan.transport}>`;
  const callerLeg = (call: CallRef) => known(callerLegs.get(call), `an INVITE of ${call}`);
  const phoneLeg = (phone: PhoneRef, call: CallRef, nth: number | undefined) => {
    const legs = phoneLegs.get(`${phone} ${call}`) ?? [];
    return known(legs.at(nth === undefined ? -1 : nth - 1), `an INVITE of ${call} at ${phone}`);
  };
  const fromCaller = (call: CallRef, text: string, details: SipDetails) =>
    recording.sip("caller", "target", text, { flow: callerFlow(call), ...details, call });
  const toCaller = (call: CallRef, text: string, details: SipDetails) =>
    recording.sip("target", "caller", text, { flow: callerFlow(call), ...details, call });
  const fromPhone = (phone: PhoneRef, call: CallRef, flow: string, text: string, details: SipDetails) =>
    recording.sip("phone", "target", text, { flow, ...details, phone, call });
  const toPhone = (phone: PhoneRef, call: CallRef, flow: string, text: string, details: SipDetails) =>
    recording.sip("target", "phone", text, { flow, ...details, phone, call });

  const builder: TraceBuilder = {
    ...recording,
    flowOf,
    opensFlow(phone) {
      const flow = `${phone}-${next(phone)}`;
      flows.set(phone, flow);
      const local = `${flow}.invalid`;
      recording.event(
        "phone",
        "target",
        { kind: "flow.opened", transport: plan.transport, flow, local, remote: "127.0.0.1:5060" },
        { phone },
      );
      return flow;
    },
    registering(phone, { token, expires = 3600, ...details } = {}) {
      const held = known(tokens.get(phone), phone);
      if (token !== undefined && !held.includes(token)) held.push(token);
      const identity = known(made.phones[phone], phone);
      const flow = details.flow ?? flowOf(phone);
      const pns = `;pn-provider=${identity.provider};pn-param=${identity.param}`;
      const prid = expires === 0 ? "" : `;pn-prid=${held.at(-1)}`;
      const text = requestText({
        method: "REGISTER",
        uri: `sip:${facts.sip.domain}`,
        callId: `registrations-of-${phone}`,
        from: { uri: identity.aor, tag: "reg" },
        to: { uri: identity.aor },
        cseq: next(`register ${phone}`),
        vias: [ownVia(flow)],
        contact: contactOf(flow).replace(">", `${pns}${prid}>`),
        headers: [`Expires: ${expires}`],
      });
      return recording.sip("phone", "target", text, { ...details, flow, phone });
    },
    registers(phone, { status = 200, ...details } = {}) {
      const request = builder.registering(phone, details);
      const text = new TextDecoder().decode(request.bytes);
      const bound = details.expires === 0 ? {} : { contact: `${testHeader(text, "Contact")};expires=3600` };
      const answer = responseText(text, status, { toTag: "registrar", ...(status < 300 ? bound : {}) });
      return { request, response: recording.sip("target", "phone", answer, { flow: request.flow, phone }) };
    },
    sleeps(phone, how = "closed") {
      const flow = flowOf(phone);
      const { transport } = plan;
      if (how === "silent") {
        recording.event("phone", "target", { kind: "flow.silenced", transport, flow }, { phone });
      } else {
        recording.event("phone", "target", { kind: "flow.closed", transport, flow, why: "asleep" }, { phone });
      }
    },
    wakes(phone, details = {}) {
      recording.event("os", "phone", { kind: "app.woken", why: "push" }, { phone });
      builder.opensFlow(phone);
      return builder.registers(phone, details);
    },

    callerInvites(call, details = {}) {
      const identity = identityOf(call);
      const index = Number(call.slice("call:".length));
      const video = plan.calls[index - 1]?.video === true;
      const invite = requestText({
        method: "INVITE",
        uri: identity.calleeAor,
        callId: identity.callId,
        from: { uri: identity.callerUri, name: identity.callerName, tag: `caller-${index}` },
        to: { uri: identity.calleeAor },
        cseq: 1,
        vias: [ownVia("caller")],
        contact: contactOf(callerFlow(call)),
        body: video ? testSdp.video : testSdp.audio,
      });
      callerLegs.set(call, { invite, final: "" });
      return fromCaller(call, invite, details);
    },
    callerGets(call, status, { toTag = "callee", contact, headers, body, ...details } = {}) {
      const leg = callerLeg(call);
      const answer = responseText(leg.invite, status, {
        ...(status === 100 ? {} : { toTag }),
        ...(contact === undefined ? {} : { contact }),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined ? {} : { body }),
      });
      if (status >= 200) leg.final = answer;
      return toCaller(call, answer, details);
    },
    callerAcks(call, details = {}) {
      const { invite, final } = callerLeg(call);
      if (final.startsWith("SIP/2.0 2")) {
        const uri = identityOf(call).calleeAor;
        const ack = inDialogText(final, { method: "ACK", uri, cseq: 1, vias: [ownVia("caller")] });
        return fromCaller(call, ack, details);
      }
      return fromCaller(call, ackOfRejectionText(invite, final), details);
    },
    callerCancels(call, details = {}) {
      return fromCaller(call, cancelText(callerLeg(call).invite), details);
    },
    callerGetsForCancel(call, status = 200, details = {}) {
      return toCaller(call, responseText(cancelText(callerLeg(call).invite), status, { toTag: "callee" }), details);
    },
    callerHangsUp(call, { status = 200, ...details } = {}) {
      const uri = identityOf(call).calleeAor;
      const bye = inDialogText(callerLeg(call).final, { method: "BYE", uri, cseq: 2, vias: [ownVia("caller")] });
      return { request: fromCaller(call, bye, details), response: toCaller(call, responseText(bye, status), {}) };
    },
    callerGetsBye(call, details = {}) {
      const bye = inDialogText(callerLeg(call).final, {
        method: "BYE",
        uri: identityOf(call).callerUri,
        cseq: next(`bye ${call}`),
        vias: [targetVia()],
        reversed: true,
      });
      return { request: toCaller(call, bye, details), response: fromCaller(call, responseText(bye, 200), {}) };
    },

    push(phone, call, details = {}) {
      return recordPush(recording, {
        ...details,
        phone,
        ...(call === undefined ? {} : { call }),
        push: `push-${next("push")}`,
        service:
          details.service ??
          (plan.phones[Number(phone.slice("phone:".length)) - 1]?.platform === "android" ? "fcm" : "apns"),
        token: details.token ?? tokens.get(phone)?.at(-1) ?? testToken(0),
        payload: call === undefined ? {} : ordinaryPayload(call),
        change: details.payload,
      });
    },

    inviteReaches(phone, call, { callId, branch, vias, ...details } = {}) {
      const identity = identityOf(call);
      const flow = details.flow ?? flowOf(phone);
      const outer = callerLeg(call).invite;
      const top = branch === undefined ? targetVia() : via(plan.transport, "127.0.0.1:5060", branch);
      const proxied = facts.features.kind === "proxy" ? [testHeader(outer, "Via")] : [];
      const invite = requestText({
        method: "INVITE",
        uri: contactOf(flow).slice(1, -1),
        callId: callId ?? (proxied.length > 0 ? identity.callId : `phone-leg-${call}-${phone}`),
        from: { uri: identity.callerUri, name: identity.callerName, tag: `caller-${call.slice("call:".length)}` },
        to: { uri: identity.calleeAor },
        cseq: 1,
        vias: vias ?? [top, ...proxied],
        contact: contactOf(callerFlow(call)),
        maxForwards: proxied.length > 0 ? 69 : 70,
        headers: proxied.length > 0 ? ["Record-Route: <sip:127.0.0.1:5060;lr>"] : [],
        body: outer.slice(outer.indexOf("\r\n\r\n") + 4),
      });
      const key = `${phone} ${call}`;
      phoneLegs.set(key, [...(phoneLegs.get(key) ?? []), { invite, flow, response: "" }]);
      return toPhone(phone, call, flow, invite, details);
    },
    phoneSends(phone, call, status, { nth, ...details } = {}) {
      const leg = phoneLeg(phone, call, nth);
      leg.response = responseText(leg.invite, status, {
        ...(status === 100 ? {} : { toTag: `${phone}-tag` }),
        ...(status > 100 && status < 300 ? { contact: contactOf(leg.flow) } : {}),
      });
      return fromPhone(phone, call, leg.flow, leg.response, details);
    },
    ackReaches(phone, call, { nth, ...details } = {}) {
      const leg = phoneLeg(phone, call, nth);
      const uri = contactOf(leg.flow).slice(1, -1);
      const ack = leg.response.startsWith("SIP/2.0 2")
        ? inDialogText(leg.response, { method: "ACK", uri, cseq: 1, vias: [targetVia()] })
        : ackOfRejectionText(leg.invite, leg.response);
      return toPhone(phone, call, leg.flow, ack, details);
    },
    cancelReaches(phone, call, { nth, answered = true, ...details } = {}) {
      const leg = phoneLeg(phone, call, nth);
      const text = cancelText(leg.invite);
      const cancel = toPhone(phone, call, leg.flow, text, details);
      if (answered) {
        fromPhone(phone, call, leg.flow, responseText(text, 200, { toTag: `${phone}-tag` }), {});
        builder.phoneSends(phone, call, 487, nth === undefined ? {} : { nth });
        builder.ackReaches(phone, call, nth === undefined ? {} : { nth });
      }
      return cancel;
    },
    byeReaches(phone, call, { nth, ...details } = {}) {
      const leg = phoneLeg(phone, call, nth);
      const uri = contactOf(leg.flow).slice(1, -1);
      const bye = inDialogText(leg.response, { method: "BYE", uri, cseq: 2, vias: [targetVia()] });
      return {
        request: toPhone(phone, call, leg.flow, bye, details),
        response: fromPhone(phone, call, leg.flow, responseText(bye, 200), {}),
      };
    },
    phoneHangsUp(phone, call, { nth, status = 200, ...details } = {}) {
      const leg = phoneLeg(phone, call, nth);
      const uri = identityOf(call).callerUri;
      const vias = [ownVia(leg.flow)];
      const bye = inDialogText(leg.response, { method: "BYE", uri, cseq: 1, vias, reversed: true });
      return {
        request: fromPhone(phone, call, leg.flow, bye, details),
        response: toPhone(phone, call, leg.flow, responseText(bye, status), {}),
      };
    },
  };

  function ordinaryPayload(call: CallRef): Readonly<Record<string, unknown>> {
    const identity = identityOf(call);
    const index = Number(call.slice("call:".length));
    return {
      aps: {},
      callUUID: `00000000-0000-4000-8000-00000000000${index}`,
      callId: identity.callId,
      handle: plan.calls[index - 1]?.caller.number,
      callerName: identity.callerName,
      hasVideo: plan.calls[index - 1]?.video,
    };
  }

  if (setup.registered !== false) {
    for (const [index, phone] of plan.phones.entries()) {
      const ref: PhoneRef = `phone:${index + 1}`;
      builder.opensFlow(ref);
      builder.registers(ref);
      if (phone.signalling === "logged-out") builder.registers(ref, { expires: 0 });
      if (phone.signalling === "silent" || phone.signalling === "half-dead") builder.sleeps(ref, "silent");
      else if (phone.signalling !== "connected") builder.sleeps(ref);
    }
  }
  return builder;
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new HarnessFault("test-trace", `the trace of this test has no ${what}`);
  return value;
}
