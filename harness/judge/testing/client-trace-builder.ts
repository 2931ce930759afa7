import { HarnessFault } from "../../errors.ts";
import type { CancelForm } from "../../plan/plan.ts";
import type { CallRef, EventBody, EventOf, PhoneRef, UserPath } from "../../trace/trace-event.ts";
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
import { traceRecording, type Details, type SipDetails, type TraceRecording } from "./trace-recording.ts";

export interface ClientTraceSetup extends Omit<FactsChange, "role">, Omit<PlanChange, "role"> {
  /** False: the trace starts empty, without the phones' launches and registrations. */
  readonly registered?: boolean;
}

type Sip = EventOf<"sip">;
type Exchange = { readonly request: Sip; readonly response: Sip };
type LegDetails = SipDetails & {
  /** Of this call at this phone, from 1. @default the newest */
  readonly nth?: number;
};

/** A request over the device link. `reply` is undefined while there is none. */
export interface LinkTrail {
  readonly request: EventOf<"link.request">;
  readonly reply: EventOf<"link.reply">;
}

/**
 * Traces of the client role for tests of judges, written as a ladder: one call per arrow, each giving back what it recorded. The
 * parts of an iPhone and of an Android phone are added by `iosTrace` and `androidTrace`. Ordinary messages are correct; `edit` and
 * the other details break one. Every phone of the plan is launched by the user and registered before the first step, unless
 * `registered` is false, then suspended or terminated as the plan says.
 */
export interface ClientTraceBuilder extends TraceRecording {
  /** What the app of the phone is at this point of the trace. */
  appOf(phone: PhoneRef): "running" | "suspended" | "not-running";
  /** `device.launch`, and the app has run its launch code. */
  launches(phone: PhoneRef, why?: "user" | "push"): EventOf<"app.launched">;
  suspends(phone: PhoneRef): EventOf<"app.suspended">;
  wakes(phone: PhoneRef, why?: "push" | "user"): EventOf<"app.woken">;
  foregrounds(phone: PhoneRef): EventOf<"app.foregrounded">;
  backgrounds(phone: PhoneRef): EventOf<"app.backgrounded">;
  /** The process ends, and its flow with it. `message` where it crashed. */
  terminates(phone: PhoneRef, why?: string, details?: Details & { message?: string }): EventOf<"app.terminated">;
  /** The app is given a new token: the newest one of the phone from now on. */
  issuesToken(phone: PhoneRef, token: string): EventOf<"token.issued">;
  tokenOf(phone: PhoneRef): string;

  /** RingTrue asks the app over the link, without a reply yet. */
  asking(phone: PhoneRef, method: string, params?: object, details?: Details): EventOf<"link.request">;
  /** The app's reply to what it was asked. */
  replies(request: EventOf<"link.request">, details?: Details): EventOf<"link.reply">;
  /** RingTrue asks the app over the link, and the app replies. */
  asks(phone: PhoneRef, method: string, params?: object, details?: Details): LinkTrail;
  /** The app asks RingTrue over the link: the request, what comes of it on the phone (each event caused by it), and the reply. */
  says(
    phone: PhoneRef,
    method: string,
    params: object,
    outcome?: readonly EventBody[],
    details?: Details & { readonly error?: { code: number; message: string } },
  ): LinkTrail & { readonly outcome: readonly EventOf<EventBody["kind"]>[] };
  /** A notification of the app's, and what comes of it. */
  tells(
    phone: PhoneRef,
    method: string,
    params: object,
    outcome: EventBody,
    details?: Details,
  ): EventOf<EventBody["kind"]>;
  /** An event of the phone's system, done by itself. */
  happens<B extends EventBody>(phone: PhoneRef, body: B, details?: Details): EventOf<B["kind"]>;

