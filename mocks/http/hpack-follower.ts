import { hpackTable } from "./hpack-table.ts";
import { huffmanDecode, huffmanDecodedLength } from "./huffman.ts";

/** What a header block shows besides its fields. */
export interface BlockReading {
  /** It cannot be decoded, and no later one of its connection can. */
  readonly isLost: boolean;
  /** The names of `neverIndexed` that it puts into the table. */
  readonly indexed: readonly string[];
  /** The names of `indexedOnce` that it puts into the table with another value than the first; each in one block only. */
  readonly reindexed: readonly string[];
  /** What `:scheme` is where it is malformed. */
  readonly malformedScheme?: string;
  /** What to put in place of bytes of the block, in their order. */
  readonly repairs: readonly Repair[];
}

/** Bytes `from` to `to` (exclusive) give way to others. */
export interface Repair {
  readonly from: number;
  readonly to: number;
  readonly replacement: Uint8Array;
}

export interface FollowerOptions {
  readonly neverIndexed: ReadonlySet<string>;
  readonly indexedOnce: ReadonlySet<string>;
  /** SETTINGS_HEADER_TABLE_SIZE of the receiver. */
  readonly headerTableSize: number;
}

/** The size a table has until both sides agreed on another (RFC 9113 section 6.5.2). */
const INITIAL_TABLE_SIZE = 4096;
/** Nothing here is longer; RFC 7541 section 5.1 leaves the limit to the receiver. */
const MAX_INTEGER = 0x0fff_ffff;
const CLEAN: BlockReading = { isLost: false, indexed: [], reindexed: [], repairs: [] };
const LOST: BlockReading = { ...CLEAN, isLost: true };

/**
 * Follows the header blocks of one direction of a connection (RFC 7541), each whole and in order. It looks at how fields are
 * represented, into `:scheme`, and into `indexedOnce` fields that enter the table; other values it steps over.
 *
 * A `:scheme` of `https:` or `http:` is repaired by a literal without the colon. Where the sender keeps that in its table, the
 * receiver then keeps an entry one byte smaller: it may keep its oldest entries for longer than the sender does, never shorter,
 * and entries are counted from the newest. So every index the sender uses means the same to both.
 */
export function hpackFollower(options: FollowerOptions): (bytes: Buffer, from: number, to: number) => BlockReading {
  const table = hpackTable(INITIAL_TABLE_SIZE);
  /** Fields of `indexedOnce` that have not come a second time, and the value they came with first. */
  const onceMore = new Set(options.indexedOnce);
  const firstValues = new Map<string, string>();
  const largestTable = Math.max(INITIAL_TABLE_SIZE, options.headerTableSize);
  let isLost = false;
  // The cursor of the block that is being read. An integer or string that cannot be read puts it beyond the end.
  let block: Buffer = Buffer.alloc(0);
  let at = 0;
  let end = 0;
  // The string read last.
  let isHuffman = false;
  let stringFrom = 0;

  return (bytes, from, to) => {
    if (isLost) return LOST;
    block = bytes;
    at = from;
    end = to;
    const reading = readBlock();
    isLost = reading.isLost;
    return reading;
  };

  function readBlock(): BlockReading {
    let reading = CLEAN;
    while (at < end) {
      const first = block[at]!;
      if (first >= 0x80) {
        // Indexed (RFC 7541 section 6.1).
        const index = readInteger(0x7f);
        if (at > end || table.nameAt(index) === undefined) return LOST;
        const malformedScheme = table.entryAt(index)?.malformedScheme;
        if (malformedScheme !== undefined) reading = { ...reading, malformedScheme };
      } else if ((first & 0xe0) === 0x20) {
        // A new size of the table (section 6.3).
        const size = readInteger(0x1f);
        if (at > end || size > largestTable) return LOST;
        table.resize(size);
      } else {
        reading = readLiteral(reading, first >= 0x40);
        if (reading.isLost) return LOST;
      }
    }
    return reading;
  }

  /** A literal with incremental indexing (section 6.2.1), without or never indexed (6.2.2, 6.2.3). */
  function readLiteral(before: BlockReading, isIndexing: boolean): BlockReading {
    const nameIndex = readInteger(isIndexing ? 0x3f : 0x0f);
    if (at > end) return LOST;
    let name: string | undefined;
    if (nameIndex > 0) name = table.nameAt(nameIndex);
    else {
      readString();
      if (at <= end) name = stringText();
    }
    if (name === undefined) return LOST;
    const valueFrom = at;
    readString();
    if (at > end) return LOST;

    let reading = before;
    let malformedScheme: string | undefined;
    if (name === ":scheme") {
      const scheme = stringText();
      if (scheme === undefined) return LOST;
      if (scheme === "https:" || scheme === "http:") {
        malformedScheme = scheme;
        const replacement = Buffer.from(`${String.fromCharCode(scheme.length - 1)}${scheme.slice(0, -1)}`, "latin1");
        const repairs = [...reading.repairs, { from: valueFrom, to: at, replacement }];
        reading = { ...reading, malformedScheme, repairs };
      }
    }
    if (!isIndexing) return reading;
    const valueLength = isHuffman ? huffmanDecodedLength(block, stringFrom, at) : at - stringFrom;
    if (valueLength < 0) return LOST;
    table.add(name, valueLength, malformedScheme);
    if (options.neverIndexed.has(name)) reading = { ...reading, indexed: [...reading.indexed, name] };
    if (onceMore.has(name) && isReindexed(name)) reading = { ...reading, reindexed: [...reading.reindexed, name] };
    return reading;
  }

  /** Whether the field came with another value before; it is not looked at any more if so. The value is the string read last. */
  function isReindexed(name: string): boolean {
    const value = stringText() ?? "";
    const first = firstValues.get(name);
    if (first === undefined) firstValues.set(name, value);
    if (first === undefined || first === value) return false;
    onceMore.delete(name);
    firstValues.delete(name);
    return true;
  }

  /** An integer after the bits of its representation (section 5.1). */
  function readInteger(prefix: number): number {
    let value = block[at++]! & prefix;
    if (value < prefix) return value;
    for (let shift = 0; at < end && value <= MAX_INTEGER; shift += 7) {
      const byte = block[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    at = end + 1;
    return 0;
  }

  /** Steps over a string (section 5.2). */
  function readString(): void {
    if (at >= end) {
      at = end + 1;
      return;
    }
    isHuffman = block[at]! >= 0x80;
    const length = readInteger(0x7f);
    stringFrom = at;
    at += length;
  }

  function stringText(): string | undefined {
    if (isHuffman) return huffmanDecode(block, stringFrom, at);
    return block.toString("latin1", stringFrom, at);
  }
}
