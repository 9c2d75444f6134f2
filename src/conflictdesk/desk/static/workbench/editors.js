// The editors of the fields, all by keyboard: type, arrows, Enter keeps, Esc leaves it as it was.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { keepValue, leaveEditor } from "./acts.js";
import { codebook, editing, fetchJson, held, incidents, preview } from "./desk.js";
import { BASES, KINDS, PLACE_KINDS, PLACE_PRECISION, TITLES, readDates, readEstimate, sayPlace, writeDates, writeEstimate } from "./words.js";

export function Editor({ name, incident: id }) {
  const incident = incidents.value.find((i) => i.id === id);
  const { value } = incident.fields[name];
  const Kind = { event_type: TypeEditor, date: DateEditor, place: PlaceEditor, actor1: ActorEditor, actor2: ActorEditor, deaths: NumberEditor, injured: NumberEditor, civilian_targeting: YesNoEditor, attribution: BlameEditor, note: NoteEditor }[name];
  return html`<${Kind} name=${name} value=${value ?? incident.fields[name].suggestion} incident=${incident} spans=${editing.value?.spans} />`;
}

// Leaving by the mouse keeps nothing; Esc likewise. Focus inside the editor stays there.
function onLeave(event) {
  const box = event.currentTarget;
  if (box.contains(event.relatedTarget)) return;
  setTimeout(() => {
    if (box.isConnected && document.hasFocus() && !box.contains(document.activeElement)) leaveEditor();
  });
}

function Line({ name, text, read, hint }) {
  const input = useRef(null);
  const [typed, setTyped] = useState(text);
  const [tried, setTried] = useState(false);
  useLayoutEffect(() => { input.current.focus(); input.current.select(); }, []);
  const { value, told } = read(typed);
  return html`<span class="editor" onFocusOut=${onLeave}>
    <input ref=${input} value=${typed} aria-label=${TITLES[name]} aria-describedby="editor-hint" aria-invalid=${tried && value === null ? "true" : undefined} autocomplete="off" spellcheck="false"
      onInput=${(event) => { setTyped(event.target.value); setTried(false); }}
      onKeyDown=${(event) => {
        if (event.isComposing) return;
        if (event.key === "Escape") leaveEditor();
        else if (event.key === "Enter" && !event.ctrlKey && value !== null) keepValue(value);
        else if (event.key === "Enter" && !event.ctrlKey) setTried(true);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }} />
    <span id="editor-hint" class=${`hint-line${tried && value === null ? " wrong" : ""}`} aria-live="polite">${told}${hint ? ` · ${hint}` : ""}</span></span>`;
}

function DateEditor({ name, value }) {
  const published = held.value.article.published_on;
  return html`<${Line} name=${name} text=${writeDates(value)} read=${(typed) => readDates(typed, published)} />`;
}

function NumberEditor({ name, value }) {
  return html`<${Line} name=${name} text=${writeEstimate(value)} read=${readEstimate} />`;
}