  opensFlow(phone: PhoneRef): string;
  closesFlow(phone: PhoneRef, why?: string, details?: Details): EventOf<"flow.closed">;
  flowOf(phone: PhoneRef): string;
  /** The app's REGISTER over its present flow. `token: null` leaves the push fields out; `expires: 0` de-registers. */
  registering(
    phone: PhoneRef,
    details?: SipDetails & { token?: string | null; expires?: number; cseq?: number; headers?: readonly string[] },
  ): Sip;
  /** RingTrue's answer to it. @default 200, which lists the Contact */
  registered(register: Sip, status?: number, details?: SipDetails & Omit<TestResponse, "body">): Sip;
  /** REGISTER and its answer. */
  registers(
    phone: PhoneRef,
    details?: SipDetails & { token?: string | null; expires?: number; status?: number; headers?: readonly string[] },
  ): Exchange;

  /** The payload a whole push of the call has. */
  payloadOf(call: CallRef): Readonly<Record<string, unknown>>;
  /** `push.delivered`: the phone has it, and has not handed it over yet. */
  delivers(
    phone: PhoneRef,
    call: CallRef,
    details?: Details & { push?: string; payload?: unknown; priority?: "high" | "normal" },
  ): EventOf<"push.delivered">;

  /** INVITE to the app. Another one of the same call is numbered on; `branch` and `callId` of the first are kept for a fork. */
  inviteSent(
    phone: PhoneRef,
    call: CallRef,
    details?: SipDetails & { body?: string; headers?: readonly string[]; fork?: boolean },
  ): Sip;
  /** The app's response to the INVITE. @default tagged; 101 to 299 with a Contact; 200 with an SDP answer */
  appSends(phone: PhoneRef, call: CallRef, status: number, details?: LegDetails & TestResponse): Sip;
  ackSent(phone: PhoneRef, call: CallRef, details?: LegDetails): Sip;
  /** CANCEL to the app, which answers it 200 and its INVITE 487 (which is acknowledged) unless `answered` is false. */
  cancelSent(phone: PhoneRef, call: CallRef, details?: LegDetails & { form?: CancelForm; answered?: boolean }): Sip;
  /** The app's 200 to the CANCEL. */
  cancelAnswered(phone: PhoneRef, call: CallRef, details?: LegDetails & { status?: number }): Sip;
  /** BYE to the app, which answers 200 unless `answered` is false. */
  byeSent(
    phone: PhoneRef,
    call: CallRef,
    details?: LegDetails & { answered?: boolean },
  ): { request: Sip; response?: Sip };
  /** Another request to the app within the dialog, or OPTIONS outside one; `status` is the app's answer, null: none. */
  requestSent(
    phone: PhoneRef,
    call: CallRef,
    method: "INVITE" | "OPTIONS" | "UPDATE" | "INFO",
    details?: LegDetails & { status?: number | null; body?: string; answer?: TestResponse },
  ): { request: Sip; response?: Sip };
  /** The app's BYE, and RingTrue's answer. */
  appHangsUp(phone: PhoneRef, call: CallRef, details?: LegDetails & { status?: number }): Exchange;

  userAnswers(phone: PhoneRef, call: CallRef, details?: Details & { through?: UserPath }): EventOf<"user.answered">;
  userDeclines(phone: PhoneRef, call: CallRef, details?: Details & { through?: UserPath }): EventOf<"user.declined">;
  userHangsUp(phone: PhoneRef, call: CallRef, details?: Details & { through?: UserPath }): EventOf<"user.hung-up">;
}

interface Leg {
  readonly invite: string;
  readonly flow: string;
  /** The newest response to it. */
  response: string;
}

const reasonHeaders: Readonly<Record<CancelForm, readonly string[]>> = {
  plain: [],
  "completed-elsewhere": ['Reason: SIP;cause=200;text="Call completed elsewhere"'],
  "answered-elsewhere": ["Reason: Q.850;cause=26"],
  "declined-elsewhere": ["Reason: SIP;cause=603"],
};

