import type { Redirect } from "../../mocks/redirect/redirect-environment.ts";

/** Lines that a shell can read: the environment, and as comments what `/etc/hosts` would have to say. */
export function redirectLines({ environment, hosts }: Redirect): readonly string[] {
  return [
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}${kept(name)}`),
    ...(hosts.length === 0
      ? []
      : ["# A program that is not for Node.js needs these lines in /etc/hosts, and the mocks on port 443:"]),
    ...hosts.map((line) => `# ${line}`),
  ];
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Options of Node's add up: those that were there before stay. */
function kept(name: string): string {
  return name === "NODE_OPTIONS" ? '"${NODE_OPTIONS:+ $NODE_OPTIONS}"' : "";
}
