/**
 * Works through what `next` gives, at most `size` at once, until it gives undefined to every worker. When one piece of work
 * throws, no more is begun; the error is thrown once what was under way is over.
 */
export async function pool<T>(
  size: number,
  next: () => T | undefined,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (errors.length === 0) {
      const item = next();
      if (item === undefined) return;
      try {
        await work(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, size) }, worker));
  if (errors.length > 0) throw errors[0];
}
