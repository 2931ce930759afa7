import { resolve } from "node:path";
import { liveClock } from "../../harness/clock/clock.ts";
import { UsageError } from "../../harness/errors.ts";
import type { ExitCode } from "../../harness/judge/exit-code.ts";
import { redirectEnvironment } from "../../mocks/redirect/redirect-environment.ts";
import { answerAdminRequest } from "../../mocks/standalone/admin/admin-api.ts";
import { startAdminServer } from "../../mocks/standalone/admin/admin-server.ts";
import { given } from "../../mocks/standalone/given.ts";
import type { MockDevices } from "../../mocks/standalone/mock-devices.ts";
import { pushLog } from "../../mocks/standalone/push-log.ts";
import type { MockListeners } from "../../mocks/standalone/push-mock.ts";
import { createTestAuthority } from "../../mocks/tls/test-authority.ts";
import { resolveProfile } from "../../scenarios/profiles/index.ts";
import { interruptSignal } from "../interrupt.ts";
import { scratchDirectory } from "../scratch-directory.ts";
import { checkMockOptions } from "./check-mock-options.ts";
import { writeMockFiles, writeRedirect } from "./mock-files.ts";
import type { Mockable, MockOptions } from "./mock-options.ts";
import { mockOutput } from "./mock-output.ts";
import { readAccount } from "./read-account.ts";
import { readScriptedAnswer, script } from "./scripted-answers.ts";
import { startDevices } from "./start-devices.ts";
import { startServices } from "./start-services.ts";
import { startText } from "./start-text.ts";

/** The app of the simulated phones, where none is named. */
const BUNDLE_ID = "com.example.phone";

/**
 * `ringtrue mock`: APNs, FCM and OAuth on this machine until Ctrl-C, with every push shown as it comes.
 *
 * @param command of an adapter that hosts apps on simulated devices; empty: apps connect by WebSocket
 * @throws UsageError for an option that cannot be used, TargetError for an adapter that cannot be driven
 */
export async function mockCommand(
  services: readonly Mockable[],
  command: readonly string[],
  options: MockOptions,
  print: (line: string) => void,
): Promise<ExitCode> {
  checkMockOptions(services, options);
  const answers = (options.answer ?? []).map(readScriptedAnswer);
  const profile = resolveProfile(options.profile);
  const account = options.account === undefined ? null : await readAccount(options.account);
  if (command.length > 0 && !services.includes("device")) {
    throw new UsageError("no-device", `A command goes with device: ringtrue mock device -- ${command.join(" ")}`);
  }
  const clock = liveClock();
  const output = mockOutput(options.json === true, print, () => Math.round(clock.epochMs + clock.now()));
  const interrupt = interruptSignal(() => {});
  const cleanUps: (() => Promise<unknown> | void)[] = [() => interrupt.release()];
  try {
    const world = { clock, log: pushLog({ clock }), authority: await createTestAuthority() };
    const topic = `${options.bundleId?.[0] ?? BUNDLE_ID}.voip`;
    let devices: MockDevices | undefined;
    const listeners: MockListeners = {
      ...output.listeners,
      onDelivery(push, isLate) {
        output.listeners.onDelivery(push, isLate);
        devices?.deliver(push);
      },
    };
    const mocks = await startServices(services, options, listeners, world, (close) => cleanUps.push(close));
    for (const answer of answers) script(answer, mocks);
    const directory = options.directory === undefined ? await scratch(cleanUps) : resolve(options.directory);
    const files = await writeMockFiles(directory, mocks, { caPem: world.authority.caPem, topic });
    const pointing = { ...given(mocks), caFile: files.tls.caFile };
    const redirect =
      options.redirect === true ? await writeRedirect(directory, redirectEnvironment(pointing)) : undefined;
    if (services.includes("device")) {
      const parts = { mocks, topic, clock, profile, account, onEvent: output.onDevice };
      const started = await startDevices(command, parts, interrupt.signal);
      cleanUps.push(() => started.close());
      devices = started;
    }
    const subject = { ...mocks, ...given({ devices }), log: world.log, world: () => facts };
    const admin = await startAdminServer(options.adminPort ?? 0, (request) => answerAdminRequest(request, subject));
    cleanUps.push(() => admin.close());
    const link = devices?.url === undefined ? {} : { deviceLink: { url: devices.url } };
    const facts = { ...files, ...link, ...given({ redirect }), admin: { url: admin.url } };
    const tokens = given({ apns: mocks.apns?.issueToken({ topic }), fcm: mocks.fcm?.issueToken() });
    output.start(facts, startText(facts, tokens));
    await aborted(interrupt.signal);
    return 0;
  } catch (error) {
    // Ctrl-C while it was starting: what was under way has been cut off.
    if (interrupt.signal.aborted) return 0;
    throw error;
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  }
}

async function scratch(cleanUps: (() => void)[]): Promise<string> {
  const { path, remove } = await scratchDirectory();
  cleanUps.push(remove);
  return path;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
