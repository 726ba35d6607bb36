/* What is being written is not lost: kept on this device until the server has it, and where the form
   says an address for drafts, saved there while one writes. The page works without this file. */
(() => {
  'use strict';
  const form = document.querySelector('form[data-keeps]');
  if (!form) return;
  // By user and page: a shared device shows nobody what somebody else wrote. A form that is sent
  // elsewhere belongs to the page it is sent to.
  // A page that is about other people under another query says whom it is about.
  const about = form.dataset.keepFor ? `~${form.dataset.keepFor}` : '';
  const place = `teikyaku.text.${form.dataset.keeps}.${new URL(form.getAttribute('action') || location.href, location.href).pathname}${about}`;
  const fresh = () => Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36).padStart(7, '0')).join('');
  // Each opening of the page keeps a text of its own: two tabs write over nobody. What came back with
  // errors goes on as the one that was sent.
  let id = form.dataset.keepBack || fresh();
  const key = () => `${place}.${id}`;
  // The page's own, and what the server keeps: drafts, papers that were chosen.
  const OWN = ['csrfmiddlewaretoken', 'draft', 'version', 'save_draft', 'paper', 'kept', 'beside', 'told_day', 'written_page', 'written_turn', 'written_from', 'row'];
  const PAUSE = 2000, PATIENCE = 5000;
  const status = form.querySelector('[data-keep-status]');
  const offer = form.querySelector('[data-keep-offer]'), box = form.querySelector('[data-keep-box]');
  const { draft, version, written_page: page, written_turn: turn, written_from: origin } = form.elements;
  let timer, flight = null, isWaiting = false, isStopped = false, isLeaving = false, isTouched = false;
  // Sent along: the answer names the text that is stored, and app.js forgets that one alone.
  const named = Object.assign(document.createElement('input'), { type: 'hidden', name: 'kept', value: id });
  form.append(named);

  // Passwords and files never stay on a device.
  const isKept = (name) => !OWN.includes(name) && !form.querySelector(`:is([type=password], [type=file])[name="${CSS.escape(name)}"]`);
  const typed = () => {
    const found = {};
    for (const [name, value] of new FormData(form)) if (isKept(name)) (found[name] ??= []).push(value);
    return found;
  };
  // A page of a long list shows some of its rows: what was typed in others waits for their page.
  const isElsewhere = (name) => 'keepRows' in form.dataset && !inputs(name).length;
  const inputs = (name) => [...form.elements].filter((field) => field.name === name);
  // What the page does not show as it was written; hidden fields alone are nobody's writing.
  const missing = (fields) => {
    const shown = typed();
    return [...new Set([...Object.keys(fields), ...Object.keys(shown)])].filter((name) => {
      const [was, is] = [fields[name] ?? [], shown[name] ?? []].map((values) => values.filter(Boolean).join('\n'));
      return was !== is && !inputs(name).some((field) => field.type === 'hidden');
    });
  };
  const read = (of) => { try { return JSON.parse(localStorage.getItem(of)); } catch { return null; } };
  const wipe = (of = key()) => { try { localStorage.removeItem(of); } catch { /* private window */ } };
  const tell = (text) => { if (status.textContent !== text) status.textContent = text; };
  const write = () => {
    try { localStorage.setItem(key(), JSON.stringify({ at: Date.now(), page: page?.value, fields: typed() })); } catch { /* full, or private */ }
  };
  // What waits from before: of other tabs, of a lost session, and of the time before texts had a name.
  const others = () => {
    try { return Object.keys(localStorage).filter((of) => (of === place || of.startsWith(`${place}.`)) && of !== key()); } catch { return []; }
  };
  const clock = (at) => new Intl.DateTimeFormat('ja', { hour: 'numeric', minute: '2-digit', timeZone: 'Asia/Tokyo' }).format(at);

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
    if (answer.emptied) {  // nothing stands in it any more: what is written next is a new one
      draft.value = version.value = '';
      if (JSON.stringify(typed()) === sent) wipe();
      tell('');
    }
    if (!answer.draft) return;
    draft.value = answer.draft;
    version.value = answer.version;
    if (JSON.stringify(typed()) === sent) wipe();
    tell(`${status.dataset.saved}　${clock()}`);
  };

  const post = async () => {
    const sent = JSON.stringify(typed());
    if (turn) turn.value = Date.now();  // a save that comes late writes over none that was sent after it
    try {
      const response = await fetch(form.dataset.draftUrl, { method: 'POST', body: new FormData(form), redirect: 'manual' });
      await answered(response, sent);
    } catch {
      tell(status.dataset.offline);
    } finally {
      flight = null;
    }
  };
  const send = () => {
    clearTimeout(timer);
    if (isStopped || isLeaving) return;
    if (!form.dataset.draftUrl) { tell(status.dataset.local); return; }
    if (flight) { timer = setTimeout(send, PAUSE); return; }
    flight = post();
  };

  const take = (of, { fields, page: from }) => {
    // What was written here meanwhile waits beside, instead of going under.
    const mine = isTouched ? key() : null;
    if (mine) { write(); named.value = id = fresh(); }
    fill(fields);
    isTouched = true;
    // Perhaps that page has become a record, and its answer was lost: the server knows.
    if (origin && from) origin.value = from;
    write();
    if (mine) show(mine, read(mine));
    const rest = Object.entries(fields).filter(([name]) => isElsewhere(name));
    wipe(of);
    if (rest.length) try { localStorage.setItem(of, JSON.stringify({ at: Date.now(), fields: Object.fromEntries(rest) })); } catch { /* full */ }
    send();
    grow(fields);
  };
  // Of choices their words, never their codes.
  const choices = (name) => inputs(name).filter((field) => field.matches('[type=radio], [type=checkbox], select'));
  const words = (name, values) => choices(name).flatMap((field) => (field.matches('select')
    ? [...field.options].filter((option) => values.includes(option.value)).map((option) => option.label)
    : values.includes(field.value) ? [field.closest('label')?.textContent ?? ''] : [])).map((label) => label.replace(/\s+/g, ' ').trim());
  // One box, in it a line for each text: the page brings the first, and more are made like it.
  const leave = (line) => { line.remove(); box.hidden = offer.parentElement.children.length === 1; };
  const show = (of, text) => {
    const fields = text?.fields;
    const names = fields ? missing(fields) : [];
    if (fields && Object.keys(fields).some(isElsewhere) && !names.some((name) => name in fields && !isElsewhere(name))) return;
    if (!names.length) { wipe(of); return; }
    const written = names.filter((name) => !choices(name).length).flatMap((name) => fields[name] ?? []).filter(Boolean);
    const texts = written.length ? written : names.flatMap((name) => words(name, fields[name] ?? []));
    const longest = texts.reduce((most, value) => (value.length > most.length ? value : most), '');
    const line = offer.cloneNode(true);
    line.querySelector('[data-keep-text]').textContent = longest.slice(0, 120);
    line.querySelector('[data-keep-at]').textContent = text.at ? clock(text.at) : '';
    line.querySelector('[data-keep-take]').addEventListener('click', () => { leave(line); take(of, text); });
    line.querySelector('[data-keep-drop]').addEventListener('click', () => { leave(line); wipe(of); });
    line.hidden = box.hidden = false;
    offer.before(line);
  };
  if (form.dataset.keepBack) { isTouched = true; write(); }  // it came back as it was sent, and is not stored yet
  others().map((of) => [of, read(of)]).sort(([, one], [, two]) => (two?.at ?? 0) - (one?.at ?? 0)).forEach(([of, text]) => show(of, text));

  form.addEventListener('input', () => {
    isTouched = true;
    write();
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  });
  window.addEventListener('online', send);
  // app.js wipes it on the page that says that it is stored.
  form.addEventListener('submit', (event) => {
    // Without a network the browser would show its own error page instead of what was written.
    if (!navigator.onLine) { event.preventDefault(); isLeaving = false; write(); tell(status.dataset.offline); status.scrollIntoView({ block: 'center' }); return; }
    isLeaving = true; clearTimeout(timer); write();
    if (!flight) return;
    // A save on its way would be born beside the record: its answer is waited for, and goes along.
    event.preventDefault();
    tell(status.dataset.sending);
    if (isWaiting) return;
    isWaiting = true;
    const { submitter } = event;
    Promise.race([flight, new Promise((done) => { setTimeout(done, PATIENCE); })]).then(() => {
      isWaiting = false; flight = null;
      form.requestSubmit(submitter);
    });
  });
  // Back from the page that followed: what is typed now is saved again.
  window.addEventListener('pageshow', () => { isLeaving = false; });
})();
