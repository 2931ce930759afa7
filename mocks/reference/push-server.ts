import type { Call } from "./call.ts";
import { createPushClient } from "./push-client.ts";
import type { PushedCall } from "./push-payload.ts";
import type { Patience, PushResult, PushTarget } from "./push-service.ts";
import { createRegistrar, type Registrar } from "./registrar.ts";
import type { RunningServer, ServerOptions } from "./server-options.ts";
import type { ServerTransaction } from "./server-transaction.ts";
import { callIdOf, parseNameAddress, parseUri, tagOf } from "./sip-fields.ts";
import { header, type SipRequest, valueOf, withHeader, withoutFirst } from "./sip-message.ts";
import { openTransactionLayer, type TransactionLayer } from "./transaction-layer.ts";
import type { Flow } from "./transport.ts";

/** What all three servers share. */
export interface PushServer {
  readonly options: ServerOptions;
  readonly layer: TransactionLayer;
  readonly registrar: Registrar;
  /** Pushes for a call; a dead token loses its binding. */
  push(aor: string, to: PushTarget, call: PushedCall, patience: Patience): Promise<PushResult>;
  /** Keeps a call where registrations for its account find it, until the returned function is called. */
  keep(aor: string, pushed: PushedCall, call: Call): () => void;
  /** What to do when the caller cancels this INVITE. */
  onCancel(invite: ServerTransaction, cancel: () => void): void;
}

/** How a server treats the calls it gets. `request` is without the Routes that led here. */
export interface Behaviour {
  onInvite(transaction: ServerTransaction, request: SipRequest, aor: string): void;
  onInDialog(transaction: ServerTransaction, request: SipRequest): void;
  onAck(request: SipRequest, flow: Flow): void;
}

const ALLOW = header("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, INFO, UPDATE, PRACK");

/** Opens sockets, registrar and push client of a server; `behave` says what it does with calls. */
export async function startPushServer(
  options: ServerOptions,
  behave: (server: PushServer) => Behaviour,
): Promise<RunningServer> {
  const { fault } = options;
  const pushClient = createPushClient(options);
  const registrar = createRegistrar(options.profile, pushClient.providers, fault, Date.now);
  const calls = new Map<string, Map<Call, PushedCall>>();
  const cancels = new WeakMap<ServerTransaction, () => void>();
  const registered = new Set<string>();

  const layer = await openTransactionLayer(options.listen, fault, {
    onRequest: (transaction) => onRequest(transaction),
    onAck: (request, flow) => behaviour.onAck(withoutOwnRoutes(request, layer.sentBy), flow),
    onCancel: (invite) => {
      if (fault === "crash-on-cancel") options.crash();
      else cancels.get(invite)?.();
    },
  });
  const server: PushServer = {
    options,
    layer,
    registrar,
    push: async (aor, to, call, patience) => {
      const told = fault === "crosses-calls" ? { ...call, ...callerOf(otherCall(calls, call)) } : call;
      const result = await pushClient.push(to, told, patience);
      if (result.tokenDead !== undefined) registrar.tokenDied(aor, to.token, result.tokenDead.sinceMs);
      return result;
    },
    keep: (aor, pushed, call) => {
      const ofAccount = calls.get(aor) ?? new Map<Call, PushedCall>();
      calls.set(aor, ofAccount.set(call, pushed));
      return () => {
        ofAccount.delete(call);
        if (ofAccount.size === 0 && calls.get(aor) === ofAccount) calls.delete(aor);
      };
    },
    onCancel: (invite, cancel) => void cancels.set(invite, cancel),
  };
  const behaviour = behave(server);

  const onRequest = (transaction: ServerTransaction): void => {
    const request = withoutOwnRoutes(transaction.request, layer.sentBy);
    const uri = parseUri(request.uri);
    if (uri === undefined || uri.scheme === "tel") return transaction.reply(416);
    if (valueOf(request, "max-forwards")?.trim() === "0" && request.method !== "OPTIONS") return transaction.reply(483);
    const unsupported = valueOf(request, "proxy-require");
    if (unsupported !== undefined) return transaction.reply(420, { headers: [header("Unsupported", unsupported)] });
    if (tagOf(request, "to") !== undefined) return behaviour.onInDialog(transaction, request);
    if (request.method === "OPTIONS") return transaction.reply(200, { headers: [ALLOW] });
    const account = accountOf(request.method === "REGISTER" ? toUri(request) : request.uri);
    if (account === undefined) return transaction.reply(404);
    if (request.method === "REGISTER") return onRegister(transaction, account);
    if (request.method === "INVITE") return behaviour.onInvite(transaction, request, account);
    return transaction.reply(405, { headers: [ALLOW] });
  };
  const onRegister = (transaction: ServerTransaction, account: string): void => {
    if (fault === "register-unanswered") {
      // A phone keeps one Call-ID for all its registrations (RFC 3261 10.2).
      const phone = callIdOf(transaction.request);
      if (registered.has(phone)) return;
      registered.add(phone);
    }
    const { status, headers, bound } = registrar.register(account, transaction.request, transaction.flow);
    transaction.reply(status, { headers: [...headers, header("Date", new Date().toUTCString())] });
    for (const { binding, replaces } of bound) {
      for (const call of callsFor(account)) call.registered(binding, replaces);
    }
  };
  const callsFor = (account: string): readonly Call[] => {
    if (fault === "crosses-calls") {
      const others = [...calls].filter(([aor]) => aor !== account).flatMap(([, ofAccount]) => [...ofAccount.keys()]);
      if (others.length > 0) return others;
    }
    return [...(calls.get(account)?.keys() ?? [])];
  };
  /** `user@domain` of an account here; undefined for other domains. */
  const accountOf = (text: string): string | undefined => {
    const uri = parseUri(text);
    if (uri?.user === undefined || uri.user === "") return undefined;
    const local = options.domain === undefined || uri.host === options.domain || uri.host === layer.transport.host;
    return local ? `${unescapedUser(uri.user)}@${options.domain ?? uri.host}` : undefined;
  };

  return {
    host: layer.transport.host,
    port: layer.transport.port,
    close: async () => {
      pushClient.close();
      await layer.close();
    },
  };
}

