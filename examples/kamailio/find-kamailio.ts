import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface InstalledKamailio {
  readonly command: string;
  readonly version: string;
  /** Directory of its modules. */
  readonly modules: string;
}

export interface SearchedPlaces {
  /** Directories of programs. */
  readonly commands: readonly string[];
  /** Directory with one `<architecture>/kamailio/modules` or several. */
  readonly libraries: string;
}

/** Debian keeps kamailio in /usr/sbin, which is not on everybody's path. */
const debian: SearchedPlaces = {
  commands: [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"],
  libraries: "/usr/lib",
};

/** The modules of `kamailio.cfg` that come in packages of their own. */
const extraModules = ["http_client.so", "uuid.so"];

/** Kamailio as it is installed here. Throws an error that names the packages when any of it is missing. */
export function findKamailio({ commands, libraries }: SearchedPlaces = debian): InstalledKamailio {
  const command = commands.map((directory) => join(directory, "kamailio")).find((path) => existsSync(path));
  if (command === undefined) throw missing("there is no kamailio on this machine");
  const modules = readdirSync(libraries)
    .map((architecture) => join(libraries, architecture, "kamailio", "modules"))
    .find((directory) => extraModules.every((module) => existsSync(join(directory, module))));
  if (modules === undefined) throw missing(`the installed kamailio lacks ${extraModules.join(" or ")}`);
  const { stdout } = spawnSync(command, ["-v"], { encoding: "utf8" });
  const version = /^version: kamailio (\S+)/m.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${command} -v does not tell its version`);
  return { command, version, modules };
}

function missing(what: string): Error {
  return new Error(
    `${what}. Debian and Ubuntu have it: apt-get install kamailio kamailio-utils-modules kamailio-extra-modules`,
  );
}
