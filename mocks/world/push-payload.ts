import { readPointer } from "../../harness/wire/json-pointer.ts";
import type { ReceivedPush } from "../push/push-hooks.ts";

/** What the app would get of a push, as far as that can be told of one that is refused; a body that is no JSON as the text it is. */
export function pushPayload({ service, body, delivery }: ReceivedPush): unknown {
  if (delivery !== undefined) return delivery.payload;
  const document = parsed(body);
  if (service === "apns") return document;
  return readPointer(document, "/message/android/data") ?? readPointer(document, "/message/data");
}

/**
 * Whether it starts an app that does not run. A message with a `notification` does not: the system shows that, and the app
 * hears of it when the user taps it (Google, "Receive messages in Android apps").
 */
export function startsApp({ service, body }: ReceivedPush): boolean {
  if (service === "apns") return true;
  const message = readPointer(parsed(body), "/message");
  return ["/notification", "/android/notification"].every((pointer) => readPointer(message, pointer) === undefined);
}

function parsed(body: Uint8Array): unknown {
  const text = Buffer.from(body).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
