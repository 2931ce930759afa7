import type { ShownCall } from "../../../harness/judge/client-view-calls.ts";
import type { ClientCall } from "../../../harness/judge/client-view.ts";

/** The calls a phone showed for a call of the plan, those aside that stand for a push without any key: nobody can tell what they are. */
export function ownCalls({ shown, phone }: ClientCall): readonly ShownCall[] {
  const unreadable = phone.pushes.filter(({ reading }) => reading.isMalformed);
  return shown.filter(
    ({ since }) =>
      !unreadable.some(
        ({ handed, returned }) =>
          handed !== undefined && handed.seq < since.seq && since.seq < (returned?.seq ?? handed.seq),
      ),
  );
}
