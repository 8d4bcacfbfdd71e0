"use strict";
// Refreshes the page, and sends its forms without leaving it. The page works without this.

const live = document.getElementById("live");
const connection = document.getElementById("connection");

// Makes a part of the page equal to its new version, and leaves alone what a person has opened or typed into.
function morph(old, now) {
  if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName || (old.id || "") !== (now.id || "")) {
    old.replaceWith(now);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== now.data) old.data = now.data;
    return;
  }
  if (old.dataset.touched !== undefined || old.tagName === "OUTPUT") return;
  for (const { name } of [...old.attributes]) {
    const isOfThePerson = name === "open" || name === "hidden" || name === "disabled";
    if (!now.hasAttribute(name) && !isOfThePerson) old.removeAttribute(name);
  }
  for (const { name, value } of now.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  morphChildren(old, now);
}

function morphChildren(old, now) {
  let place = old.firstChild;
  for (const wanted of [...now.childNodes]) {
    const same = wanted.id && [...old.children].find((child) => child.id === wanted.id);
    if (same && same !== place) {
      // What is before it was deleted or comes later.
      old.insertBefore(same, place);
      place = same;
    }
    if (!place || (wanted.id && !same) || (place.id && place.id !== wanted.id)) {
      old.insertBefore(wanted, place);
      continue;
    }
    const next = place.nextSibling;
    morph(place, wanted);
    place = next;
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

// A text that stays the same is not set again, as screen readers would read it every second.
function say(text, className) {
  if (connection.textContent !== text) connection.textContent = text;
  connection.className = className;
}

async function refresh() {
  try {
    const response = await fetch("/_page/live");
    if (!response.ok) throw new Error(response.statusText);
    const now = live.cloneNode(false);
    now.innerHTML = await response.text();
    morphChildren(live, now);
    live.querySelectorAll("select[name='action:text']").forEach(showFieldsOfAction);
    say("This page refreshes itself.", "");
  } catch {
    say("The simulator does not answer. This is what was last seen of it.", "bad-text");
  }
}

// Shows the fields that an action of a fault has. A disabled one is not sent.
function showFieldsOfAction(select) {
  for (const label of select.form.querySelectorAll("[data-actions]")) {
    label.hidden = !label.dataset.actions.split(" ").includes(select.value);
    label.querySelector("input").disabled = label.hidden;
  }
}

async function showCurl(form) {
  const response = await fetch("/_page/curl?" + new URLSearchParams(new FormData(form)));
  form.querySelector(".curl").textContent = await response.text();
}

live.addEventListener("input", (event) => {
  const form = event.target.form;
  form.dataset.touched = "";
  if (event.target.name === "action:text") showFieldsOfAction(event.target);
  showCurl(form);
});

live.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const output = form.querySelector("output");
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  output.className = response.ok ? "ok" : "bad";
  output.textContent = response.ok ? "Done." : await response.text();
  if (response.ok) {
    delete form.dataset.touched;
    form.reset();
    setTimeout(() => { output.textContent = ""; }, 3000);
  }
  await refresh();
});

live.querySelectorAll("select[name='action:text']").forEach(showFieldsOfAction);
refresh();
setInterval(() => { if (!document.hidden) refresh(); }, 1000);
