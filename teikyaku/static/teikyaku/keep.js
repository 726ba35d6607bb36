/* What is being written is not lost: saved to the server while one writes, and kept on this device
   until the server has it. The page works without this file. */
(() => {
  'use strict';
  const form = document.querySelector('form[data-keeps]');
  if (!form) return;
  // By user and page: a shared device shows nobody what somebody else wrote.
  const key = `teikyaku.text.${form.dataset.keeps}.${location.pathname}`;
  const OWN = ['csrfmiddlewaretoken', 'draft', 'version', 'save_draft'];
  const PAUSE = 2000;
  const status = form.querySelector('[data-keep-status]');
  const offer = form.querySelector('[data-keep-offer]');
  const { draft, version } = form.elements;
  let timer, isSending = false, isStopped = false, waiting = null;

  const typed = () => {
    const found = {};
    for (const [name, value] of new FormData(form)) if (!OWN.includes(name)) (found[name] ??= []).push(value);
    return found;
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
      if (!field.name || OWN.includes(field.name)) continue;
      const values = fields[field.name] ?? [];
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = values.includes(field.value);
      else if (values.length) [field.value] = values;
      if (values.some(Boolean)) field.closest('details')?.setAttribute('open', '');
    }
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
  if (kept && JSON.stringify(kept.fields) !== JSON.stringify(typed())) {
    waiting = kept.fields;
    offer.querySelector('[data-keep-text]').textContent = (waiting.notes?.[0] || waiting.agreed?.[0] || '').slice(0, 120);
    offer.hidden = false;
  } else wipe();
  form.querySelector('[data-keep-take]').addEventListener('click', () => {
    fill(waiting);
    waiting = null;
    offer.hidden = true;
    write();
    send();
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
