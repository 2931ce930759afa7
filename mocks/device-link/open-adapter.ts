import { randomBytes } from "node:crypto";
import type { Clock } from "../../harness/clock/clock.ts";
import { TargetError } from "../../harness/errors.ts";
import { adapterOn, type Adapter } from "./adapter.ts";
import { askApp, describeReply, type AppReply } from "./ask-app.ts";
import { converse, type Conversation } from "./conversation.ts";
import type { LineControl } from "./device-line.ts";
import { rpcCodes } from "./json-rpc.ts";
import type { Crossing, RpcReply } from "./json-rpc-peer.ts";
import { describeLinkEnd, type Link, type LinkEnd } from "./link.ts";
import { describeLinkProblem, type LinkProblem } from "./link-problem.ts";
import type { AppFacts, LinkProfile } from "./messages.ts";
import { linkProfile, PROTOCOL } from "./process-messages.ts";

export interface OpenAdapterOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly harness: { readonly name: string; readonly version: string };
  /** Members that the contract does not name are not sent. */
  readonly profile: LinkProfile;
  /** How long `initialize` and the probe may take, each. @default 15000 */
  readonly openMs?: number;
  /** How long any other request may take. @default 10000 */
  readonly requestMs?: number;
  /** A method name that nobody knows. @default a random one */
  readonly probeMethod?: string;
  /** Everything the adapter does against the contract, when it is seen; as many as messages are allowed per second. */
  readonly onProblem?: (problem: LinkProblem) => void;
  /** Every message, for records. */
  readonly onCrossing?: (crossing: Crossing) => void;
}

/**
 * Agrees with an adapter on the protocol, then probes it: a request with a random method name must be refused with -32601, so
 * that no adapter that says yes to everything is ever driven (DEVICE-LINK section 1).
 *
 * @throws TargetError and closes the link; the codes are `adapter-died`, `adapter-hangs`, `adapter-floods`,
 *   `adapter-talks-garbage`, `adapter-refuses-initialize`, `adapter-wrong-protocol`, `adapter-agrees` and `adapter-wrong-refusal`.
 */
export async function openAdapter(options: OpenAdapterOptions): Promise<Adapter> {
  const { link, clock, requestMs = 10_000, onProblem = () => {}, onCrossing } = options;
  const lines = new Map<string, LineControl>();
  let isOpening = true;
  let giveUp: (error: TargetError) => void = () => {};
  const hopeless = new Promise<never>((_, reject) => (giveUp = reject));
  // It may come when nobody waits for it any more.
  hopeless.catch(() => {});
  const noted = (problem: LinkProblem): void => {
    onProblem(problem);
    const code = isOpening ? fatalAtOpening(problem) : undefined;
    if (code !== undefined) giveUp(failure(code, describeLinkProblem(problem), link));
  };
  const conversation = converse({
    link,
    clock,
    lineOf: (device) => lines.get(device),
    onProblem: noted,
    ...(onCrossing === undefined ? {} : { onCrossing }),
  });
  const died = async (): Promise<never> => {
    const end = await conversation.ended;
    throw failure("adapter-died", describeLinkEnd(end), link);
  };
  try {
    const facts = await Promise.race([agree(options, conversation, noted), hopeless, died()]);
    return adapterOn({ link, conversation, facts, lines, requestMs, onProblem });
  } catch (error) {
    await link.close();
    throw error;
  } finally {
    isOpening = false;
  }
}

async function agree(
  {
    link,
    harness,
    profile,
    openMs = 15_000,
    probeMethod = `probe.${randomBytes(12).toString("hex")}`,
  }: OpenAdapterOptions,
  { peer, ended }: Conversation,
  onProblem: (problem: LinkProblem) => void,
): Promise<AppFacts> {
  const hello = await new Promise<AppReply<"initialize">>((resolve) => {
    const params = { protocol: PROTOCOL, harness, profile: linkProfile.parse(profile) } as const;
    askApp(peer, "initialize", params, openMs, onProblem, resolve);
  });
  if (hello.kind !== "result")
    throw await openingFailure("initialize", "adapter-refuses-initialize", hello, link, ended);
  if (hello.result.protocol !== PROTOCOL)
    throw failure(
      "adapter-wrong-protocol",
      `It speaks ${JSON.stringify(hello.result.protocol.slice(0, 100))}, and this version of RingTrue ${PROTOCOL}.`,
      link,
    );
  const probed = await new Promise<RpcReply>((resolve) => {
    peer.request(probeMethod, {}, openMs, resolve);
  });
  if (probed.kind === "result")
    throw failure(
      "adapter-agrees",
      `It agreed to ${probeMethod}, a method that does not exist: methods it does not know must be refused with ${rpcCodes.methodNotFound}, or nothing it says has any worth.`,
      link,
    );
  if (probed.kind === "error" && probed.error.code === rpcCodes.methodNotFound) return hello.result;
  throw await openingFailure("a method that does not exist", "adapter-wrong-refusal", probed, link, ended);
}

async function openingFailure(
  what: string,
  code: string,
  reply: Exclude<AppReply<"initialize">, { readonly kind: "result" }>,
  link: Link,
  ended: Promise<LinkEnd>,
): Promise<TargetError> {
  if (reply.kind === "lost") return failure("adapter-died", describeLinkEnd(await ended), link);
  return failure(
    reply.kind === "timed-out" ? "adapter-hangs" : code,
    `It was asked for ${what}. ${describeReply(reply)}`,
    link,
  );
}

/** An adapter that breaks the framing before anything was asked of it is not driven; later that is a finding like any other. */
function fatalAtOpening({ kind }: LinkProblem): string | undefined {
  switch (kind) {
    case "flood":
      return "adapter-floods";
    case "not-json":
    case "not-a-message":
    case "binary-message":
    case "too-long":
    case "broken-frame":
      return "adapter-talks-garbage";
    default:
      return undefined;
  }
}

function failure(code: string, why: string, link: Link): TargetError {
  const log = link.log().slice(-20);
  const said = log.length === 0 ? "" : ` Its log:\n${log.map((line) => `  ${line}`).join("\n")}`;
  return new TargetError(code, `The adapter cannot be driven. ${why}${said}`);
}
