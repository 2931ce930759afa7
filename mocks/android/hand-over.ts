import { describeReply } from "../device-link/ask-app.ts";
import type { AppProcess } from "./app-process.ts";
import type { SentMessage } from "./message-inbox.ts";
import type { MessageWindows } from "./message-windows.ts";

/** Calls `onMessageReceived`, in an app that is started or woken for it, and opens the message's window then. */
export function handOver(
  process: AppProcess,
  windows: MessageWindows,
  message: SentMessage,
  priority: "high" | "normal",
): void {
  const { messageId, data, notification, priority: originalPriority, sentTimeMs, ttlMs, collapseKey } = message;
  const failed = (why: string): void => windows.failed(messageId, why);
  const call = (): void => {
    windows.open(messageId, priority, process.state() === "foreground");
    const handed = {
      messageId,
      data,
      priority,
      originalPriority,
      sentTime: sentTimeMs,
      ttlMs,
      ...(notification === undefined ? {} : { notification }),
      ...(collapseKey === undefined ? {} : { collapseKey }),
    };
    process.ask("messagingService.onMessageReceived", { message: handed }, (reply) =>
      reply.kind === "result" ? windows.handled(messageId) : failed(describeReply(reply)),
    );
  };
  process.run("push", call, failed);
}
