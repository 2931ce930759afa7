import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface InstalledKamailio {
  readonly command: string;
  readonly version: string;
  /** Directory of its modules. */
  readonly modules: string;
}

const PACKAGES = "kamailio kamailio-utils-modules kamailio-extra-modules";
/** The modules of `kamailio.cfg` that come in packages of their own. */
const EXTRA_MODULES = ["http_client.so", "uuid.so"];

/** Debian's Kamailio as it is installed here. Throws an error that names the packages when any of it is missing. */
export function findKamailio(): InstalledKamailio {
  // Debian keeps it in /usr/sbin, which is not on everybody's path.
  const directories = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const command = directories.map((directory) => join(directory, "kamailio")).find((path) => existsSync(path));
  if (command === undefined) throw missing("there is no kamailio here");
  const modules = moduleDirectories().find((directory) =>
    EXTRA_MODULES.every((module) => existsSync(join(directory, module))),
  );
  if (modules === undefined) throw missing(`kamailio lacks ${EXTRA_MODULES.join(" or ")}`);
  const { stdout } = spawnSync(command, ["-v"], { encoding: "utf8" });
  const version = /^version: kamailio (\S+)/m.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${command} -v does not tell its version`);
  return { command, version, modules };
}

/** One directory per architecture: /usr/lib/x86_64-linux-gnu/kamailio/modules, /usr/lib/aarch64-linux-gnu/kamailio/modules. */
function moduleDirectories(): readonly string[] {
  return readdirSync("/usr/lib").map((name) => join("/usr/lib", name, "kamailio", "modules"));
}

function missing(what: string): Error {
  return new Error(`${what}. On Debian and Ubuntu: apt-get install ${PACKAGES}`);
}
