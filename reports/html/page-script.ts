/** Filters the requirements; without it the page shows them all. The page's policy lets this very text run and no other. */
export const pageScript = `
"use strict";
(() => {
  const rows = [...document.querySelectorAll("#requirements > details")];
  const buttons = [...document.querySelectorAll("#filter button")];
  const words = document.getElementById("words");
  let kind = "";
  const apply = () => {
    const wanted = words.value.toLowerCase().split(" ").filter((word) => word !== "");
    let shown = 0;
    for (const row of rows) {
      const text = row.querySelector("summary").textContent.toLowerCase();
      const fits = (kind === "" || row.dataset.kind === kind) && wanted.every((word) => text.includes(word));
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    document.getElementById("none").hidden = shown > 0;
    document.getElementById("shown").textContent = shown + " of " + rows.length + " requirements";
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      kind = button.dataset.kind;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      apply();
    });
  }
  words.addEventListener("input", apply);
  document.getElementById("filter").hidden = false;
})();
`;
