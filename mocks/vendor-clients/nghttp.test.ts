import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApnsMock, type ApnsMock } from "../standalone/apns-mock.ts";
import { BURST, CALL, TOPIC } from "./testing/calls.ts";
import { found } from "./testing/found.ts";
import { files, isThere, run, type Files, type Ran } from "./testing/system-program.ts";
import { nghttp, type Provocations } from "./testing/vendor-clients.ts";

describe.runIf(isThere("nghttp"))("nghttp", () => {
  let apns: ApnsMock;
  let place: Files;

  beforeAll(async () => {
    apns = await createApnsMock({ profile: { streams: "strict" } });
    place = files({ apns });
    place.write("body.json", JSON.stringify(CALL));
  });
  afterAll(async () => {
    await apns.close();
    place.remove();
  });

  async function push(token: string, ...args: readonly string[]): Promise<Ran> {
    const headers = {
      ":method": "POST",
      authorization: `bearer ${apns.providerToken()}`,
      "apns-topic": TOPIC,
      "apns-push-type": "voip",
      "apns-expiration": "0",
    };
    const fields = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const url = `${apns.url}/3/device/${token}`;
    return await run("nghttp", [...fields, "-d", place.path("body.json"), ...args, url]);
  }

  /** Pushes and gives what nghttp shows of each frame. */
  async function shown(token: string): Promise<string> {
    return (await push(token, "-v")).stdout;
  }

  /** What nghttp says of a burst that it sent before it had read the settings, which it sometimes has. */
  async function burst(): Promise<string> {
    for (let attempt = 0; attempt < 20; attempt++) {
      apns.clear();
      const { stderr } = await push(apns.issueToken(), "-n", "-m", `${BURST}`);
      if (stderr.includes("not processed")) return stderr;
    }
    return "";
  }

  test("shows the five settings of APNs, and its answer", async () => {
    apns.clear();
    const frames = await shown(apns.issueToken());
    // Its own settings it may show before or after.
    const received = frames.match(/recv SETTINGS frame .*\n(?:\s+[([].*\n)*/g) ?? [];
    const settings = [...received.join("").matchAll(/\[SETTINGS_(\w+)\(0x\w+\):(\d+)\]/g)];
    expect(settings.map(([, name, value]) => `${name} ${value}`)).toEqual([
      "HEADER_TABLE_SIZE 4096",
      "MAX_CONCURRENT_STREAMS 1",
      "INITIAL_WINDOW_SIZE 65535",
      "MAX_FRAME_SIZE 16384",
      "MAX_HEADER_LIST_SIZE 8000",
      "MAX_CONCURRENT_STREAMS 1000",
    ]);
    expect(frames).toMatch(/recv \(stream_id=13\) :status: 200/);
    expect(await apns.nextPush()).toMatchObject({ status: 200, payload: CALL });
  });

  test("shows GOAWAY with its reason as JSON, and a stream that is reset", async () => {
    const token = apns.issueToken();
    apns.answer(token, { kind: "goaway", reason: "Shutdown" }, 1);
    apns.answer(token, { kind: "refuse-stream" }, 1);
    expect(await shown(token)).toMatch(
      /recv GOAWAY frame .*\n.*error_code=NO_ERROR.*opaque_data\(21\)=\[\{"reason":"Shutdown"\}\]/,
    );
    expect(await shown(token)).toMatch(/recv RST_STREAM frame .*\n.*error_code=REFUSED_STREAM/);
  });

  test("shows the reason of a push that is refused", async () => {
    const frames = await shown("no-token");
    expect(frames).toMatch(/:status: 400/);
    expect(frames).toContain('{"reason":"BadDeviceToken"}');
  });

  const provocations: Provocations<typeof nghttp, () => Promise<unknown>> = {
    "apns/http2-priority priority-sent": () => push(apns.issueToken()),
    "apns/stream-limit streams-refused": burst,
  };

  test.each(nghttp.habits)("draws $finding: $when", async ({ finding }) => {
    apns.clear();
    await provocations[finding]();
    await expect.poll(() => found(apns)).toContain(finding);
  });

  test("loses much of a cold burst of 300 where APNs allows one stream at first, and the log says why", async () => {
    const [, processed] = /total=300, processed=(\d+)/.exec(await burst()) ?? [];
    expect(apns.pushes).toHaveLength(Number(processed));
    await expect
      .poll(() => apns.findings.map(({ actual }) => actual))
      .toContain(`${BURST - Number(processed)} streams refused, where 1 at once could be open`);
  });
});
