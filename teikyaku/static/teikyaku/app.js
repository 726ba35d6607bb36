/* Small comforts. Every page works without this file. */
(() => {
  'use strict';
  const KEYS_OFF = 'teikyaku.keys.off';
  const popovers = () => document.querySelectorAll(':is([data-popover], .site-nav details)[open]');

  // A menu closes when one looks elsewhere.
  document.addEventListener('click', (event) => {
    popovers().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // After a refused form the list of errors is read first.
  document.querySelector('[data-error-summary]')?.focus();

  // Parts that are rarely read come open, and closed where the page is narrow.
  if (matchMedia('(max-width: 47.99rem)').matches) {
    document.querySelectorAll('[data-folds-on-phone]').forEach((fold) => { fold.open = false; });
  }

  // What a folded filter is set to, in its one line.
  const chosen = (field) => {
    if (field.matches('select')) return field.value && field.selectedOptions[0].text;
    if (field.matches('[type=checkbox], [type=radio]')) return field.checked && field.closest('label')?.textContent.trim();
    const [, year, month, day] = field.value.match(/^(\d{4})-(\d\d)(?:-(\d\d))?$/) ?? [];
    return year ? `${year}年${+month}月${day ? `${+day}日` : ''}` : field.value;
  };
  document.querySelectorAll('[data-chosen]').forEach((place) => {
    const fields = [...place.closest('details').querySelectorAll('select, input:not([type=hidden])')];
    place.textContent = fields.map(chosen).filter(Boolean).join('・');
  });

  // A link to a reason opens what it is folded into (browsers that do so by themselves included).
  const unfold = () => {
    const goal = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = [];
    for (let at = goal; at; at = at.parentElement) if (at.matches('details:not([open])')) closed.push(at);
    closed.forEach((fold) => { fold.open = true; });
    if (closed.length) closed[0].scrollIntoView({ block: closed[0].matches('.panel') ? 'start' : 'center' });
  };
  window.addEventListener('hashchange', unfold);
  unfold();

  // A list that follows its filter: where the answer is another page (signed out meanwhile), go there.
  document.addEventListener('htmx:beforeSwap', (event) => {
    const answered = new URL(event.detail.xhr.responseURL);
    if (answered.pathname === location.pathname) return;
    event.detail.shouldSwap = false;
    location.assign(answered);
  });

  // A second press while the first is under way does nothing.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.getAttribute('method') !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener('pageshow', () => {
    document.querySelectorAll('form[data-sent]').forEach((form) => { delete form.dataset.sent; });
  });

  // Texts that forms keep on this device (keep.js): gone once stored, after a day, and on sign-out.
  const STORED = '#stored', DAY = 24 * 60 * 60 * 1000;
  const sweep = (isGone) => {
    let keys = [];
    try { keys = Object.keys(localStorage).filter((key) => key.startsWith('teikyaku.text.')); } catch { /* private window */ }
    for (const key of keys) {
      let text = null;
      try { text = JSON.parse(localStorage.getItem(key)); } catch { /* nobody can read it again: gone */ }
      if (!text || isGone(text, key)) localStorage.removeItem(key);
    }
  };
  const isStored = location.hash === STORED || location.hash.startsWith(`${STORED}=`);
  // Only the text that the address names: what waits elsewhere is not stored yet.
  const stored = isStored ? location.hash.slice(STORED.length + 1) : '';
  sweep((text, key) => (stored && key.endsWith(`.${stored}`)) || !(Date.now() - text.at <= DAY));
  if (isStored) history.replaceState(null, '', location.pathname + location.search);
  document.addEventListener('submit', (event) => {
    if (event.target.getAttribute('action')?.endsWith('/logout/')) sweep(() => true);
  });

  // A file above the limit is told before it travels; the server has the last word.
  document.addEventListener('change', ({ target }) => {
    const most = Number(target.dataset?.mostBytes);
    if (!most) return;
    const note = target.nextElementSibling?.matches('[data-too-large-note]')
      ? target.nextElementSibling
      : target.insertAdjacentElement('afterend', Object.assign(document.createElement('p'), { className: 'text-danger' }));
    note.setAttribute('data-too-large-note', '');
    note.setAttribute('role', 'alert');
    const large = [...target.files].filter((file) => file.size > most).map((file) => file.name);
    note.textContent = large.length ? target.dataset.tooLarge + large.join('、') : '';
  });

  // 今日, きのう …: a day that goes into its field. Without scripts it is typed.
  document.querySelectorAll('[data-days]').forEach((offers) => { offers.hidden = false; });
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('button[data-day]');
    const field = button && document.getElementById(button.dataset.for);
    if (!field) return;
    field.value = button.dataset.day;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });

  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) window.print();
  });
  // Whose page, which and when, in the margin of every printed sheet; browsers that cannot keep it at the head of the first.
  const head = document.querySelector('.print-head');
  if (head && document.adoptedStyleSheets) {
    const [place, moment] = [...head.children].map((line) => line.textContent);
    const said = (text) => `{ content: ${JSON.stringify(text)}; font-size: 8.5pt; vertical-align: middle; }`;
    const sheet = new CSSStyleSheet({ media: 'print' });
    const title = document.title.split(' | ')[0];
    sheet.replaceSync(`@page { @top-left ${said(`${place}　${title}`)} @top-right ${said(moment)} }`);
    if (sheet.cssRules[0]?.cssRules?.length) sheet.insertRule('.print-head.print-head { display: none; }', 1);
    document.adoptedStyleSheets.push(sheet);
  }
  // Where no script runs, words say how instead.
  document.querySelectorAll('[data-print][hidden]').forEach((button) => { button.hidden = false; });

  // A text to take along: the button comes where the browser can copy.
  document.querySelectorAll('[data-copy]').forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.done;
    });
  });

  // Parts that a page can do without, fetched once it is shown; a link stands beside each.
  document.querySelectorAll('[data-part]').forEach(async (place) => {
    try {
      const response = await fetch(place.dataset.part, { headers: { 'X-Part': '1' }, redirect: 'error' });
      if (response.ok) place.innerHTML = await response.text();
    } catch { /* the link is there */ }
  });

  // A filter that changes one part of the page in place; without scripts its link opens the list.
  // Without a network the page stays and says so. What leads to the whole list keeps the filter.
  document.addEventListener('click', async (event) => {
    const link = event.target.closest('a[data-into]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { into } = link.dataset;
    const status = document.querySelector(`[data-told-of="${into}"]`);
    let text;
    try {
      const response = await fetch(link.href, { headers: { 'X-Part': '1' }, redirect: 'manual' });
      if (!response.ok) { location.assign(link.href); return; }
      text = await response.text();
    } catch { status.textContent = status.dataset.offline; return; }
    status.textContent = '';
    document.getElementById(into).innerHTML = text;
    link.parentElement.querySelectorAll('a').forEach((each) => each.removeAttribute('aria-current'));
    link.setAttribute('aria-current', 'true');
    document.querySelectorAll(`[data-follows="${into}"]`).forEach((whole) => { whole.href = link.href; });
  });

  // Single-key shortcuts; each person can switch them off.
  const keysOff = () => { try { return localStorage.getItem(KEYS_OFF) === 'yes'; } catch { return true; } };
  const isTyping = (node) => node.closest('input, textarea, select, [contenteditable]');
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      popovers().forEach((menu) => { menu.open = false; menu.querySelector('summary').focus(); });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (keysOff() || isTyping(event.target)) return;
    // What the page itself offers comes before the same key in the menu.
    const keyed = `[data-key="${CSS.escape(event.key)}"]`;
    const goal = document.querySelector(`main ${keyed}`) ?? document.querySelector(keyed);
    if (!goal) return;
    event.preventDefault();
    if (goal.matches('input')) goal.focus(); else goal.click();
  });
  // Told to assistive technology while they work, and only then.
  const tellKeys = () => document.querySelectorAll('[data-key]').forEach((goal) => {
    if (keysOff()) goal.removeAttribute('aria-keyshortcuts'); else goal.setAttribute('aria-keyshortcuts', goal.dataset.key);
  });
  tellKeys();
  document.querySelectorAll('[data-keys-toggle]').forEach((button) => {
    const show = () => { button.setAttribute('aria-pressed', keysOff() ? 'false' : 'true'); tellKeys(); };
    button.hidden = false;
    show();
    button.addEventListener('click', () => {
      try { localStorage.setItem(KEYS_OFF, keysOff() ? 'no' : 'yes'); } catch { /* private window */ }
      show();
    });
  });
})();
