/* What is being written is not lost: kept on this device until the server has it, and where the form
   says an address for drafts, saved there while one writes. The page works without this file. */
(() => {
  'use strict';
  const form = document.querySelector('form[data-keeps]');
  if (!form) return;
  // By user and page: a shared device shows nobody what somebody else wrote.
  const key = `teikyaku.text.${form.dataset.keeps}.${location.pathname}`;
  // The page's own, and what the server keeps: drafts, papers that were chosen.
  const OWN = ['csrfmiddlewaretoken', 'draft', 'version', 'save_draft', 'paper'];
  const PAUSE = 2000;
  const status = form.querySelector('[data-keep-status]');
  const offer = form.querySelector('[data-keep-offer]');
  const { draft, version } = form.elements;
  let timer, isSending = false, isStopped = false, waiting = null;

  // Passwords and files never stay on a device.
  const isKept = (name) => !OWN.includes(name) && !form.querySelector(`:is([type=password], [type=file])[name="${CSS.escape(name)}"]`);
  const typed = () => {
    const found = {};
    for (const [name, value] of new FormData(form)) if (isKept(name)) (found[name] ??= []).push(value);
    return found;
  };
  const inputs = (name) => [...form.elements].filter((field) => field.name === name);
  // What the page does not show as it was written; hidden fields alone are nobody's writing.
  const missing = (fields) => {
    const shown = typed();
    return [...new Set([...Object.keys(fields), ...Object.keys(shown)])].filter((name) => {
      const [was, is] = [fields[name] ?? [], shown[name] ?? []].map((values) => values.filter(Boolean).join('\n'));
      return was !== is && !inputs(name).some((field) => field.type === 'hidden');
    });
  };
  const read = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const wipe = () => { try { localStorage.removeItem(key); } catch { /* private window */ } };
  const tell = (text) => { if (status.textContent !== text) status.textContent = text; };
  const write = (more) => {
    if (waiting) return;  // what waits from before is not written over until it was decided on
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: typed(), ...more })); } catch { /* full, or private */ }
  };
  const clock = () => new Intl.DateTimeFormat('ja', { hour: 'numeric', minute: '2-digit', timeZone: 'Asia/Tokyo' }).format();

  const fill = (fields) => {
    for (const field of form.elements) {
      if (!field.name || !isKept(field.name)) continue;
      const values = fields[field.name] ?? [];
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = values.includes(field.value);
      else if (field.type === 'select-multiple') for (const option of field.options) option.selected = values.includes(option.value);
      else if (values.length) [field.value] = values;
      if (values.some(Boolean)) field.closest('details')?.setAttribute('open', '');
    }
  };
  // Lines that had been added to the form come back through the button that adds one.
  const grow = (fields) => {
    const more = form.querySelector('[data-keep-more]');
    const absent = more ? Object.keys(fields).filter((name) => fields[name].some(Boolean) && !inputs(name).length) : [];
    for (const name of absent) for (const value of fields[name]) {
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    }
    if (absent.length) form.requestSubmit(more);
  };

  const answered = async (response, sent) => {
    if (response.type === 'opaqueredirect' || response.status === 403) { tell(status.dataset.signedOut); return; }
    if (response.status === 409 || response.status === 410) {
      isStopped = true;  // both stay; the next press of a button shows them side by side
      tell((await response.json()).error);
      return;
    }
    if (!response.ok) throw new Error(response.status);
    const answer = await response.json();
    if (!answer.draft) return;
    draft.value = answer.draft;
    version.value = answer.version;
    if (!waiting && JSON.stringify(typed()) === sent) wipe();
    tell(`${status.dataset.saved}　${clock()}`);
  };

  const send = async () => {
    clearTimeout(timer);
    if (isStopped) return;
    if (!form.dataset.draftUrl) { tell(status.dataset.local); return; }
    if (isSending) { timer = setTimeout(send, PAUSE); return; }
    isSending = true;
    const sent = JSON.stringify(typed());
    try {
      const response = await fetch(form.dataset.draftUrl, { method: 'POST', body: new FormData(form), redirect: 'manual' });
      await answered(response, sent);
    } catch {
      tell(status.dataset.offline);
    } finally {
      isSending = false;
    }
  };

  const kept = read();
  if (kept && kept.sent && 'keepBack' in form.dataset) write();  // it came back as it was sent, and is not stored yet
  else if (kept && missing(kept.fields).length) {
    waiting = kept.fields;
    const texts = missing(waiting).flatMap((name) => waiting[name] ?? []).filter((text) => text !== 'on');
    const longest = texts.reduce((most, text) => (text.length > most.length ? text : most), '');
    offer.querySelector('[data-keep-text]').textContent = longest.slice(0, 120);
    offer.hidden = false;
  } else wipe();
  form.querySelector('[data-keep-take]').addEventListener('click', () => {
    const taken = waiting;
    fill(taken);
    waiting = null;
    offer.hidden = true;
    write();
    send();
    grow(taken);
  });
  form.querySelector('[data-keep-drop]').addEventListener('click', () => {
    waiting = null;
    offer.hidden = true;
    wipe();
  });

  form.addEventListener('input', () => {
    write();
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  });
  window.addEventListener('online', send);
  // app.js wipes it on the page that says that it is stored.
  form.addEventListener('submit', (event) => {
    // Without a network the browser would show its own error page instead of what was written.
    if (!navigator.onLine) { event.preventDefault(); write(); tell(status.dataset.offline); status.scrollIntoView({ block: 'center' }); return; }
    isStopped = true; clearTimeout(timer); write({ sent: true });
  });
})();
