import { readFile } from "node:fs/promises";
import { describeIssues } from "../../harness/config/describe-issue.ts";
import { messageOf, UsageError } from "../../harness/errors.ts";
import type { LinkAccount } from "../../mocks/device-link/messages.ts";
import { account } from "../../mocks/device-link/process-messages.ts";

/** The account of a JSON file, in the form `device.launch` has it. @throws UsageError naming file and field */
export async function readAccount(file: string): Promise<LinkAccount> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError("account", `--account: ${file} cannot be read as JSON (${messageOf(error)}).`, {
      cause: error,
    });
  }
  const result = account.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError("account", `--account: ${file}: ${describeIssues(result.error.issues, account).join("; ")}`);
}
