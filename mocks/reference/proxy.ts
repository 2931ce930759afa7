import { type Branch, type Call, openCall } from "./call.ts";
import { dialogTable } from "./dialog-table.ts";
import { correlationHeader } from "./profile.ts";
import { type Behaviour, type PushServer, startPushServer, withForwardCounted } from "./push-server.ts";
import { pushedCallOf } from "./pushed-call.ts";
import type { Binding } from "./registrar.ts";
import type { RunningServer, ServerOptions } from "./server-options.ts";
import type { ServerTransaction } from "./server-transaction.ts";
import { callIdOf, tagOf } from "./sip-fields.ts";
import {
  header,
  responseTo,
  type Header,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  withFirst,
  withHeader,
  withoutFirst,
  withoutHeader,
} from "./sip-message.ts";
import type { Flow } from "./transport.ts";

/** How long after BYE a dialog is still known, for what is on its way. */
const FAREWELL_MS = 5000;

/**
 * A transaction-stateful, record-routing proxy with registrar and push (RFC 3261 16, RFC 8599 5.6.2). `delivery`: whether a
 * sleeping phone's old UDP contact gets the INVITE at once (`parallel`) or only what registers after the push (`hold`).
 */
export function startProxy(options: ServerOptions, delivery: "hold" | "parallel"): Promise<RunningServer> {
  return startPushServer(options, (server) => proxyBehaviour(server, delivery));
}

