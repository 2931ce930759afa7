/** Which access tokens a connection has carried. */
export interface SeenTokens {
  /** True the first time. */
  readonly isNew: (connection: string, fingerprint: string) => boolean;
  readonly forget: (connection: string) => void;
}

/** A connection that carries a new token with every request is known for it long before. */
const REMEMBERED = 1000;

export function seenTokens(): SeenTokens {
  const connections = new Map<string, Set<string>>();
  return {
    isNew(connection, fingerprint) {
      let seen = connections.get(connection);
      if (seen === undefined) connections.set(connection, (seen = new Set()));
      if (seen.has(fingerprint)) return false;
      const oldest = seen.values().next();
      if (seen.size >= REMEMBERED && oldest.done !== true) seen.delete(oldest.value);
      seen.add(fingerprint);
      return true;
    },
    forget: (connection) => void connections.delete(connection),
  };
}
