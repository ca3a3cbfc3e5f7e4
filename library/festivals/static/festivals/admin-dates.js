/* Shows the dates of the rule while it is entered. */

const names = ["calendar", "month", "day", "length", "leap"];
let latest = 0;

async function refresh(box, form) {
  const mine = (latest += 1);
  const query = new URLSearchParams();
  for (const name of names) {
    const field = form.elements[`rule_${name}`];
    if (field) query.set(name, field.value);
  }
  const response = await fetch(`${box.dataset.festivalDates}?${query}`, { credentials: "same-origin" });
  if (response.ok && mine === latest) box.innerHTML = await response.text();
}

document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("[data-festival-dates]");
  const form = box && box.closest("form");
  if (!form) return;
  form.addEventListener("change", (event) => {
    if (event.target.name && event.target.name.startsWith("rule_")) refresh(box, form);
  });
});