// A search with a list: `search(text)` gives options [{ label, more, value }], at once or later.
function Choice({ name, text = "", search, pick, show, label, hint, onTab, first = true }) {
  const input = useRef(null);
  const list = useRef(null);
  const [typed, setTyped] = useState(text);
  const [options, setOptions] = useState([]);
  const [at, setAt] = useState(0);
  const asked = useRef(0);
  const [told, setTold] = useState("");
  const shown = useRef(null); // the words that the options answer
  const wanted = useRef(null); // Enter or Tab came before its options
  const look = (words, touched) => {
    const turn = (asked.current += 1);
    const found = search(words, touched);
    const settle = (result) => {
      if (turn !== asked.current) return;
      shown.current = words;
      const act = wanted.current;
      wanted.current = null;
      if (act && result.length) return act(result[0]);
      setOptions(result);
      setAt(0);
      setTold(result.length ? `${result.length} to choose from` : "nothing found");
    };
    if (typeof found?.then === "function") found.then(settle).catch((error) => { settle([]); setTold(`No search just now: ${error.message}`); });
    else settle(found);
  };
  useLayoutEffect(() => {
    if (first) { input.current.focus(); input.current.select(); }
    look(text, false);
  }, []);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
    show?.(options[at] ?? null, options);
  }, [at, options]);
  const timer = useRef(null);
  const onInput = (event) => {
    const words = event.target.value;
    setTyped(words);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => look(words, true), 60);
  };
  // What is typed may be newer than the list: then the first of the new list is meant, never one of the old.
  const take = (act) => {
    const words = input.current.value;
    if (shown.current === words) return options[at] ? act(options[at]) : setTold("Nothing is chosen");
    clearTimeout(timer.current);
    wanted.current = act;
    look(words, true);
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") setAt((n) => Math.min(n + 1, options.length - 1));
    else if (event.key === "ArrowUp") setAt((n) => Math.max(n - 1, 0));
    else if (event.key === "Escape") leaveEditor();
    else if (event.key === "Enter" && !event.ctrlKey) take(pick);
    else if (event.key === "Tab" && !event.shiftKey && onTab) take(onTab);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<span class="choice">
    <input ref=${input} role="combobox" aria-expanded=${options.length ? "true" : "false"} aria-controls=${`list-${name}`} aria-autocomplete="list" aria-activedescendant=${options[at] ? `option-${name}-${at}` : undefined}
      aria-label=${label ?? TITLES[name]} value=${typed} autocomplete="off" spellcheck="false" onInput=${onInput} onKeyDown=${onKeyDown} />
    <span class="drop-down"><span class="unseen" role="status">${told}</span>
    <ul id=${`list-${name}`} role="listbox" aria-label=${`${label ?? TITLES[name]}: choices`} ref=${list}>
      ${options.map((option, n) => html`<li key=${n} id=${`option-${name}-${n}`} role="option" aria-selected=${n === at ? "true" : "false"} onMouseDown=${(event) => { event.preventDefault(); pick(option); }} onMouseEnter=${() => setAt(n)}>
        <span>${option.label}</span>${option.more ? html` <small>${option.more}</small>` : null}</li>`)}
    </ul>${options.length ? null : html`<p class="hint-line">${told || "looking…"}</p>`}${hint ? html`<p class="hint-line">${hint}</p>` : null}</span></span>`;
}

const holds = (words, text) => words.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word));

function TypeEditor({ name, value }) {
  const search = (typed, touched) => {
    const all = codebook.types.map((type) => ({ label: type.name, more: type.event_type, value: type.name, type }));
    if (!touched) return value ? [...all.filter((o) => o.value === value), ...all.filter((o) => o.value !== value)] : all;
    const starts = (o) => o.label.toLowerCase().startsWith(typed.toLowerCase());
    return all.filter((o) => holds(typed, `${o.label} ${o.more}`)).sort((a, b) => starts(b) - starts(a));
  };
  return html`<span class="editor" onFocusOut=${onLeave}><${Choice} name=${name} text=${value ?? ""} search=${search} show=${(option) => { preview.value = option && { type: option.value }; }} pick=${(option) => keepValue(option.value)} /></span>`;
}

const placeOptions = ({ places }) => places.map((place) => ({ label: sayPlace(place), more: [place.kind === "town" ? "" : PLACE_KINDS[place.kind], place.population ? `${place.population.toLocaleString("en")} people` : ""].filter(Boolean).join(", "), value: place }));

function PlaceEditor({ name, value, incident }) {
  const [chosen, setChosen] = useState(null);
  const precise = useRef(null);
  useLayoutEffect(() => { if (chosen) precise.current.focus(); }, [chosen]);
  const search = async (typed) => {
    const asked = new URLSearchParams({ q: typed || value?.name || "" });
    const home = incident.fields.place.suggestion?.iso3 ?? value?.iso3;
    if (home) asked.set("near", home);
    if (!asked.get("q")) return [];
    return placeOptions(await fetchJson(`/desk/api/places?${asked}`)).concat(await freePlaces(asked.get("q"), value));
  };
  const keep = (place, precision) => keepValue({ ...place, precision: Number(precision) });
  if (chosen) {
    return html`<span class="editor" onFocusOut=${onLeave}><select ref=${precise} aria-label="How near" onKeyDown=${(event) => {
      if (event.key === "Enter") keep(chosen, event.target.value);
      else if (event.key === "Escape") leaveEditor();
      else if (/^[1-4]$/.test(event.key)) event.target.value = event.key;
      else return;
      event.preventDefault();
      event.stopPropagation();
    }}>${Object.entries(PLACE_PRECISION).map(([code, words]) => html`<option value=${code} selected=${Number(code) === chosen.precision}>${code} ${words}</option>`)}</select>
    <span class="hint-line">${sayPlace(chosen)} · 1 to 4 or arrows, Enter keeps</span></span>`;
  }
  return html`<span class="editor" onFocusOut=${onLeave}><${Choice} name=${name} text=${value?.name ?? ""} search=${search} onTab=${(option) => setChosen(option.value)}
    show=${(option, options) => { preview.value = { places: options.map((o) => o.value), at: options.indexOf(option) }; }} pick=${(option) => keepValue(option.value)}
    hint="Enter keeps · Tab says how near · a comma gives the country of a place that no list knows: “Tel Hamra, Iraq”" /></span>`;
}

// A place that no list knows, in the country that is typed after a comma, else in the incident's own.
async function freePlaces(typed, value) {
  const [, name, country] = /^(.*?)(?:,\s*([^,]+))?$/.exec(typed.trim());
  if (!name) return [];
  const make = (land) => ({ name, kind: "town", country: land.country, iso3: land.iso3, admin1: null, admin2: null, latitude: null, longitude: null, precision: 1, gazetteer_id: null, population: 0, radius_km: null });
  const lands = country ? codebook.countries.filter((land) => land.country.toLowerCase().startsWith(country.toLowerCase())).slice(0, 3) : value?.iso3 ? [{ country: value.country, iso3: value.iso3 }] : [];
  return lands.map((land) => ({ label: `“${name}” in ${land.country}`, more: "in no list of places; it has no point on the map", value: make(land) }));
}

function ActorEditor({ name, value, incident }) {
  const search = async (typed) => {
    const country = incident.fields.place.value?.iso3 ?? "";
    const asked = new URLSearchParams({ q: typed || value?.name || "", country });
    const { actors } = await fetchJson(`/desk/api/actors?${asked}`);
    const found = actors.map((actor) => ({ label: actor.name, more: [actor.kind, actor.matched && `also “${actor.matched}”`, actor.used ? `in ${actor.used} ${actor.used === 1 ? "event" : "events"}` : ""].filter(Boolean).join(" · "), value: { name: actor.name, kind: actor.kind, country: actor.country } }));
    const known = found.some((o) => o.label.toLowerCase() === typed.trim().toLowerCase());
    const own = incident.fields.place.value?.country ?? null;
    if (typed.trim().length < 3 || known) return found;
    return found.concat(KINDS.map((kind) => ({ label: `“${typed.trim()}”`, more: `a new name: ${kind}`, value: { name: typed.trim(), kind, country: own } })));
  };
  return html`<span class="editor" onFocusOut=${onLeave}><${Choice} name=${name} text=${value?.name ?? ""} search=${search} show=${(option) => { preview.value = option && { actor: option.value }; }} pick=${(option) => keepValue(option.value)} /></span>`;
}

function YesNoEditor({ name, value }) {
  const all = [{ label: "yes", more: "civilians are the main target", value: true }, { label: "no", more: "", value: false }];
  const search = (typed, touched) => (touched ? all.filter((o) => o.label.startsWith(typed.toLowerCase())) : value === false ? all.toReversed() : all);
  return html`<span class="editor" onFocusOut=${onLeave}><${Choice} name=${name} search=${search} pick=${(option) => keepValue(option.value)} /></span>`;
}

function BlameEditor({ value, incident }) {
  const first = useRef(null);
  const parties = ["actor1", "actor2"].map((name) => incident.fields[name].value?.name).filter(Boolean);
  const [blame, setBlame] = useState(value ?? { actor: parties[0] ?? null, by: null, basis: "reported" });
  useLayoutEffect(() => { first.current.focus(); }, []);
  const set = (part) => (event) => setBlame({ ...blame, [part]: event.target.value.trim() ? event.target.value : null });
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") leaveEditor();
    else if (event.key === "Enter" && !event.ctrlKey) keepValue({ actor: blame.actor?.trim() || null, by: blame.by?.trim() || null, basis: blame.basis });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<span class="editor blame" onFocusOut=${onLeave} onKeyDown=${onKeyDown}>
    <label>Basis <select ref=${first} value=${blame.basis} onChange=${set("basis")}>${Object.entries(BASES).map(([basis, words]) => html`<option value=${basis} selected=${basis === blame.basis}>${basis}: ${words}</option>`)}</select></label>
    <label>Who <input value=${blame.actor ?? ""} list="parties" onInput=${set("actor")} /></label>
    <label>Says who <input value=${blame.by ?? ""} onInput=${set("by")} placeholder="the article itself" /></label>
    <datalist id="parties">${parties.map((party) => html`<option value=${party}></option>`)}</datalist>
    <span class="hint-line">Tab moves on, Enter keeps. As reported, never our own finding.</span></span>`;
}

function NoteEditor({ value }) {
  const input = useRef(null);
  useLayoutEffect(() => { input.current.focus(); }, []);
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") leaveEditor();
    else if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && input.current.value.trim()) keepValue(input.current.value.trim());
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<span class="editor" onFocusOut=${onLeave}><textarea ref=${input} rows="2" aria-label="Note" dir="auto" maxlength="2000" onKeyDown=${onKeyDown}>${value ?? ""}</textarea><span class="hint-line">Enter keeps, Shift-Enter is a new line</span></span>`;
}