export function clientTraceBuilder(setup: ClientTraceSetup = {}): ClientTraceBuilder {
  const facts = testFacts({ ...setup, role: "client" });
  const plan = testPlan({ ...setup, role: "client" });
  const made = testIdentities(plan);
  const tokens = new Map(Object.entries(made.phones).map(([ref, phone]) => [ref, [...phone.tokens]]));
  const recording = traceRecording(facts, plan, () => ({
    calls: made.calls,
    phones: Object.fromEntries(
      Object.entries(made.phones).map(([ref, phone]) => [ref, { ...phone, tokens: tokens.get(ref) ?? [] }]),
    ),
  }));
  const flows = new Map<string, string>();
  const apps = new Map<string, "running" | "suspended">();
  const legs = new Map<string, Leg[]>();
  const numbers = new Map<string, number>();

  const next = (what: string): number => {
    const number = (numbers.get(what) ?? 0) + 1;
    numbers.set(what, number);
    return number;
  };
  const server = "sip:ringtrue@127.0.0.1:5060";
  const identityOf = (call: CallRef) => known(made.calls[call], call);
  const flowOf = (phone: PhoneRef) => known(flows.get(phone), `an open flow of ${phone}`);
  const serverVia = () => via(plan.transport, "127.0.0.1:5060", `z9hG4bK-server-${next("server")}`);
  const hostOf = (flow: string) => `${flow.replaceAll(":", "-")}.invalid`;
  const appVia = (flow: string) => via(plan.transport, hostOf(flow), `z9hG4bK-app-${next("app")}`);
  const contactOf = (flow: string) => `<sip:it@${hostOf(flow)};transport=${plan.transport}>`;
  const legOf = (phone: PhoneRef, call: CallRef, nth: number | undefined) =>
    known(
      (legs.get(`${phone} ${call}`) ?? []).at(nth === undefined ? -1 : nth - 1),
      `an INVITE of ${call} at ${phone}`,
    );
  const toApp = (phone: PhoneRef, call: CallRef, flow: string, text: string, details: SipDetails) =>
    recording.sip("server", "target", text, { flow, ...details, phone, call });
  const fromApp = (phone: PhoneRef, call: CallRef, flow: string, text: string, details: SipDetails) =>
    recording.sip("target", "server", text, { flow, ...details, phone, call });
  const only = (nth: number | undefined) => (nth === undefined ? {} : { nth });
  const happens = <B extends EventBody>(phone: PhoneRef, body: B, details: Details = {}) =>
    recording.event("os", "os", body, { ...details, phone }) as unknown as EventOf<B["kind"]>;

  const builder: ClientTraceBuilder = {
    ...recording,
    flowOf,
    happens,
    appOf: (phone) => apps.get(phone) ?? "not-running",
    tokenOf: (phone) => known(tokens.get(phone)?.at(-1), `token of ${phone}`),
    launches(phone, why = "user") {
      const params = { platform: platformOf(phone), reason: why };
      const { reply } = builder.asks(phone, "device.launch", params);
      apps.set(phone, "running");
      const launched = happens(phone, { kind: "app.launched", why }, { cause: reply.seq });
      return launched;
    },
    suspends(phone) {
      apps.set(phone, "suspended");
      const suspended = happens(phone, { kind: "app.suspended" });
      builder.asks(phone, "device.suspend");
      return suspended;
    },
    wakes(phone, why = "push") {
      apps.set(phone, "running");
      return happens(phone, { kind: "app.woken", why });
    },
    foregrounds(phone) {
      apps.set(phone, "running");
      return happens(phone, { kind: "app.foregrounded" });
    },
    backgrounds: (phone) => happens(phone, { kind: "app.backgrounded" }),
    terminates(phone, why = "swiped away", { message, ...details } = {}) {
      const body = { kind: "app.terminated", why, ...(message === undefined ? {} : { message }) } as const;
      apps.delete(phone);
      const terminated = happens(phone, body, details);
      if (flows.has(phone)) builder.closesFlow(phone, "the app is gone");
      return terminated;
    },
    issuesToken(phone, token) {
      const held = known(tokens.get(phone), phone);
      const previous = held.at(-1);
      if (!held.includes(token)) held.push(token);
      return happens(phone, { kind: "token.issued", token, ...(previous === undefined ? {} : { previous }) });
    },

    asking(phone, method, params = {}, details = {}) {
      const id = `os-${next("os request")}`;
      const body = { kind: "link.request", id, method, params: { device: phone, ...params } } as const;
      return recording.event("os", "target", body, { ...details, phone });
    },
    replies({ id, method, phone, seq }, details = {}) {
      const body = { kind: "link.reply", request: id, method } as const;
      return recording.event("target", "os", body, {
        cause: seq,
        ...details,
        ...(phone === undefined ? {} : { phone }),
      });
    },
    asks(phone, method, params = {}, details = {}) {
      const request = builder.asking(phone, method, params, details);
      return { request, reply: builder.replies(request) };
    },
    says(phone, method, params, outcome = [], { error, ...details } = {}) {
      const id = `app-${next("app request")}`;
      const body = { kind: "link.request", id, method, params: { device: phone, ...params } } as const;
      const request = recording.event("target", "os", body, { ...details, phone });
      const { call } = details;
      const caused = {
        by: "target",
        cause: request.seq,
        afterMs: 0,
        phone,
        ...(call === undefined ? {} : { call }),
      } as const;
      const events = outcome.map((event) => recording.event("os", "os", event, caused));
      const answer = { kind: "link.reply", request: id, method, ...(error === undefined ? {} : { error }) } as const;
      const reply = recording.event("os", "target", answer, { phone, cause: request.seq, afterMs: 0 });
      return { request, reply, outcome: events };
    },
    tells(phone, method, params, outcome, details = {}) {
      const body = { kind: "link.notification", method, params: { device: phone, ...params } } as const;
      const told = recording.event("target", "os", body, { ...details, phone });
      const { call } = details;
      const caused = {
        by: "target",
        cause: told.seq,
        afterMs: 0,
        phone,
        ...(call === undefined ? {} : { call }),
      } as const;
      return recording.event("os", "os", outcome, caused) as EventOf<EventBody["kind"]>;
    },

    opensFlow(phone) {
      const flow = `${phone}-${next(phone)}`;
      flows.set(phone, flow);
      const body = {
        kind: "flow.opened",
        transport: plan.transport,
        flow,
        local: "127.0.0.1:5060",
        remote: hostOf(flow),
      } as const;
      recording.event("target", "server", body, { phone });
      return flow;
    },
    closesFlow(phone, why = "closed by the app", details = {}) {
      const flow = flowOf(phone);
      flows.delete(phone);
      const body = { kind: "flow.closed", transport: plan.transport, flow, why } as const;
      return recording.event("target", "server", body, { ...details, phone });
    },
    registering(phone, { token, expires = 3600, cseq, headers = [], ...details } = {}) {
      const identity = known(made.phones[phone], phone);
      const flow = details.flow ?? (flows.has(phone) ? flowOf(phone) : builder.opensFlow(phone));
      const prid = token ?? builder.tokenOf(phone);
      const pns = `;pn-provider=${identity.provider};pn-param=${identity.param}${expires === 0 ? "" : `;pn-prid=${prid}`}`;
      const text = requestText({
        method: "REGISTER",
        uri: `sip:${facts.sip.domain}`,
        callId: `registrations-of-${phone}`,
        from: { uri: identity.aor, tag: "reg" },
        to: { uri: identity.aor },
        cseq: cseq ?? next(`register ${phone}`),
        vias: [appVia(flow)],
        contact: token === null ? contactOf(flow) : contactOf(flow).replace(">", `${pns}>`),
        headers: [`Expires: ${expires}`, ...headers],
      });
      return recording.sip("target", "server", text, { ...details, flow, phone });
    },
    registered(register, status = 200, { contact, headers, toTag = "registrar", ...details } = {}) {
      const text = new TextDecoder().decode(register.bytes);
      const lists = status < 300 && testHeader(text, "Expires") !== "0";
      const listed = contact ?? (lists ? `${testHeader(text, "Contact")};expires=3600` : undefined);
      const answer = responseText(text, status, {
        toTag,
        ...(listed === undefined ? {} : { contact: listed }),
        ...(headers === undefined ? {} : { headers }),
      });
      const { phone, flow } = register;
      return recording.sip("server", "target", answer, {
        cause: register.seq,
        ...details,
        flow,
        ...(phone === undefined ? {} : { phone }),
      });
    },
    registers(phone, { status = 200, ...details } = {}) {
      const request = builder.registering(phone, details);
      return { request, response: builder.registered(request, status) };
    },

    payloadOf(call) {
      const index = Number(call.slice("call:".length));
      const { push } = identityOf(call);
      return {
        aps: {},
        callUUID: push?.callUUID,
        callId: push?.callId,
        handle: plan.calls[index - 1]?.caller.number,
        callerName: identityOf(call).callerName,
        hasVideo: plan.calls[index - 1]?.video,
      };
    },
    delivers(
      phone,
      call,
      { push = `push-${next("push")}`, payload = builder.payloadOf(call), priority, ...details } = {},
    ) {
      const body = {
        kind: "push.delivered",
        push,
        token: tokens.get(phone)?.at(-1) ?? testToken(0),
        copy: 1,
        payload,
        ...(priority === undefined ? {} : { priority }),
      } as const;
      return recording.event("push-service", "os", body, { ...details, phone, call });
    },

    inviteSent(phone, call, { body, headers = [], fork = false, ...details } = {}) {
      const identity = identityOf(call);
      const flow = details.flow ?? flowOf(phone);
      const key = `${phone} ${call}`;
      const earlier = legs.get(key) ?? [];
      // A fork is the same request on another branch; an INVITE of its own has a Call-ID of its own.
      const invite = requestText({
        method: "INVITE",
        uri: contactOf(flow).slice(1, -1),
        callId: fork || earlier.length === 0 ? identity.callId : `${identity.callId}-${earlier.length + 1}`,
        from: { uri: identity.callerUri, name: identity.callerName, tag: `caller-${call.slice("call:".length)}` },
        to: { uri: identity.calleeAor },
        cseq: 1,
        vias: [serverVia()],
        contact: `<${server};transport=${plan.transport}>`,
        headers,
        body:
          body ?? (plan.calls[Number(call.slice("call:".length)) - 1]?.video === true ? testSdp.video : testSdp.audio),
      });
      legs.set(key, [...earlier, { invite, flow, response: "" }]);
      return toApp(phone, call, flow, invite, details);
    },
    appSends(phone, call, status, { nth, toTag = `${phone}-tag`, contact, headers, body, ...details } = {}) {
      const leg = legOf(phone, call, nth);
      const own = contact ?? (status > 100 && status < 300 ? contactOf(leg.flow) : undefined);
      leg.response = responseText(leg.invite, status, {
        ...(status === 100 ? {} : { toTag }),
        ...(own === undefined ? {} : { contact: own }),
        ...(headers === undefined ? {} : { headers }),
        body: body ?? (status >= 200 && status < 300 ? testSdp.audio : ""),
      });
      return fromApp(phone, call, leg.flow, leg.response, details);
    },
    ackSent(phone, call, { nth, ...details } = {}) {
      const leg = legOf(phone, call, nth);
      const uri = contactOf(leg.flow).slice(1, -1);
      const ack = leg.response.startsWith("SIP/2.0 2")
        ? inDialogText(leg.response, { method: "ACK", uri, cseq: 1, vias: [serverVia()] })
        : ackOfRejectionText(leg.invite, leg.response);
      return toApp(phone, call, leg.flow, ack, details);
    },
    cancelSent(phone, call, { nth, form = "plain", answered = true, ...details } = {}) {
      const leg = legOf(phone, call, nth);
      const why = reasonHeaders[form].map((line) => `${line}\r\n`).join("");
      const text = cancelText(leg.invite).replace("Content-Length:", `${why}Content-Length:`);
      const cancel = toApp(phone, call, leg.flow, text, details);
      if (answered) {
        builder.cancelAnswered(phone, call, only(nth));
        builder.appSends(phone, call, 487, only(nth));
        builder.ackSent(phone, call, only(nth));
      }
      return cancel;
    },
    cancelAnswered(phone, call, { nth, status = 200, ...details } = {}) {
      const leg = legOf(phone, call, nth);
      const answer = responseText(cancelText(leg.invite), status, { toTag: `${phone}-tag` });
      return fromApp(phone, call, leg.flow, answer, details);
    },
    byeSent(phone, call, { nth, answered = true, ...details } = {}) {
      const leg = legOf(phone, call, nth);
      const uri = contactOf(leg.flow).slice(1, -1);
      const bye = inDialogText(leg.response, {
        method: "BYE",
        uri,
        cseq: next(`cseq ${phone} ${call}`) + 1,
        vias: [serverVia()],
      });
      const request = toApp(phone, call, leg.flow, bye, details);
      return answered ? { request, response: fromApp(phone, call, leg.flow, responseText(bye, 200), {}) } : { request };
    },
    requestSent(phone, call, method, { nth, status = 200, body = "", answer = {}, ...details } = {}) {
      const leg = legOf(phone, call, nth);
      const uri = contactOf(leg.flow).slice(1, -1);
      const plain = inDialogText(leg.response === "" ? leg.invite : leg.response, {
        method,
        uri,
        cseq: next(`cseq ${phone} ${call}`) + 1,
        vias: [serverVia()],
      });
      const text = plain
        .replace(
          "\r\nContent-Length: 0",
          body === ""
            ? "\r\nContent-Length: 0"
            : `\r\nContact: <${server}>\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}`,
        )
        .concat(body);
      const request = toApp(phone, call, leg.flow, text, details);
      if (status === null) return { request };
      const contact = method === "INVITE" && status < 300 ? { contact: contactOf(leg.flow) } : {};
      const response = responseText(text, status, { toTag: `${phone}-tag`, ...contact, ...answer });
      return { request, response: fromApp(phone, call, leg.flow, response, {}) };
    },
    appHangsUp(phone, call, { nth, status = 200, ...details } = {}) {
      const leg = legOf(phone, call, nth);
      const bye = inDialogText(leg.response, {
        method: "BYE",
        uri: server,
        cseq: 1,
        vias: [appVia(leg.flow)],
        reversed: true,
      });
      const request = fromApp(phone, call, leg.flow, bye, details);
      return { request, response: toApp(phone, call, leg.flow, responseText(bye, status), { cause: request.seq }) };
    },

    userAnswers: (phone, call, { through, ...details } = {}) =>
      recording.event("user", "os", { kind: "user.answered", ...(through === undefined ? {} : { through }) } as const, {
        ...details,
        phone,
        call,
      }) as EventOf<"user.answered">,
    userDeclines: (phone, call, { through, ...details } = {}) =>
      recording.event("user", "os", { kind: "user.declined", ...(through === undefined ? {} : { through }) } as const, {
        ...details,
        phone,
        call,
      }) as EventOf<"user.declined">,
    userHangsUp: (phone, call, { through, ...details } = {}) =>
      recording.event("user", "os", { kind: "user.hung-up", ...(through === undefined ? {} : { through }) } as const, {
        ...details,
        phone,
        call,
      }) as EventOf<"user.hung-up">,
  };

  function platformOf(phone: PhoneRef): "ios" | "android" {
    return plan.phones[Number(phone.slice("phone:".length)) - 1]?.platform ?? "ios";
  }

  if (setup.registered !== false) {
    for (const [index, { app, signalling }] of plan.phones.entries()) {
      const phone: PhoneRef = `phone:${index + 1}`;
      builder.launches(phone, "user");
      if (signalling !== "logged-out") builder.registers(phone);
      if (app === "background") builder.backgrounds(phone);
      if (app === "suspended") builder.suspends(phone);
      if (app === "killed") builder.terminates(phone, "plan");
    }
  }
  return builder;
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new HarnessFault("test-trace", `the trace of this test has no ${what}`);
  return value;
}
