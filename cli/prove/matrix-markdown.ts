import { requirements } from "../../scenarios/catalogue.ts";
import { faults } from "../../scenarios/faults/faults.ts";

/** The kill matrix as the documentation shows it: what `ringtrue prove` plays, and what must come out. */
export function matrixMarkdown(): string {
  const rows = requirements.flatMap(({ id, level, title }) =>
    faults
      .filter(({ breaks }) => breaks === id)
      .map(
        ({ name, reference, mismatch }) =>
          `| \`${id}\` | ${level} | ${title.replaceAll("|", "\\|")} | \`${name}\` | ${reference} | \`${mismatch}\` |`,
      ),
  );
  return `# The kill matrix

\`ringtrue prove\` plays each fault by its witness plan against the reference target that carries it. The requirement must fail, as
named, and nothing else may fail that the fault does not declare. It also plays every witness plan against the conforming
targets, three servers and two clients, which must draw no fail, and against lazy ones, which must pass no must.

| requirement | level | what must hold | fault | target | fails as |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}
