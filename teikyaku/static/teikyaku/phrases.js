/* 定型文: a tick puts the words in at the cursor. Without this file the form adds them when it is sent. */
(() => {
  'use strict';
  const PREFIX = 'phrases_';
  document.querySelector('form.form')?.addEventListener('change', ({ target }) => {
    if (!target.name?.startsWith(PREFIX) || !target.checked) return;
    const field = target.form.elements[target.name.slice(PREFIX.length)];
    if (!field) return;
    const text = target.closest('label').textContent.trim();
    const [start, end] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    const before = field.value.slice(0, start), after = field.value.slice(end);
    // Between words that stand there already, each phrase has a line (or a comma) of its own.
    const gap = field.matches('textarea') ? '\n' : '、';
    const joined = before && !before.endsWith(gap) ? gap : '';
    const added = joined + text + (after && !after.startsWith(gap) ? gap : '');
    if (field.maxLength > 0 && before.length + added.length + after.length > field.maxLength) return;
    field.value = before + added + after;
    target.checked = false;
    field.focus();
    field.setSelectionRange(start + joined.length + text.length, start + joined.length + text.length);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
})();
