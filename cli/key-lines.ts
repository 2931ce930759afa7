/** Each line of a private key: a report may break it anywhere else. */
export function keyLines(pem: string): readonly string[] {
  return pem.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----"));
}
