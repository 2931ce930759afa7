/** One value in DER (X.690): its tag, what is inside, and how long it is with its header. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly length: number;
}

/** The value at the start of the bytes; undefined where there is none that fits into them. */
export function readDer(bytes: Uint8Array): DerValue | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const isShort = first < 0x80;
  const digits = isShort ? bytes.subarray(1, 2) : bytes.subarray(2, 2 + (first & 0x7f));
  if (!isShort && (digits.length === 0 || digits.length !== (first & 0x7f) || digits.length > 4)) return undefined;
  const size = digits.reduce((sum, digit) => sum * 256 + digit, 0);
  const start = isShort ? 2 : 2 + digits.length;
  if (start + size > bytes.length) return undefined;
  return { tag, content: bytes.subarray(start, start + size), length: start + size };
}

/** The values inside a constructed value, as far as they can be read. */
export function readDerList(content: Uint8Array | undefined): readonly DerValue[] {
  const values: DerValue[] = [];
  let rest = content ?? new Uint8Array();
  for (let value = readDer(rest); value !== undefined; value = readDer(rest)) {
    values.push(value);
    rest = rest.subarray(value.length);
  }
  return values;
}

/** The content of an OBJECT IDENTIFIER in hex, to be compared with. */
export function hexOf(value: DerValue | undefined): string {
  return value === undefined ? "" : Buffer.from(value.content).toString("hex");
}

export function textOf(value: DerValue | undefined): string {
  return value === undefined ? "" : Buffer.from(value.content).toString("utf8");
}
