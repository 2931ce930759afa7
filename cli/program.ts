import { Command, CommanderError, InvalidArgumentError, Option, type OutputConfiguration } from "commander";
import type { Writable } from "node:stream";
import { RingTrueError } from "../harness/errors.ts";
import type { Role } from "../harness/trace/run-facts.ts";
import { exitCodeOfError, type ExitCode } from "../harness/judge/exit-code.ts";
import { describeInternalError } from "./describe-internal-error.ts";
import { references } from "./embedded-default.ts";
import { explainCommand } from "./explain-command.ts";
import { judgeCommand } from "./judge-command.ts";
import { listable, listCommand, type Listable } from "./list-command.ts";
import { mockCommand } from "./mock/mock-command.ts";
import { mockable, mockHelp, type Mockable, type MockOptions } from "./mock/mock-options.ts";
import { packageVersion } from "./package-version.ts";
import { proveCommand, type ProveOptions } from "./prove/prove-command.ts";
import { replayCommand } from "./replay-command.ts";
import { runCommand, type RunOptions } from "./run-command.ts";
import type { ConfigOptions } from "./config-of.ts";

/** Runs the command line and gives its exit code. Throws nothing. */
export async function main(argv: readonly string[], stdout: Writable, stderr: Writable): Promise<ExitCode> {
  const print = (line: string): void => void stdout.write(`${line}\n`);
  const [own, adapter] = split(argv);
  let exitCode: ExitCode = 0;
  const program = commandLine(adapter, print, (code) => void (exitCode = code), {
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    outputError: (text, write) => write(`${oneLine(text)}\n`),
  });
  try {
    await program.parseAsync(own);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    if (error instanceof RingTrueError) {
      stderr.write(`ringtrue: ${error.message}\n`);
      // Ctrl-C before the target was ready: nothing was found out about it.
      if (error.code === "target-aborted") return 2;
      return exitCodeOfError(error);
    }
    stderr.write(`${describeInternalError(error)}\n`);
    return 4;
  }
}

function commandLine(
  adapter: readonly string[],
  print: (line: string) => void,
  setExitCode: (code: ExitCode) => void,
  output: OutputConfiguration,
): Command {
  const program = new Command("ringtrue")
    .description("Tells whether a VoIP call rings true on a sleeping phone.")
    .version(packageVersion)
    .configureOutput(output)
    .exitOverride()
    .addHelpText(
      "after",
      `
Exit codes: 0 conformant (or done), 1 not conformant, 2 inconclusive,
            3 usage or configuration error, 4 harness fault or a target that never became ready.`,
    );

  withTarget(program.command("run"))
    .description("plays the scenarios against a target, judges and reports")
    .option("--report-dir <dir>", "where the report goes")
    .option("--runs <n>", "generated cases per scenario, after its witnesses", wholeNumber)
    .option("--seed <n>", "draws the same plans again", seed)
    .option("--concurrency <n>", "cases at once, at most", positiveNumber)
    .option("--strict", "failing shoulds fail the run too")
    .option("--shard <i/n>", "plays part i of n of the plans", shard)
    .option("--keep-all", "keeps the trace of every case")
    .option("--no-shrink", "takes failing plans as they are, without looking for the smallest: sooner done")
    .option("--scenario <id>", "only this scenario (may be repeated)", collect)
    .option("--requirement <id>", "only this requirement (may be repeated)", collect)
    .action(async (options: RunOptions) => setExitCode(await runCommand(options)));

  withTarget(program.command("replay"))
    .description("plays one stored counterexample again: FIXED, STILL FAILING or DIFFERENT")
    .argument("<file>", "replay.json of a run directory")
    .action(async (file: string, options: ConfigOptions) => setExitCode(await replayCommand(file, options, print)));

  program
    .command("judge")
    .description("judges the stored traces of a run again, without a target")
    .argument("<dir>", "a run directory")
    .action(async (directory: string) => setExitCode(await judgeCommand(directory, print)));

  program
    .command("list")
    .description(`the catalogue: ${listable.join(", ")}`)
    .argument("[what]", "one of them", oneOf(listable))
    .option("--json", "as JSON")
    .action((what: Listable | undefined, { json }: { readonly json?: boolean }) =>
      setExitCode(listCommand(what, json === true, print)),
    );

  program
    .command("explain")
    .description("everything about one requirement or scenario")
    .argument("<id>", "e.g. flow/push-wakes-phone or caller-hangup")
    .option("--json", "as JSON")
    .action((id: string, { json }: { readonly json?: boolean }) =>
      setExitCode(explainCommand(id, json === true, print)),
    );

  program
    .command("mock")
    .description("simulated APNs, FCM and OAuth until Ctrl-C, with every push shown as it comes")
    .argument("[services...]", `which of ${mockable.join(", ")}; apns and fcm by default`, someOf(mockable))
    .option("--json", "the world as one line of JSON once they listen, then one line per push")
    .option("--bind <address>", "address to listen on", "127.0.0.1")
    .option("--advertise <name>", "name or address clients reach them by")
    .option("--port-apns <n>", "port of APNs; any free one by default", port)
    .option("--port-fcm <n>", "port of FCM and OAuth; any free one by default", port)
    .option("--admin-port <n>", "port of the admin API on 127.0.0.1; any free one by default", port)
    .option("--bundle-id <id>", "an app that may be pushed to (may be repeated); any by default", collect)
    .option("--project-id <id>", "the Firebase project; a made-up one by default")
    .option("--sandbox", "the sandbox of APNs in place of the production service")
    .option("--calls", "every FCM message is for a call: finds what would not ring")
    .option("--strict", "knows issued tokens only, and is as strict as APNs can be")
    .option("--answer <token=answer>", "answers so, as in any=410:Unregistered*2 (may be repeated)", collect)
    .option("--directory <dir>", "keeps CA and credentials there; a temporary directory by default")
    .option("--redirect", "prints the environment that points a client with built-in addresses here")
    .option("--profile <id>", "the vendor dialect that apps on devices are told of", "rfc8599")
    .option("--account <file>", "JSON of the SIP account that apps on devices are launched with")
    .addHelpText("after", mockHelp)
    .action(async (services: readonly Mockable[], options: MockOptions) =>
      setExitCode(await mockCommand(services, adapter, options, print)),
    );

  program
    .command("prove")
    .description("the harness's own proof: every requirement can fail, conforming servers never do")
    .option("--requirement <id>", "only this requirement (may be repeated)", collect)
    .option("--json <file>", "writes the kill matrix as JSON")
    .action(async (options: ProveOptions) => setExitCode(await proveCommand(options, print)));

  return program;
}

