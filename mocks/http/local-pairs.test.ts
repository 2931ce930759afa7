import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localPairs, type LocalPairs } from "./local-pairs.ts";

let pairs: LocalPairs;
beforeEach(async () => {
  pairs = await localPairs();
});
afterEach(async () => {
  await pairs.close();
});

/** Resolves with the first bytes that come. */
async function read(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, "data")) as [Buffer];
  return chunk.toString();
}

async function closed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
}

describe("local pairs", () => {
  test("join the two ends that belong together, also when many are asked for at once", async () => {
    const taken = await Promise.all(Array.from({ length: 40 }, async () => pairs.take()));
    const heard = await Promise.all(
      taken.map(async ({ near, far }, index) => {
        near.write(`to ${index}`);
        const there = await read(far);
        far.write(`from ${index}`);
        return [there, await read(near)];
      }),
    );
    expect(heard).toEqual(taken.map((_, index) => [`to ${index}`, `from ${index}`]));
  });

  test("refuse a stranger at once, also one that comes while pairs are made and from another address", async () => {
    const { near } = await pairs.take();
    const port = near.remotePort ?? 0;
    const strangers: Socket[] = [];
    const taken = Array.from({ length: 10 }, async (_, index) => {
      for (const localAddress of ["127.0.0.1", "127.0.0.2"]) {
        const stranger = connect({ host: "127.0.0.1", port, localAddress });
        stranger.on("error", () => {});
        stranger.write("x");
        strangers.push(stranger);
      }
      const pair = await pairs.take();
      pair.near.write(`${index}`);
      return await read(pair.far);
    });
    expect(await Promise.all(taken)).toEqual(taken.map((_, index) => `${index}`));
    await Promise.all(strangers.map(closed));
    expect(strangers.map(({ bytesRead }) => bytesRead)).toEqual(strangers.map(() => 0));
  });

  test("end with the other end", async () => {
    const { near, far } = await pairs.take();
    near.destroy();
    await closed(far);
    expect(far.destroyed).toBe(true);
  });

  test("are all destroyed when they are closed, and none is made afterwards", async () => {
    const taken = [await pairs.take(), await pairs.take()];
    const port = taken[0]?.near.remotePort ?? 0;
    const UNMADE = "a local pair of sockets could not be made";
    const underWay = Promise.allSettled([pairs.take(), pairs.take()]);
    await pairs.close();
    expect((await underWay)[1]).toMatchObject({ status: "rejected", reason: { message: UNMADE } });
    expect(taken.every(({ near, far }) => near.destroyed && far.destroyed)).toBe(true);
    await expect(Promise.all([pairs.take(), pairs.take()])).rejects.toThrow(UNMADE);
    await expect(once(connect({ host: "127.0.0.1", port }), "connect")).rejects.toThrow("ECONNREFUSED");
  });
});