function toUri(request: SipRequest): string {
  return parseNameAddress(valueOf(request, "to") ?? "")?.uri ?? "";
}

/** RFC 3261 19.1.4: escaped and plain characters of a user part are the same. */
function unescapedUser(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** RFC 3261 16.4: takes this server's own Routes off, and undoes what a strict router did to the Request-URI. */
function withoutOwnRoutes(received: SipRequest, sentBy: string): SipRequest {
  let request = received;
  const routes = request.headers.filter((field) => field.name === "route");
  const last = routes.at(-1);
  if (last !== undefined && request.method !== "REGISTER" && isOwn(request.uri, sentBy)) {
    const target = parseNameAddress(last.value)?.uri ?? request.uri;
    request = { ...request, uri: target, headers: request.headers.filter((field) => field !== last) };
  }
  for (;;) {
    const top = parseNameAddress(valueOf(request, "route") ?? "")?.uri;
    if (top === undefined || !isOwn(top, sentBy)) return request;
    request = withoutFirst(request, "route");
  }
}

function isOwn(text: string, sentBy: string): boolean {
  const uri = parseUri(text);
  return uri !== undefined && uri.user === undefined && `${uri.host}:${uri.port ?? 5060}` === sentBy;
}

/** RFC 3261 16.6 step 3. */
export function withForwardCounted(request: SipRequest): SipRequest {
  const left = Number(valueOf(request, "max-forwards") ?? "71");
  return withHeader(request, "Max-Forwards", String((Number.isInteger(left) ? left : 71) - 1));
}

function otherCall(calls: ReadonlyMap<string, ReadonlyMap<Call, PushedCall>>, own: PushedCall): PushedCall {
  const all = [...calls.values()].flatMap((ofAccount) => [...ofAccount.values()]);
  return all.findLast((one) => one.callUuid !== own.callUuid) ?? own;
}

function callerOf(call: PushedCall): Pick<PushedCall, "handle" | "callerName"> {
  return { handle: call.handle, callerName: call.callerName };
}
