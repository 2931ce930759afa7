/** Bits of the code of each byte, and last of EOS (RFC 7541 appendix B). The code is canonical: its lengths are all of it. */
// oxfmt-ignore
const CODE_LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];
const EOS = 256;
const LONGEST = 30;

/**
 * A state is a node inside the code tree. Half a byte moves from one to the next and completes one symbol at most, since the
 * shortest code has five bits. Both tables are read at `state * 16 + half byte`.
 */
const NEXT = new Int16Array(EOS * 16);
const SYMBOL = new Int16Array(EOS * 16);
const NONE = -1;
const INVALID = -2;
fillTables();

/** How many bytes a Huffman coded string has once it is decoded; -1 where it cannot be. */
export function huffmanDecodedLength(bytes: Uint8Array, from: number, to: number): number {
  let state = 0;
  let length = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!;
    const high = (state << 4) | (byte >> 4);
    const low = (NEXT[high]! << 4) | (byte & 0x0f);
    const [first, second] = [SYMBOL[high]!, SYMBOL[low]!];
    if (first === INVALID || second === INVALID) return -1;
    if (first !== NONE) length += 1;
    if (second !== NONE) length += 1;
    state = NEXT[low]!;
  }
  return length;
}

/** Decodes a Huffman coded string, one character per byte; undefined where it cannot be. */
export function huffmanDecode(bytes: Uint8Array, from: number, to: number): string | undefined {
  let state = 0;
  let text = "";
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!;
    for (const half of [byte >> 4, byte & 0x0f]) {
      const step = (state << 4) | half;
      const symbol = SYMBOL[step]!;
      if (symbol === INVALID) return undefined;
      if (symbol !== NONE) text += String.fromCharCode(symbol);
      state = NEXT[step]!;
    }
  }
  return text;
}

/** Each symbol with its code, shortest first and in the order of the symbols within a length: how a canonical code counts. */
export function huffmanCodes(): readonly { readonly symbol: number; readonly code: number; readonly bits: number }[] {
  const codes: { readonly symbol: number; readonly code: number; readonly bits: number }[] = [];
  let code = 0;
  for (let bits = 1; bits <= LONGEST; bits += 1) {
    for (let symbol = 0; symbol <= EOS; symbol += 1) {
      if (CODE_LENGTHS[symbol] === bits) codes.push({ symbol, code: code++, bits });
    }
    code *= 2;
  }
  return codes;
}

function fillTables(): void {
  // Children of each node: another node (0 and up), a symbol (-1 - symbol), or nothing yet.
  const tree: [number | undefined, number | undefined][] = [[undefined, undefined]];
  for (const { symbol, code, bits } of huffmanCodes()) {
    let node = 0;
    for (let left = bits - 1; left >= 0; left -= 1) {
      const side = Math.floor(code / 2 ** left) % 2 === 0 ? 0 : 1;
      if (left === 0) {
        tree[node]![side] = -1 - symbol;
        continue;
      }
      const child = tree[node]![side] ?? tree.push([undefined, undefined]) - 1;
      tree[node]![side] = child;
      node = child;
    }
  }
  for (let state = 0; state < tree.length; state += 1) {
    for (let half = 0; half < 16; half += 1) {
      let node = state;
      let symbol = NONE;
      for (let bit = 3; bit >= 0; bit -= 1) {
        const child = tree[node]![(half >> bit) & 1 ? 1 : 0] ?? 0;
        if (child < 0) symbol = child === -1 - EOS ? INVALID : -1 - child;
        node = Math.max(child, 0);
      }
      NEXT[state * 16 + half] = node;
      SYMBOL[state * 16 + half] = symbol;
    }
  }
}
