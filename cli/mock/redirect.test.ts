import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { workplace } from "../testing/workplace.ts";
import { redirectLines } from "./redirect-lines.ts";
import { startedMock } from "./testing/started-mock.ts";

/** A sender that has the vendors' addresses built in. */
const SENDER = `
  const session = require("node:http2").connect("https://api.push.apple.com");
  session.request({ ":method": "POST", ":path": "/3/device/0a" }).end().on("response", (headers) => {
    require("node:https").get("https://fcm.googleapis.com/fcm/send", ({ statusCode }) => {
      console.log(headers[":status"], statusCode);
      process.exit();
    });
  });`;

async function shell(script: string, cwd: string): Promise<string> {
  return (await promisify(execFile)("bash", ["-c", script], { cwd, timeout: 15_000 })).stdout;
}

describe.concurrent("ringtrue mock --redirect", () => {
  test("points a program that knows only the vendors' addresses at the mocks", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { world, running, next } = await startedMock(place, "--redirect", "--directory", "it's here");
    const { redirect } = world;
    expect(redirect).toMatchObject({
      environment: { NODE_EXTRA_CA_CERTS: world.tls.caFile, SSL_CERT_FILE: world.tls.caFile },
      hosts: [
        "127.0.0.1 api.push.apple.com api.sandbox.push.apple.com",
        "127.0.0.1 fcm.googleapis.com oauth2.googleapis.com www.googleapis.com",
      ],
      file: expect.stringMatching(/it's here\/redirect\.sh$/) as string,
    });
    expect(await shell(`. "it's here/redirect.sh"; exec "${process.execPath}" -e '${SENDER}'`, place.directory)).toBe(
      "403 404\n",
    );
    expect(await next("push", { service: "apns" })).toMatchObject({ reason: "MissingProviderToken" });
    expect(await next("push", { service: "fcm" })).toMatchObject({ path: "/fcm/send", status: 404 });
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("prints for people what a shell can eval, for the services that are started alone", async ({
    onTestFinished,
  }) => {
    const place = workplace(onTestFinished);
    const running = place.start("mock", "apns", "--redirect");
    let text = "";
    running.child.stdout?.on("data", (chunk: string) => (text += chunk));
    await running.said("Pushes:");
    const lines = text.split("\n").filter((line) => /^(?:export|#) /.test(line));
    const script = `eval "$(cat <<'LINES'\n${lines.join("\n")}\nLINES\n)"; echo "$RINGTRUE_REDIRECT"`;
    const entries = (await shell(script, place.directory)).trim().split(",");
    expect(entries.every((entry) => /^api\.(?:sandbox\.)?push\.apple\.com:\d+=127\.0\.0\.1:\d+$/.test(entry))).toBe(
      true,
    );
    expect(entries).toHaveLength(4);
    expect(lines.at(-1)).toBe("# 127.0.0.1 api.push.apple.com api.sandbox.push.apple.com");
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
  });

  test("quotes what the shell would take for its own", async () => {
    const environment = { ODD: `it's "$HOME" \\ \`date\`` };
    const [line = ""] = redirectLines({ environment, hosts: [] });
    expect(await shell(`${line}; printf %s "$ODD"`, "/")).toBe(environment.ODD);
  });
});