/** The command line of RingTrue, and of `ringtrue mock` what stands after `--`: the command of an adapter. */
function split(argv: readonly string[]): readonly [own: readonly string[], adapter: readonly string[]] {
  const at = argv[2] === "mock" ? argv.indexOf("--") : -1;
  return at === -1 ? [argv, []] : [argv.slice(0, at), argv.slice(at + 1)];
}

const roles: readonly Role[] = ["server", "client"];

/** The options that say what is tested. */
function withTarget(command: Command): Command {
  return command
    .option("--config <file>", "config file; without one, ringtrue.config.* here, else the embedded default")
    .option("--profile <id>", "instead of the config's profile")
    .addOption(new Option("--role <role>", "role of the target; without a config both are tested").choices(roles))
    .addOption(new Option("--reference <name>", "embedded server or client to test").choices(references))
    .option("--fault <name>", "breaks one thing in an embedded target (see ringtrue list faults)");
}

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 0.");
  return Number(text);
}

/** The range of fast-check's seeds. */
function seed(text: string): number {
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value !== (value | 0))
    throw new InvalidArgumentError("It must be a whole number from -2147483648 to 2147483647.");
  return value;
}

function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}

function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= 65_535)) throw new InvalidArgumentError("It must be a port, 1 to 65535.");
  return value;
}

function shard(text: string): { readonly index: number; readonly of: number } {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || index > of) throw new InvalidArgumentError("It must be like 1/4.");
  return { index, of };
}

/** What commander says, as RingTrue says it. */
function oneLine(text: string): string {
  const message = text
    .trim()
    .replace(/^error: /, "")
    .replaceAll("\n", " ");
  return `ringtrue: ${message.slice(0, 1).toUpperCase()}${message.slice(1)}${/[.)?]$/.test(message) ? "" : "."} See ringtrue --help.`;
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function someOf<T extends string>(choices: readonly T[]): (text: string, before?: readonly T[]) => readonly T[] {
  const read = oneOf(choices);
  return (text, before = []) => [...before, read(text)];
}

function oneOf<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new InvalidArgumentError(`It must be one of ${choices.join(", ")}.`);
    return found;
  };
}
