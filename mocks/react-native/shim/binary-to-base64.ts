/** React Native's `Libraries/Utilities/binaryToBase64`. */
export default function binaryToBase64(data: ArrayBuffer | ArrayBufferView): string {
  const bytes = ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
  return bytes.toString("base64");
}
