import type { Config } from "./config.ts";

/** Gives a config file its types; returns what it is given. */
export function defineConfig(config: Config): Config {
  return config;
}