function proxyBehaviour(server: PushServer, delivery: "hold" | "parallel"): Behaviour {
  const { layer, registrar, options } = server;
  const { fault } = options;
  const dialogs = dialogTable(Date.now);

  const onInvite = (transaction: ServerTransaction, request: SipRequest, aor: string): void => {
    if (fault !== "no-100") transaction.reply(100);
    const pushed = pushedCallOf(request, callIdOf(request));
    const callerTag = tagOf(request, "from") ?? "";
    const hintHeader = correlationHeader(options.profile);
    let release = (): void => undefined;
    const call: Call = openCall(registrar.bindingsOf(aor), {
      timers: layer.timers,
      fault,
      holdMs: options.holdMs,
      delivery,
      makeInvite: (binding: Binding, flow: Flow) => {
        const forwarded = withForwardCounted({ ...request, uri: binding.uri });
        const routed = withFirst(forwarded, ...recordRoutes(flow, transaction.flow));
        const hinted = hintHeader === undefined ? routed : withHeader(routed, hintHeader, pushed.hint);
        return distortedInvite(hinted, request);
      },
      send: (invite, flow, handlers) => layer.request(toPhone(invite, callerTag), flow, handlers),
      push: ({ provider }, token, patience) => server.push(aor, { provider, token }, pushed, patience),
      relay: (response, branch) => relay(transaction, response, branch, aor, callerTag),
      finish: ({ status, response }) => {
        if (fault === "final-after-answer" && transaction.status >= 200) {
          transaction.respondAgain(responseTo(transaction.request, status, { toTag: transaction.localTag }));
        } else if (response === undefined || fault === "decline-becomes-500") {
          transaction.reply(response === undefined ? status : 500);
        } else if (status === 503) {
          // RFC 3261 16.7 step 6: one phone's 503 says nothing about this proxy.
          transaction.reply(500);
        } else transaction.respond(toCaller(withoutFirst(response, "via"), callerTag));
      },
      ended: () => release(),
    });
    release = server.keep(aor, pushed, call);
    server.onCancel(transaction, call.cancel);
  };

  const relay = (
    transaction: ServerTransaction,
    response: SipResponse,
    branch: Branch,
    aor: string,
    callerTag: string,
  ): void => {
    const forwarded = toCaller(withoutFirst(response, "via"), callerTag);
    dialogs.note(forwarded, {
      aor,
      device: branch.binding.device,
      callerFlow: transaction.flow,
      phoneFlow: branch.flow,
    });
    transaction.respond(forwarded);
  };

  const recordRoutes = (towards: Flow, from: Flow): readonly Header[] => {
    const lr = fault === "record-route-without-lr" ? "" : ";lr";
    const transports = towards.transport === from.transport ? [towards.transport] : [towards.transport, from.transport];
    return transports.map((transport) => {
      const param = transport === "tcp" ? ";transport=tcp" : "";
      return header("Record-Route", `<sip:${layer.sentBy}${param}${lr}>`);
    });
  };

  const distortedInvite = (invite: SipRequest, original: SipRequest): SipRequest => {
    if (fault === "invite-without-max-forwards") return withoutHeader(invite, "max-forwards");
    if (fault === "max-forwards-kept") {
      const kept = original.headers.find((field) => field.name === "max-forwards")?.value ?? "70";
      return withHeader(invite, "Max-Forwards", kept);
    }
    if (fault === "header-without-colon") {
      return { ...invite, headers: [...invite.headers, { name: "", spelled: "", value: "X-Broken header" }] };
    }
    return invite;
  };

  /** The flow of the other side; a phone that lost its connection is looked for at its newest registration. */
  const otherFlow = (found: NonNullable<ReturnType<typeof dialogs.find>>): Flow => {
    const { dialog, from } = found;
    if (from === "phone") return dialog.callerFlow;
    if (dialog.phoneFlow.open) return dialog.phoneFlow;
    return (
      registrar.bindingsOf(dialog.aor).find((binding) => binding.device === dialog.device)?.flow ?? dialog.phoneFlow
    );
  };

  const onInDialog = (transaction: ServerTransaction, request: SipRequest): void => {
    const received = toCaller(request, unchanged(tagOf(request, "to") ?? ""));
    const found = dialogs.find(received);
    if (found === undefined) return transaction.reply(481);
    const { dialog, from } = found;
    if (from === "phone") dialog.phoneFlow = transaction.flow;
    else dialog.callerFlow = transaction.flow;
    const bye = request.method === "BYE";
    if (bye) layer.timers.after(FAREWELL_MS, () => dialogs.forget(dialog));
    if (bye && fault === (from === "caller" ? "caller-bye-not-forwarded" : "phone-bye-not-forwarded"))
      return transaction.reply(200);
    if (request.method === "INVITE") transaction.reply(100);
    const counted = withForwardCounted(received);
    const outgoing = from === "caller" ? toPhone(counted, dialog.callerTag) : counted;
    const client = layer.request(outgoing, otherFlow(found), {
      onResponse: (response) => {
        if (response.status === 100 || (bye && fault === "bye-unanswered")) return;
        const forwarded = withoutFirst(response, "via");
        transaction.respond(
          from === "caller" ? toCaller(forwarded, dialog.callerTag) : toPhone(forwarded, dialog.callerTag),
        );
      },
      onFailed: () => transaction.reply(408),
    });
    if (request.method === "INVITE") server.onCancel(transaction, () => client.cancel());
  };

  const onAck = (request: SipRequest): void => {
    const found = dialogs.find(request);
    if (found === undefined || fault === "ack-not-forwarded") return;
    const counted = withForwardCounted(request);
    layer.sendOnce(found.from === "caller" ? toPhone(counted, found.dialog.callerTag) : counted, otherFlow(found));
  };

  // The fault that changes the caller's tag does so wherever a message crosses over, so that all else goes on working.
  const toPhone = <M extends SipMessage>(message: M, tag: string): M =>
    fault === "proxy-changes-from-tag" ? retagged(message, tag, changed(tag)) : message;
  const toCaller = <M extends SipMessage>(message: M, tag: string): M =>
    fault === "proxy-changes-from-tag" ? retagged(message, changed(tag), tag) : message;

  return { onInvite, onInDialog, onAck };
}

function changed(tag: string): string {
  return `${tag}-changed`;
}

function unchanged(tag: string): string {
  return tag.replace(/-changed$/, "");
}

function retagged<M extends SipMessage>(message: M, tag: string, other: string): M {
  const headers = message.headers.map((field) => {
    if (field.name !== "from" && field.name !== "to") return field;
    return field.value.endsWith(`;tag=${tag}`)
      ? { ...field, value: `${field.value.slice(0, -tag.length)}${other}` }
      : field;
  });
  return { ...message, headers };
}
