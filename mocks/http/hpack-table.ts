/** Names of the static table (RFC 7541 appendix A), from index 1. */
const STATIC_NAMES = (
  ":authority :method :method :path :path :scheme :scheme :status :status :status :status :status :status :status " +
  "accept-charset accept-encoding accept-language accept-ranges accept access-control-allow-origin age allow authorization " +
  "cache-control content-disposition content-encoding content-language content-length content-location content-range " +
  "content-type cookie date etag expect expires from host if-match if-modified-since if-none-match if-range " +
  "if-unmodified-since last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh " +
  "retry-after server set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate"
).split(" ");
/** What an entry costs beside its name and value (RFC 7541 section 4.1). */
const ENTRY_OVERHEAD = 32;

/** An entry of the dynamic table, as far as it matters here. */
export interface TableEntry {
  readonly name: string;
  /** By RFC 7541 section 4.1, as the sender counts it. */
  readonly size: number;
  /** The `:scheme` it stands for, where that is malformed. */
  readonly malformedScheme?: string;
}

/** The table of a header decoder (RFC 7541 section 2.3): names and sizes only. */
export interface HpackTable {
  /** The name at an index; undefined where there is none. */
  nameAt(index: number): string | undefined;
  /** The entry at an index of the dynamic part; undefined where there is none. */
  entryAt(index: number): TableEntry | undefined;
  add(name: string, valueLength: number, malformedScheme?: string): void;
  resize(maxSize: number): void;
}

export function hpackTable(maxSize: number): HpackTable {
  // The oldest first.
  const entries: TableEntry[] = [];
  let max = maxSize;
  let size = 0;
  const evictTo = (limit: number) => {
    while (size > limit) size -= entries.shift()?.size ?? size;
  };
  const entryAt = (index: number) => entries[entries.length - (index - STATIC_NAMES.length)];
  return {
    entryAt,
    nameAt: (index) => (index <= STATIC_NAMES.length ? STATIC_NAMES[index - 1] : entryAt(index)?.name),
    add(name, valueLength, malformedScheme) {
      const entrySize = name.length + valueLength + ENTRY_OVERHEAD;
      evictTo(Math.max(0, max - entrySize));
      // One that is larger than the table empties it and is not kept (RFC 7541 section 4.4).
      if (entrySize > max) return;
      entries.push({ name, size: entrySize, ...(malformedScheme === undefined ? {} : { malformedScheme }) });
      size += entrySize;
    },
    resize(maxSize) {
      max = maxSize;
      evictTo(max);
    },
  };
}
