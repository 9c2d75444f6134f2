// Settling by keyboard: choose, name the reason, save, next. Without this file every difference is a plain form.
document.documentElement.classList.add("js");
const differences = [...document.querySelectorAll(".difference")];
const writing = (element) => element.matches?.("input:not([type=radio]), textarea, select") ?? false;
let here = -1;

function moveTo(number) {
  if (!differences.length) return;
  here = Math.max(0, Math.min(number, differences.length - 1));
  differences.forEach((one, n) => one.classList.toggle("here", n === here));
  const chosen = differences[here].querySelector("input[name=choice]:checked, input[name=choice]");
  chosen.focus({ preventScroll: true });
  differences[here].scrollIntoView({ block: "nearest" });
}

function goOn() {
  const next = differences.findIndex((one, n) => n > here && !one.classList.contains("done"));
  if (next >= 0) return moveTo(next);
  const first = differences.findIndex((one) => !one.classList.contains("done"));
  if (first >= 0) return moveTo(first);
  const button = document.getElementById("settle-button");
  document.getElementById("settle-wait")?.remove();
  if (button) button.disabled = false;
  button?.focus();
  return undefined;
}

function tell(form, words) {
  const fault = form.querySelector(".fault");
  fault.textContent = words;
  fault.hidden = !words;
}

function sayChoice(form) {
  const chosen = form.querySelector("input[name=choice]:checked");
  const section = form.closest(".difference");
  const values = section.querySelectorAll(".value");
  const words = { a: values[0].textContent, b: values[1].textContent, counts: "it counts", not: "it does not count" };
  return words[chosen.value] ?? (form.elements.other.value.trim() || "the article does not say");
}

async function save(form) {
  tell(form, "");
  const body = new URLSearchParams(new FormData(form));
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, headers: { "x-asked-by": "script", "hx-request": "true" } });
  } catch {
    tell(form, "The desk does not answer, so this is not saved. Try again when the connection is back.");
    return;
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({ told: "This could not be saved." }));
    tell(form, told.told);
    return;
  }
  const section = form.closest(".difference");
  section.classList.add("done");
  const status = section.querySelector(".settled-as");
  const strong = document.createElement("strong");
  const small = document.createElement("small");
  strong.textContent = "Settled:";
  small.textContent = form.elements.reason.value;
  status.replaceChildren(strong, ` ${sayChoice(form)} `, small);
  document.getElementById("left").textContent = differences.filter((one) => !one.classList.contains("done")).length;
  goOn();
}

function nextReason(select) {
  select.selectedIndex = (select.selectedIndex % (select.options.length - 1)) + 1;
}

for (const one of differences) {
  const form = one.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(form);
  });
  one.addEventListener("focusin", () => {
    here = differences.indexOf(one);
    differences.forEach((other) => other.classList.toggle("here", other === one));
  });
  form.querySelector("input[name=other]")?.addEventListener("input", (event) => {
    if (event.target.value) form.querySelector("input[value=other]").checked = true;
  });
}

// The workbench opens at the field, with the reason that is chosen here.
function goElsewhere(link) {
  const to = new URL(link.href);
  const reason = differences[here].querySelector("select[name=reason]").value;
  if (reason) to.searchParams.set("why", reason);
  window.location.assign(to);
}

const choose = (key) => {
  const link = differences[here]?.querySelector(`a[data-key="${key}"]`);
  if (link) return goElsewhere(link);
  const radio = differences[here]?.querySelector(`input[data-key="${key}"]`);
  if (!radio) return undefined;
  radio.closest("details")?.setAttribute("open", "");
  radio.checked = true;
  radio.focus({ preventScroll: true });
  if (key === "o") differences[here].querySelector("input[name=other]").focus();
  return undefined;
};
const moves = {
  "[": () => choose("["),
  "]": () => choose("]"),
  o: () => choose("o"),
  r: () => here >= 0 && nextReason(differences[here].querySelector("select[name=reason]")),
  d: () => {
    const select = differences[here]?.querySelector("select[name=drop]");
    if (select) nextReason(select);
  },
  j: () => moveTo(here + 1),
  k: () => moveTo(here - 1),
  Enter: () => differences[here]?.querySelector("form").requestSubmit(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writing(event.target)) return;
  if (event.key === "Enter" && event.target.matches?.("a, button, summary")) return;
  const act = moves[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

const wanted = differences.findIndex((one) => !one.classList.contains("done"));
if (wanted >= 0 && !location.hash) moveTo(wanted);
else if (wanted >= 0) moveTo(Math.max(0, differences.findIndex((one) => `#${one.id}` === decodeURIComponent(location.hash))));
