// The child's side of `vendor-program.ts`: runs what the test asks for by name, and answers with plain data.
export function serveCalls(functions) {
  const answer = async ({ id, name, args }) => {
    try {
      process.send({ id, value: await functions[name](...args) });
    } catch (error) {
      process.send({ id, error: error instanceof Error ? error.stack : JSON.stringify(error) });
    }
  };
  process.on("message", (call) => void answer(call));
  process.on("disconnect", () => process.exit(0));
}
