import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { HttpRequest } from "../http/http-exchange.ts";
import { pendingPushes } from "./pending-pushes.ts";
import type { ReceivedPush } from "./push-hooks.ts";

test("a pending push is given once and for its own request, in whatever order they are decided and answered", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.boolean()), { maxLength: 40 }), (acts) => {
      const requests = Array.from({ length: 5 }, () => ({}) as HttpRequest);
      const pending = pendingPushes();
      const due = new Map<HttpRequest, ReceivedPush>();
      const [given, wanted]: [(ReceivedPush | undefined)[], (ReceivedPush | undefined)[]] = [[], []];
      for (const [at, isAdded] of acts) {
        const request = requests[at]!;
        if (isAdded && !due.has(request)) {
          const push = { push: `push ${at}` } as ReceivedPush;
          due.set(request, push);
          pending.add({ request, push, outcome: { kind: "reset" } });
        } else {
          given.push(pending.take(request)?.push);
          wanted.push(due.get(request));
          due.delete(request);
        }
      }
      expect(given).toEqual(wanted);
    }),
  );
});
