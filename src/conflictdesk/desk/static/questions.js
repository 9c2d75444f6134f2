// The pages of questions work without this: it only tells what a bar stands for while the pointer rests on it.
let tip = null;

document.addEventListener("pointerover", (event) => {
  const mark = event.target.closest?.(".chart [aria-label][role=graphics-symbol]");
  if (!mark) {
    tip?.remove();
    tip = null;
    return;
  }
  tip ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "tip" }));
  tip.textContent = mark.getAttribute("aria-label");
  const width = Math.min(tip.offsetWidth, innerWidth);
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 12, innerWidth - width - 8))}px`;
  tip.style.top = `${Math.max(4, event.clientY - tip.offsetHeight - 12)}px`;
});
